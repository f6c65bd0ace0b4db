"""The number of a notice or of a delivery, as people say it and as an address holds it."""

# More digits than any row will have, and fewer than a column takes.
LONGEST = 9


def read_id(text: str) -> int | None:
    """``12``, ``12 `` or ``１２`` as a number; None for anything else, also for ``²``, which int() does not take."""
    digits = text.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= LONGEST else None
