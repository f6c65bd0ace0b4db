"""Several activities in one message, split into rows: pasted tables, 接龙 lists, filings one after another."""

from bot.rules.understanding.batch.rows import MOST_ROWS, Batch, Row
from bot.rules.understanding.batch.splitting import said_beside, split
from bot.rules.understanding.batch.units import match_unit

__all__ = ["MOST_ROWS", "Batch", "Row", "match_unit", "said_beside", "split"]
