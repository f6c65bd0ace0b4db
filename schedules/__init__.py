"""What the bot does by the clock, a file per topic. Importing this package registers every schedule."""
