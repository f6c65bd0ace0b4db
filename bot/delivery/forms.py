"""The forms of a content: which messages carry it on each channel, and how each of them reads there.

What is planned, what a preview shows and what is tried out come from here, so they are the same to the byte.
"""

from dataclasses import replace

from bot.channels.apprise import rendering as apprise
from bot.channels.group_webhook import rendering as group_webhook
from bot.channels.official_account import rendering as official_account
from bot.channels.work_group import rendering as work_group
from bot.messaging.texts import say
from bot.messaging.types import APPRISE, GROUP_WEBHOOK, OFFICIAL_ACCOUNT, WORK_GROUP, Content

SENDS_FILES = (WORK_GROUP, GROUP_WEBHOOK)


def parts(content: Content, channel: str, method: str = "push") -> list[Content]:
    """The messages that carry a content, in order; each keeps the channel's limits."""
    content = content if channel in SENDS_FILES else _files_named(content)
    if channel == WORK_GROUP:
        return work_group.parts(content)
    if channel == GROUP_WEBHOOK:
        return group_webhook.parts(content)
    if channel == OFFICIAL_ACCOUNT:
        return official_account.parts(content, method)
    return apprise.parts(content)


def shown(part: Content, channel: str, method: str = "push") -> str:
    """The words of one message, to the byte as the platform gets them."""
    if channel == WORK_GROUP:
        return work_group.shown(part)
    if channel == GROUP_WEBHOOK:
        return group_webhook.shown(part)
    return apprise.shown(part) if channel == APPRISE else official_account.shown(part, method)


def _files_named(content: Content) -> Content:
    """The content with its files in words, for a channel that sends none."""
    if content.file is not None:
        text = say("file.elsewhere", text=content.text, name=content.file.name)
        return replace(content, text=text, file=None)
    if content.files:
        held = {"text": content.text, "files": content.files, "page": content.page}
        return replace(content, text=say("file.named", **held), files=())
    return content
