"""The project work group: a WeCom intelligent robot over its long connection."""
