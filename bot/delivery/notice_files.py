"""What goes out with a notice: its pictures and files."""

from bot.messaging.types import File
from bot.model import Notice


def files_of(notice: Notice) -> tuple[File, ...]:
    """In the order in which they were sent."""
    return tuple(File(one["sha256"], one["name"], one["kind"]) for one in notice.files or ())


def pictures_of(notice: Notice) -> list[str]:
    """The contents of its pictures, in their order."""
    return [one["sha256"] for one in notice.files or () if one["kind"] == "image"]
