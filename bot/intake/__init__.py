"""Bringing in what people sent beside words: fetched, looked at, kept."""
