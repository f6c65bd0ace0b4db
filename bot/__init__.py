"""The running bot: what connects the platforms, the database and the handlers."""

__version__ = "0.1.0"
