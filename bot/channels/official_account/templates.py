"""Messages that fill a template, and whether the templates of the platform are what the settings say."""

from collections.abc import Mapping
from typing import Any

from bot.channels.base import Check
from bot.channels.official_account.client import PLATFORM_HOST, ApiClient
from bot.channels.rendering import plain_text
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messaging.types import Content
from bot.rules import template_fields
from bot.settings import OfficialAccount

SUBSCRIPTION_TEMPLATES = f"{PLATFORM_HOST}wxaapi/newtmpl/gettemplate"  # no method of wechatpy, and not under cgi-bin
NAMED = {"template": "模板消息", "subscription": "订阅通知"}


def fields_of(fields: Mapping[str, str], content: Content, clock: Clock) -> dict[str, dict[str, str]]:
    """What a message puts into the fields of its template."""
    values = template_fields.values_of(content.title, plain_text(content.text), content.unit, clock.now())
    return {keyword: {"value": value} for keyword, value in template_fields.filled(fields, values).items()}


async def check(client: ApiClient, settings: OfficialAccount) -> list[Check]:
    """Whether each configured template is there, and has just the keywords that the settings fill."""
    found = []
    if settings.template_id:
        found.append(await _check(client, "template", settings.template_id, settings.template_fields))
    if settings.subscription_template_id:
        wanted = settings.subscription_template_id, settings.subscription_fields
        found.append(await _check(client, "subscription", *wanted))
    return found


async def _check(client: ApiClient, kind: str, template_id: str, fields: Mapping[str, str]) -> Check:
    name = NAMED[kind]
    try:
        there = await _templates(client, kind)
    except PlatformError as fault:
        return Check(name, False, str(fault))
    if template_id not in there:
        key = "template_id" if kind == "template" else "subscription_template_id"
        return Check(name, False, f"「official_account.{key}」不在公众号的模板库里，请到公众平台「{name}」核对")
    wanted = template_fields.places_in(there[template_id])
    missing = [one for one in wanted if one not in fields]
    strange = [one for one in fields if one not in wanted] if wanted else []
    key = f"official_account.{kind}_fields"
    if missing:
        return Check(name, False, f"模板要的关键词 {'、'.join(missing)} 没有填，请写进「{key}」")
    if faults := [why for one, source in fields.items() if (why := template_fields.fault_of(one, source))]:
        return Check(name, False, f"「{key}」{'；'.join(faults)}")
    if strange:
        return Check(
            name, False, f"模板里没有关键词 {'、'.join(strange)}，请从「{key}」去掉；模板有：{'、'.join(wanted)}"
        )
    return Check(name, True, "模板可用，关键词都对得上" if wanted else "模板可用")


async def _templates(client: ApiClient, kind: str) -> dict[str, str]:
    """The account's templates of this kind: id → content with its places."""
    if kind == "template":
        held: dict[str, Any] = await client.template.get_all_private_template()
        return {one["template_id"]: one.get("content", "") for one in held.get("template_list", [])}
    held = await client.get(SUBSCRIPTION_TEMPLATES)
    return {one["priTmplId"]: one.get("content", "") for one in held.get("data", [])}
