"""Reading JSON from outside."""

import json
from typing import Any


def parse_json(raw: str | bytes) -> Any:
    """The parsed text; half surrogate pairs become "?", since no answer could carry them on. Raises ValueError."""
    try:
        parsed = json.loads(raw)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
    if "\\ud" not in text.lower():
        return parsed
    return json.loads(json.dumps(parsed, ensure_ascii=False).encode("utf-8", "replace"))
