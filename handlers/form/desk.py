"""What the web asks of the filing page, as one thing to hand to it."""

from handlers.form.photos import add_photo, drop_photo, photo
from handlers.form.visit import choose, claim, enter, opened, page, save, submit, take_own

__all__ = [
    "add_photo", "choose", "claim", "drop_photo", "enter", "opened", "page", "photo", "save", "submit", "take_own",
]  # fmt: skip
