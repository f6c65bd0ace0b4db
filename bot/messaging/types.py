"""What comes in and what goes out, in the bot's own words; every channel translates to and from these."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

WORK_GROUP = "work_group"
OFFICIAL_ACCOUNT = "official_account"
GROUP_WEBHOOK = "group_webhook"
APPRISE = "apprise"

CHANNEL_NAMES = {
    WORK_GROUP: "企业微信",
    OFFICIAL_ACCOUNT: "公众号",
    GROUP_WEBHOOK: "群机器人",
    APPRISE: "其他渠道",
}


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or file that came with a message and is still with the platform.

    ``kind``: image · file · video · voice. ``source``: what the channel needs to fetch it; kept only until then.
    """

    kind: str
    source: dict[str, str]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message, click or event from a platform, already verified, decrypted and parsed.

    ``message_id`` is unique within its channel and the same when the platform repeats itself.
    """

    channel: str
    message_id: str
    account: str  # WeCom userid or official-account openid
    at: datetime  # aware; when the platform says it was sent
    kind: str = "text"  # text · voice · image · video · file · location · link · click · event · form · unknown
    text: str = ""  # what the person wrote (without the @mention), or the transcript of a voice message
    chat: str = ""  # the group's chatid; empty in a direct conversation
    addressed: bool = True  # in a group: whether the bot was mentioned
    event: str = ""  # subscribe · unsubscribe · scan · menu · enter_chat · mass_finished · template_finished · …
    key: str = ""  # key of the button or menu entry, or the scene of a QR code
    task_id: str = ""  # of the card that was clicked
    quoted: str = ""  # text of the message that this one quotes
    media: tuple[Media, ...] = ()  # the pictures and files that came with it
    detail: dict[str, str] = field(default_factory=dict)  # what only some events carry, e.g. msg_id and status of a job

    @property
    def in_group(self) -> bool:
        return bool(self.chat)


@dataclass(frozen=True, slots=True)
class File:
    """A file to send, by its place in the file store (``sha256``). ``name``: with its ending, as the person sees it.

    ``kind``: file · image (shown as a picture).
    """

    sha256: str
    name: str
    kind: str = "file"


@dataclass(frozen=True, slots=True)
class Article:
    """What the official account shows as an article of its own.

    ``html``: clean already; a picture stands in it as ``picture:<sha256>`` until the platform has given it an address.
    ``cover`` and ``pictures``: their places in the file store. ``source_url``: where «阅读原文» below it leads.
    """

    title: str
    digest: str
    html: str
    cover: str
    pictures: tuple[str, ...] = ()
    source_url: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a card. ``text`` can also be typed by those whose channel shows no buttons."""

    text: str
    key: str
    style: str = "plain"  # primary · plain · danger


@dataclass(frozen=True, slots=True)
class Card:
    """A card with buttons; ``task_id`` is unique to the card, and names it when a button is clicked."""

    title: str
    task_id: str
    buttons: tuple[Button, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """Something to say: Markdown text, perhaps with a card, for one conversation.

    ``update_card``: on a click, replace the clicked card by ``card`` (or by its title alone when it has no buttons).
    ``update_for``: the userids whose view of the card changes; empty for everybody's.
    ``file``: of a push only: sent by itself, after the text, where the channel can send files.
    ``files``: of a push only, until it is divided into messages: what belongs to it.
    ``article``: what the official account sends instead of the text where it sends to many.
    ``title`` and ``link`` let a channel make an article, a template message or an e-mail of it.
    ``page``: where its whole text and its files can be had; often the link, but that may lead to a place of others.
    ``unit``: whose affair it is, where a template message names it.
    ``optional``: of an answer only: may stay unsaid where the group is busy, because nothing follows from it.
    ``following``: of a click's answer only: what is said next, as a message of its own beside the changed card.
    """

    text: str
    card: Card | None = None
    mentions: tuple[str, ...] = ()  # userids, or "@all"
    title: str = ""
    link: str = ""
    page: str = ""
    update_card: bool = False
    update_for: tuple[str, ...] = ()
    file: File | None = None
    files: tuple[File, ...] = ()
    article: Article | None = None
    unit: str = ""
    optional: bool = False
    following: "Content | None" = None

    def to_json(self) -> dict[str, Any]:
        """As a delivery and the inbox keep it: one message, without what only the inbox looks at."""
        # Field by field: asked for every message, and `asdict` copies what cannot change.
        held = {
            "text": self.text,
            "card": asdict(self.card) if self.card is not None else None,
            "mentions": self.mentions,
            "title": self.title,
            "link": self.link,
            "update_card": self.update_card,
            "update_for": self.update_for,
            "file": asdict(self.file) if self.file is not None else None,
            "unit": self.unit,
        }
        if self.page:
            held["page"] = self.page
        return held if self.article is None else held | {"article": asdict(self.article)}

    @classmethod
    def from_json(cls, held: dict[str, Any]) -> "Content":
        card, file, article = held.get("card"), held.get("file"), held.get("article")
        return cls(
            text=held["text"],
            card=_card(card) if card else None,
            mentions=tuple(held.get("mentions", ())),
            title=held.get("title", ""),
            link=held.get("link", ""),
            page=held.get("page", ""),
            update_card=held.get("update_card", False),
            update_for=tuple(held.get("update_for", ())),
            file=File(**file) if file else None,
            unit=held.get("unit", ""),
            article=Article(**article | {"pictures": tuple(article["pictures"])}) if article else None,
        )


def _card(held: dict[str, Any]) -> Card:
    return Card(
        title=held["title"],
        task_id=held["task_id"],
        description=held.get("description", ""),
        buttons=tuple(Button(**one) for one in held["buttons"]),
    )
