"""Pages for staff without any script: what they are made with, and what their headers allow."""

from jinja2 import Environment, PackageLoader

from bot.rules.wording import format_day, visible

STYLE = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("bot.web", "templates"),
        autoescape=True,
        finalize=lambda one: visible(one) if type(one) is str else one,
    )
    made.filters["moment"] = lambda moment: f"{format_day(moment)} {moment:%H:%M}"
    return made


PAGES = _environment()
