"""What the web asks of the filing page, as one thing to hand to it."""

from handlers.filing_form import choose, claim, enter, opened, page, save, submit, take_own
from handlers.filing_form_photos import add_photo, drop_photo, photo

__all__ = [
    "add_photo", "choose", "claim", "drop_photo", "enter", "opened", "page", "photo", "save", "submit", "take_own",
]  # fmt: skip
