"""Text into the fields of a filing, each with the piece it came from; doubts become questions, never guesses."""

from bot.rules.understanding.answers import understand_answer, understand_field
from bot.rules.understanding.batch import Batch, Row, match_unit, split
from bot.rules.understanding.correction import changes_count, correction_questions, understand_correction
from bot.rules.understanding.likeness import looks_like_filing
from bot.rules.understanding.rendering import render
from bot.rules.understanding.types import FIELDS, Found, Question, Understood
from bot.rules.understanding.whole import understand

__all__ = [
    "FIELDS",
    "Batch",
    "Found",
    "Question",
    "Row",
    "Understood",
    "changes_count",
    "correction_questions",
    "looks_like_filing",
    "match_unit",
    "render",
    "split",
    "understand",
    "understand_answer",
    "understand_correction",
    "understand_field",
]
