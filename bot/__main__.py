"""``python -m bot`` is ``kepu-bot``."""

from bot.cli import main

main()
