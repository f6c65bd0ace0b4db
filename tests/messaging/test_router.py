"""Routes and what is put around them."""

from collections.abc import Callable
from typing import Any

from bot.messaging.router import PASS, Answer, Rest, Router
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from tests.office import Office


def answering(*words: str) -> Router:
    router = Router()

    @router.command(*words)
    def answer(turn: Turn) -> Answer:
        return Content(f"答：{turn.text}")

    return router


def said(make_office: Callable[..., Office], routers: list[Router], text: str) -> str | None:
    answer = make_office(routers=routers).say("limin", text)
    return answer.text if answer else None


def test_wrapper_is_called_instead_of_the_routes_and_may_call_them(make_office: Callable[..., Any]) -> None:
    outer = Router()

    @outer.around(lambda turn: "加" in turn.text)
    def wrap(turn: Turn, rest: Rest) -> Content | None:
        inner = rest(turn)
        return Content(f"〔{inner.text if inner else '无'}〕")

    routers = [answering("加", "不"), outer]
    office = make_office(routers=routers)
    assert office.say("limin", "加").text == "〔答：加〕"
    assert office.say("limin", "加什么").text == "〔无〕"
    assert office.say("limin", "不").text == "答：不"


def test_wrappers_stand_around_each_other_in_the_routers_order(make_office: Callable[..., Any]) -> None:
    def marking(mark: str) -> Router:
        router = Router()

        @router.around(lambda turn: True)
        def wrap(turn: Turn, rest: Rest) -> Content | None:
            inner = rest(turn)
            return Content(f"{mark}{inner.text if inner else ''}{mark}")

        return router

    assert said(make_office, [marking("甲"), answering("好"), marking("乙")], "好") == "甲乙答：好乙甲"


def test_handler_that_passes_leaves_the_message_to_the_next(make_office: Callable[..., Any]) -> None:
    passing = Router()

    @passing.command("好")
    def none_of_mine(turn: Turn) -> Answer:
        return PASS

    assert said(make_office, [passing, answering("好")], "好") == "答：好"
    assert said(make_office, [passing], "好") is None
