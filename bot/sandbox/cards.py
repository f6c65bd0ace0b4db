"""Template cards: what the platform accepts, and how a card looks in a chat.

The real codes for most of these refusals are not documented; they all come as 40058 with the reason in words.
"""

import re
from collections.abc import Iterable
from typing import Any

from bot.sandbox.refusals import Refusal

KINDS = {"text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction"}
INTERACTIVE = {"button_interaction", "vote_interaction", "multiple_interaction"}
WEBHOOK_KINDS = {"text_notice", "news_notice"}
TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
KEY_LIMIT = 1024  # bytes
OPTION_LIMIT = 128  # bytes


def check_card(card: Any, kinds: Iterable[str] = KINDS) -> dict[str, Any]:
    """The card itself when the platform would take it, else a refusal that says what is wrong."""
    if not isinstance(card, dict):
        raise Refusal(40058, "template_card missing")
    kind = card.get("card_type")
    _need(isinstance(kind, str) and kind in kinds, f"card_type {kind!r}")
    title = _part(card, "main_title")
    _need(bool(title.get("title")) or bool(card.get("sub_title_text")), "main_title.title or sub_title_text missing")
    task_id = card.get("task_id")
    if kind in INTERACTIVE or "action_menu" in card:
        _need(bool(task_id), "task_id missing")
    if task_id is not None:
        _need(isinstance(task_id, str) and bool(TASK_ID.fullmatch(task_id)), "task_id: 1 to 128 of 0-9a-zA-Z_-@")
    for row in _rows(card, "horizontal_content_list", 0, 6):
        _need(bool(row.get("keyname")), "horizontal_content_list.keyname missing")
        _need(row.get("type") != 1 or bool(row.get("url")), "horizontal_content_list.url missing")
        _need(row.get("type") != 3 or bool(row.get("userid")), "horizontal_content_list.userid missing")
    for row in _rows(card, "jump_list", 0, 3):
        _need(bool(row.get("title")), "jump_list.title missing")
        _need(row.get("type") != 1 or bool(row.get("url")), "jump_list.url missing")
    for row in _rows(card, "vertical_content_list", 0, 4):
        _need(bool(row.get("title")), "vertical_content_list.title missing")
    if "card_action" in card:
        action = _part(card, "card_action")
        _need(action.get("type", 0) in (0, 1, 2), "card_action.type")
        _need(action.get("type") != 1 or bool(action.get("url")), "card_action.url missing")
    if "action_menu" in card:
        _keyed(_rows(_part(card, "action_menu"), "action_list", 1, 3), "key", KEY_LIMIT)
    _check_interaction(str(kind), card)
    return card


def check_webhook_card(card: Any) -> dict[str, Any]:
    """As `check_card`, for the one-way robot: no buttons, and the jump of the whole card is required."""
    checked = check_card(card, WEBHOOK_KINDS)
    _need(_part(checked, "card_action").get("type") in (1, 2), "card_action missing")
    return checked


def _check_interaction(kind: str, card: dict[str, Any]) -> None:
    if kind == "button_interaction":
        _keyed(_rows(card, "button_list", 1, 6), "key", KEY_LIMIT)
        if "button_selection" in card:
            _check_choice(_part(card, "button_selection"), 10)
    elif kind == "vote_interaction":
        _check_choice(_part(card, "checkbox"), 20)
        _keyed([_part(card, "submit_button")], "key", KEY_LIMIT)
    elif kind == "multiple_interaction":
        lists = _rows(card, "select_list", 1, 3)
        for choice in lists:
            _check_choice(choice, 10)
        _need(len({choice["question_key"] for choice in lists}) == len(lists), "question_key repeated")
        _keyed([_part(card, "submit_button")], "key", KEY_LIMIT)


def _check_choice(choice: dict[str, Any], most: int) -> None:
    key = choice.get("question_key")
    _need(isinstance(key, str) and 0 < len(key.encode()) <= KEY_LIMIT, "question_key missing or too long")
    _keyed(_rows(choice, "option_list", 1, most), "id", OPTION_LIMIT)


def _keyed(rows: list[dict[str, Any]], key: str, limit: int) -> None:
    for row in rows:
        value = row.get(key)
        _need(isinstance(row.get("text"), str) and bool(row["text"]), "text missing")
        _need(isinstance(value, str) and 0 < len(value.encode()) <= limit, f"{key} missing or over {limit} bytes")
    _need(len({row[key] for row in rows}) == len(rows), f"{key} repeated")


def _rows(card: dict[str, Any], name: str, least: int, most: int) -> list[dict[str, Any]]:
    rows = card.get(name) or []
    _need(isinstance(rows, list) and all(isinstance(row, dict) for row in rows), f"{name} is not a list")
    _need(least <= len(rows) <= most, f"{name}: {least} to {most}")
    return list(rows)


def _part(card: dict[str, Any], name: str) -> dict[str, Any]:
    part = card.get(name) or {}
    _need(isinstance(part, dict), f"{name} is not an object")
    return dict(part)


def _need(good: bool, otherwise: str) -> None:
    if not good:
        raise Refusal(40058, otherwise)


def shown_card(card: dict[str, Any], updated: bool = False) -> dict[str, Any]:
    """The card as the control API gives it: the raw fields and the ones that every card has."""
    title = card.get("main_title") or {}
    buttons = [*card.get("button_list", []), *([card["submit_button"]] if card.get("submit_button") else [])]
    return {
        **card,
        "task_id": card.get("task_id"),
        "title": title.get("title") or card.get("sub_title_text") or "",
        "desc": title.get("desc") or (card.get("sub_title_text") or "" if title.get("title") else ""),
        "lines": [
            {"key": row.get("keyname", ""), "value": row.get("value", "")}
            for row in card.get("horizontal_content_list") or []
        ],
        "buttons": [
            {"text": button["text"], "key": button["key"], "style": button.get("style", 1)} for button in buttons
        ],
        "updated": updated,
    }


def card_text(card: dict[str, Any]) -> str:
    """The card in words, for quotes and lists of messages."""
    shown = shown_card(card)
    lines = [f"{line['key']} {line['value']}" for line in shown["lines"]]
    return "\n".join(part for part in (shown["title"], shown["desc"], *lines) if part)
