"""A location that somebody shows on the map: the place of the filing that is open."""

from bot.messaging.router import Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.rules.filing import OPEN
from bot.rules.understanding import Found, understand_answer
from handlers.filing import dialogue
from handlers.filing.draft import fill

router = Router()


@router.last(lambda turn: turn.message.kind == "location")
def located(turn: Turn) -> Answer:
    if not turn.message.addressed:
        return None
    filing = dialogue.current(turn)
    if filing is None or filing.state not in OPEN:
        return Content(say("location.nothing_open", units=turn.units))
    words = turn.text.strip()
    if not words:
        return Content(say("location.unnamed"))
    found = {name: one for name, one in understand_answer("place", words, turn.now).items() if isinstance(one, Found)}
    if "place" not in found:
        found["place"] = Found(words, words)
    changed = fill(turn, filing, found)
    filing.latitude, filing.longitude = _point(turn.message.detail)
    return dialogue.next_step(turn, filing, changed=changed)


def _point(detail: dict[str, str]) -> tuple[float, float] | tuple[None, None]:
    try:
        latitude, longitude = float(detail["latitude"]), float(detail["longitude"])
    except (KeyError, ValueError):
        return None, None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else (None, None)
