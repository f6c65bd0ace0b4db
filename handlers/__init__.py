"""What the bot does with a message, a file per topic."""
