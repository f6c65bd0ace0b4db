"""A simulated WeChat/WeCom platform: for the demo, the tests and the benchmarks.

It speaks the platforms' own protocols, refuses what they refuse with the same codes, and misbehaves on order.
It shares nothing with the bot but the clock. Start it with ``python -m bot.sandbox``.
"""
