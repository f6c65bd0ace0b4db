"""Every text that a user of the bot reads: Jinja blocks in the ``.j2`` files beside this one, a file per topic."""

import re
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from bot.rules.masking import mask_phone
from bot.rules.tables import without_tables
from bot.rules.wording import INVISIBLE, clipped, format_day, format_place, format_span, visible

_HARMFUL = re.compile(f"[<>`]|]\\(|{INVISIBLE}")
_QUOTED = re.compile(r"^＞[ \t]?", re.MULTILINE)  # at the head of a line it harms nobody
_WEB_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\((https?://[^\s()<>`]{1,1000})\)")


def plain(value: Any) -> Any:
    """Foreign text made harmless in group Markdown: no mentions, links, colours or code, no hidden characters."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return "" if value is None else value
    if not _HARMFUL.search(value):  # of nearly every value
        return value
    shown = visible(value)
    return shown.replace("<", "＜").replace(">", "＞").replace("](", "］(").replace("`", "｀")


def _body(value: str) -> Markup:
    """The text of a notice as `plain`, but with its links to the web: other people have approved them."""
    made, at, value = [], 0, without_tables(value)
    for found in _WEB_LINK.finditer(value):
        made += [plain(value[at : found.start()]), f"[{plain(found[1])}]({plain(found[2])})"]
        at = found.end()
    text = "".join([*made, plain(value[at:])])
    return Markup(_QUOTED.sub("> ", text))  # noqa: S704 - of group Markdown, not of HTML


def _moment(value: datetime, year: int | None = None) -> str:
    """Day and hour; with the year where it is another than ``year``."""
    shown = f"{value.month}月{value.day}日 {value:%H:%M}"
    return shown if year in (None, value.year) else f"{value.year}年{shown}"


def _lasting(value: timedelta) -> str:
    """Days; near the hour days and hours, hours, or minutes."""
    minutes = int(value.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    if not days and not hours:
        return f"{max(1, minutes)} 分钟"
    if days > 1:
        return f"{days} 天"
    return " ".join(filter(None, (f"{days} 天" if days else "", f"{hours} 小时" if hours else "")))


def _located(value: Any) -> str:
    return format_place(value.town, value.place)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.messaging", "texts"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - the output is group Markdown, not HTML; `finalize` guards it
        finalize=plain,
    )
    environment.filters.update(
        body=_body,
        day=format_day,
        span=format_span,
        moment=_moment,
        masked=mask_phone,
        clip=clipped,
        lasting=_lasting,
        located=_located,
        raw=Markup,
    )
    return environment


_ENVIRONMENT = _environment()


@cache
def _template(topic: str) -> Template:
    return _ENVIRONMENT.get_template(f"{topic}.j2")


def say(name: str, /, **values: Any) -> str:
    """The text ``topic.block``, filled in. Every value from outside is made harmless on the way."""
    topic, _, block = name.partition(".")
    template = _template(topic)
    context = template.new_context(values)
    return "".join(template.blocks[block](context)).strip()


def environment() -> Environment:
    """What the texts are read with, for those who look at the texts themselves."""
    return _ENVIRONMENT


def names() -> list[str]:
    """Every text there is, as ``topic.block``."""
    topics = sorted(name.removesuffix(".j2") for name in _ENVIRONMENT.list_templates(extensions=["j2"]))
    return [f"{topic}.{block}" for topic in topics for block in sorted(_template(topic).blocks)]
