"""What a message with several activities is split into."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

MOST_ROWS = 100
LONGEST_ROW = 2000


@dataclass(frozen=True)
class Row:
    """One activity of several.

    ``number``: in the sender's own counting. ``text``: the row's words, for ``understand``; of a table the cells as
    labelled lines. ``unit``: the words that say whose it is, "" where none do. ``chain``: whether it is of a list
    that people add their lines to.
    """

    number: int
    text: str
    unit: str = ""
    chain: bool = False


@dataclass(frozen=True)
class Batch(Sequence[Row]):
    """The rows of a message, at most ``MOST_ROWS``; ``left_off``: how many more there were.

    ``around``: the words that belong to none of them, such as a title, a greeting, a line of totals.
    """

    rows: tuple[Row, ...]
    left_off: int = 0
    around: str = ""

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...

    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)
