"""Files that the office hands out and takes in: bytes in, values out; no database, no network."""
