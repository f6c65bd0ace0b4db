"""Benchmarks: the bot side by side with its peers, in the same run, on the same machine."""
