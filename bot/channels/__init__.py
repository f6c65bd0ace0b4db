"""The platforms the bot speaks to, a folder per channel; `base` says what a channel can do."""
