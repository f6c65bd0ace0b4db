"""What is reached over HTTP: callbacks, public notices, health and metrics."""
