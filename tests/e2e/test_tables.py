"""T6, T7 and the form as a file: several activities at once, over real sockets."""

import base64
import io
import time
import urllib.request
from typing import Any

import openpyxl

from bot.demo import world
from tests.documents.forms import GOOD
from tests.e2e.platform import PATIENCE, Message, Platform
from tests.handlers.test_batch import TABLE

GROUP = f"group:{world.GROUP}"
CHAIN = """#接龙 本周活动
1. 长安图书馆 科普阅读 10月25日下午3点 50人
2. 虎门科技馆 机器人体验日 10月25日全天 300人"""


def received_file(platform: Platform, userid: str, since: int) -> tuple[str, bytes]:
    """The file that the robot sends next to somebody: its name and what is in it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for one in platform.messages(since, f"direct:{userid}"):
            if one["from"] == "bot" and one["media"]:
                with urllib.request.urlopen(f"{platform.stack.sandbox_url}{one['media']['url']}", timeout=10) as answer:
                    return str(one["media"]["filename"]), answer.read()
        time.sleep(0.03)
    raise AssertionError(f"no file came: {platform.messages(since, f'direct:{userid}')}")


def send_file(platform: Platform, userid: str, content: bytes, name: str) -> None:
    media = {"type": "file", "filename": name, "base64": base64.b64encode(content).decode()}
    platform.call(f"/direct/{userid}/say", {"text": "", "media": media})


def written(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_pasted_table_becomes_drafts_of_which_the_ready_ones_are_submitted(platform: Platform) -> None:
    since = platform.last()
    answer = platform.in_group("limin", TABLE)["text"]
    assert "李敏，收到 4 场活动，3 场可以提交：第 3 行缺活动地点" in answer
    assert "13800138000" not in answer
    detail = platform.wait("direct:limin", since, text="垃圾分类讲座")
    assert "3 地点 大步村" in str(detail)
    answer = platform.in_group("limin", "全部提交")["text"]
    assert "已提交 3 场，等待备案：2020-0001、2020-0002、2020-0004" in answer
    assert "第 3 行缺活动地点（2020-0003）" in answer
    told = platform.wait("direct:wangfang", since, text="一次报备 3 场活动")["text"]
    assert "回复“通过 2020-0001 2020-0002 2020-0004”一起备案" in told
    assert "第 3 行已补：活动地点" in platform.direct("limin", "3 地点 大步村")["text"]
    assert "已提交 1 场，等待备案：2020-0003" in platform.direct("limin", "全部提交")["text"]


def test_chain_goes_under_each_units_name_and_staff_say_whose_the_other_is(platform: Platform) -> None:
    since = platform.last()
    answer = platform.in_group("chenjing", CHAIN)["text"]
    assert "第 2 行写的是“虎门科技馆”，不是您绑定的单位" in answer
    asked: Message = platform.card("direct:wangfang", since, "归到虎门科技馆")
    settled = platform.click("wangfang", asked, "归到虎门科技馆")
    assert "已归到“虎门科技馆”" in settled["card"]["desc"]
    told = platform.wait("direct:hewei", since, text="贵单位的一场活动")
    assert "2020-0002" in told["text"]
    platform.direct("chenjing", "负责人 我")
    assert "已提交 1 场，等待备案：2020-0001" in platform.direct("chenjing", "全部提交")["text"]
    assert "请问负责人是谁" in platform.direct("hewei", "修改 2020-0002")["text"]
    platform.direct("hewei", "我")
    assert "已提交 2020-0002" in platform.direct("hewei", "提交")["text"]


def test_template_goes_out_comes_back_filled_and_returns_with_its_faults(platform: Platform) -> None:
    since = platform.last()
    assert "“东莞市环保志愿者协会”的活动报备表" in platform.direct("limin", "模板")["text"]
    name, content = received_file(platform, "limin", since)
    assert name == "活动报备表-东莞市环保志愿者协会.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    heads = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
    rows: list[dict[str, Any]] = [GOOD, GOOD | {"活动名称": "社区义诊科普", "活动地点": None}]
    for number, row in enumerate(rows, 4):
        for head, value in row.items():
            sheet.cell(number, heads[head], value)
    since = platform.last()
    send_file(platform, "limin", written(book), "十月活动.xlsx")
    answer = platform.wait("direct:limin", since, text="收到“十月活动.xlsx”里的 2 场活动")["text"]
    assert "第 5 行：H5（活动地点）没填（草稿 2020-0002）" in answer
    name, content = received_file(platform, "limin", since)
    assert name == "十月活动-核对结果.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    verdict = [cell.value for cell in sheet[1]].index("核对结果") + 1
    assert sheet.cell(4, verdict).value == "已收草稿 2020-0001"
    sheet["H5"] = "大步村"
    since = platform.last()
    send_file(platform, "limin", written(book), name)
    assert "2 场可以提交" in platform.wait("direct:limin", since, text="里的 2 场活动")["text"]
    assert "已提交 2 场，等待备案：2020-0001、2020-0002" in platform.direct("limin", "全部提交")["text"]


def test_program_that_calls_itself_a_workbook_is_refused_and_nothing_is_taken(platform: Platform) -> None:
    since = platform.last()
    send_file(platform, "limin", b"MZ\x90\0" + b"\0" * 4000, "报备表.xlsx")
    platform.wait("direct:limin", since, text="报备表.xlsx")
    assert "还没有报备记录" in platform.direct("limin", "我的报备")["text"]


def test_register_of_a_month_comes_as_a_file(platform: Platform) -> None:
    platform.in_group("limin", TABLE)
    platform.in_group("limin", "全部提交")
    since = platform.last()
    assert "2020年10月共 2 条报备" in platform.direct("wangfang", "导出 本月")["text"]
    name, content = received_file(platform, "wangfang", since)
    assert name == "活动报备登记表-2020年10月.xlsx"
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["编号", "2020-0001", "2020-0002"]
    assert "138****8000" in rows[1]
