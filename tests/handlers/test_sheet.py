"""The form out and in: what each row becomes, what is said, and the copy that goes back."""

import io
from collections.abc import Mapping
from datetime import date, time
from typing import Any

import openpyxl
import pytest

from bot.documents.filled_workbook import read_filled
from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import Account, Attachment, Filing, Link
from bot.store.unit_of_work import UnitOfWork
from handlers.batch import sheet
from tests.documents.forms import GOOD, filled
from tests.documents.test_bad_workbooks import CASES
from tests.office import GROUP, Office

NO_PLACE = GOOD | {"活动名称": "社区义诊科普", "活动地点": None, "活动日期": date(2020, 10, 30)}
OTHER = GOOD | {"活动名称": "低碳生活体验日", "活动日期": date(2020, 10, 25)}


@pytest.fixture
def town(office: Office) -> Office:
    office.unit("东莞市环保志愿者协会", project="垃圾分类科普进万家")
    office.unit("东莞市气象学会", project="气象防灾科普校园行")
    office.contact("limin", "李敏", "东莞市环保志愿者协会", phone="13800138000")
    office.contact("zhouyang", "周洋", "东莞市环保志愿者协会", "东莞市气象学会")
    office.staff("wf", "王芳", "drafter")
    return office


def said(office: Office, account: str, text: str, **more: str) -> str:
    answer = office.say(account, text, **more)  # type: ignore[arg-type]
    return answer.text if answer else ""


def sent_file(office: Office, account: str) -> tuple[str, openpyxl.Workbook]:
    """The newest file on its way to somebody: its name, and the workbook in it."""
    held = [one.content["file"] for one in office.outbox("answer") if one.recipient == account and one.content["file"]]
    content = office.writer.files.get(held[-1]["sha256"])
    return held[-1]["name"], openpyxl.load_workbook(io.BytesIO(content))


def bring(office: Office, account: str, content: bytes, name: str = "活动报备表.xlsx", number: int = 1) -> str:
    """A workbook that was fetched for somebody; gives what they are told."""

    def act(work: UnitOfWork) -> None:
        wish = Account.external_id == account
        held = work.session.query(Account).filter(wish).one()
        attachment = Attachment(
            account_id=held.id, channel=held.channel, message_id=f"file{number}", kind="file", name=name,
            sha256=work.files.put(content), created_at=work.now,
        )  # fmt: skip
        work.session.add(attachment)
        work.session.flush()
        sheet.take(work, attachment, read_filled(content))

    before = {one.id for one in office.outbox("answer")}
    office.do(act)
    return "\n".join(one.content["text"] for one in office.outbox("answer") if one.id not in before)


def verdicts(book: openpyxl.Workbook) -> dict[int, str]:
    """What the returned copy says of each row."""
    page = book.worksheets[0]
    at = [cell.value for cell in page[1]].index("核对结果") + 1
    return {row: str(page.cell(row, at).value) for row in range(2, page.max_row + 1) if page.cell(row, at).value}


def by_name(office: Office) -> Mapping[str, Filing]:
    return {one.name: one for one in office.rows(Filing)}


def test_template_is_made_for_the_persons_unit(town: Office) -> None:
    assert "“东莞市环保志愿者协会”的活动报备表，最多填 200 行" in said(town, "limin", "模板")
    name, book = sent_file(town, "limin")
    assert name == "活动报备表-东莞市环保志愿者协会.xlsx"
    assert "单位*" not in [cell.value for cell in book.worksheets[0][1]]
    said(town, "zhouyang", "模板")
    name, book = sent_file(town, "zhouyang")
    assert name == "活动报备表.xlsx"
    assert "单位*" in [cell.value for cell in book.worksheets[0][1]]


def test_template_asked_for_in_the_group_comes_in_direct_chat(town: Office) -> None:
    assert "已私聊发给您" in said(town, "limin", "模板", chat=GROUP)
    assert sent_file(town, "limin")
    town.contact("aming", "阿明", "东莞市气象学会", direct=False)
    assert "请先私聊我" in said(town, "aming", "模板", chat=GROUP)


def test_follower_gets_the_template_by_a_link(town: Office) -> None:
    town.contact("o-chen", "陈静", "东莞市气象学会", channel=OFFICIAL_ACCOUNT)
    assert "填好后直接把文件发回给我" in said(town, "o-chen", "模板", channel=OFFICIAL_ACCOUNT)
    [link] = town.rows(Link)
    assert (link.purpose, link.name) == ("file", "活动报备表-东莞市气象学会.xlsx")


def test_stranger_is_told_to_bind_first(town: Office) -> None:
    assert "还没有绑定实施单位" in said(town, "nobody", "模板")
    assert "还没有绑定实施单位" in bring(town, "nobody", filled(GOOD))
    assert town.rows(Filing) == []


def test_staff_get_a_form_for_everybody_and_file_nothing_themselves(town: Office) -> None:
    said(town, "wf", "模板")
    _, book = sent_file(town, "wf")
    place = book.defined_names["list_unit"].attr_text
    assert place.endswith("$2")  # both units
    assert "工作人员发来的表没有登记" in bring(town, "wf", filled(GOOD))
    assert town.rows(Filing) == []


def test_good_rows_become_drafts_and_are_submitted_together(town: Office) -> None:
    answer = bring(town, "limin", filled(GOOD, OTHER))
    assert "收到“活动报备表.xlsx”里的 2 场活动，2 场可以提交" in answer
    assert {one.origin for one in town.rows(Filing)} == {"sheet"}
    assert not any(one.content["file"] for one in town.outbox("answer"))  # nothing to mend
    assert "已提交 2 场" in said(town, "limin", "全部提交")
    filing = by_name(town)["垃圾分类进社区讲座"]
    assert (filing.attendance, filing.place, filing.town, filing.project_id) == (120, "莞城文化广场", "莞城街道", 1)


def test_faulty_row_is_named_with_its_cell_and_a_copy_goes_back(town: Office) -> None:
    answer = bring(town, "limin", filled(GOOD, NO_PLACE, OTHER))
    assert "2 场可以提交，1 行要改" in answer
    assert "第 5 行：H5（活动地点）没填（草稿 2020-0002）" in answer
    name, book = sent_file(town, "limin")
    assert name == "活动报备表-核对结果.xlsx"
    assert verdicts(book) == {
        4: "已收草稿 2020-0001",
        5: "H5（活动地点）没填（草稿 2020-0002）",
        6: "已收草稿 2020-0003",
    }
    assert book.worksheets[0]["H5"].fill.start_color.rgb == "00FFC7CE"
    assert "第 5 行已补：活动地点" in said(town, "limin", "5 地点 大步村")
    assert "已提交 3 场" in said(town, "limin", "全部提交")


def test_mended_copy_sent_back_completes_the_same_drafts(town: Office) -> None:
    bring(town, "limin", filled(GOOD, NO_PLACE | {"活动名称": None}))
    _, book = sent_file(town, "limin")
    page = book.worksheets[0]
    page["C5"], page["H5"], page["K4"] = "防震演练培训", "大步村", 150
    out = io.BytesIO()
    book.save(out)
    answer = bring(town, "limin", out.getvalue(), "活动报备表-核对结果.xlsx", 2)
    assert "2 场可以提交" in answer
    found = by_name(town)
    assert len(found) == 2
    assert (found["防震演练培训"].place, found["垃圾分类进社区讲座"].attendance) == ("大步村", 150)
    said(town, "limin", "全部提交")
    assert "2 场此前已报过" in bring(town, "limin", out.getvalue(), number=3)


def test_formula_leaves_its_row_unfinished_and_the_others_whole(town: Office) -> None:
    def formula(page: Any) -> None:
        page["K4"] = "=SUM(K5:K6)"

    answer = bring(town, "limin", filled(GOOD, OTHER, touch=formula))
    assert "第 4 行：K4（预计人数）是公式，请改成内容（草稿 2020-0001）" in answer
    assert "已提交 1 场" in said(town, "limin", "全部提交")


def test_hidden_row_is_not_taken_and_named(town: Office) -> None:
    def hide(page: Any) -> None:
        page.row_dimensions[5].hidden = True

    assert "隐藏的行没有登记：第 5 行" in bring(town, "limin", filled(GOOD, OTHER, touch=hide))
    assert len(town.rows(Filing)) == 1
    assert verdicts(sent_file(town, "limin")[1])[5] == "这一行被隐藏，没有登记"


def test_fault_in_a_column_that_need_not_be_filled_does_not_hold_the_row_back(town: Office) -> None:
    answer = bring(town, "limin", filled(GOOD | {"活动形式": "义诊", "项目": "别的项目", "主讲人": "张教授"}))
    assert "1 场可以提交" in answer
    [filing] = town.rows(Filing)
    assert (filing.kind, filing.remarks.splitlines()) == (
        "其他",
        ["活动形式：义诊", "主讲人：张教授", "项目：别的项目"],
    )


def test_late_row_takes_the_reason_of_its_column(town: Office) -> None:
    town.at("2020-10-23T10:00:00")
    answer = bring(town, "limin", filled(GOOD | {"逾期原因": "场地刚定下来"}, OTHER))
    assert "第 5 行：逾期 2 个工作日，要写原因" in answer
    assert by_name(town)["垃圾分类进社区讲座"].late_reason == "场地刚定下来"
    assert "记到 1 场" in said(town, "limin", "逾期原因 讲师改期")


def test_contact_of_two_units_says_in_the_column_whose_a_row_is(town: Office) -> None:
    said(town, "zhouyang", "模板")
    _, book = sent_file(town, "zhouyang")
    page = book.worksheets[0]
    heads = {str(cell.value).rstrip("*"): cell.column for cell in page[1]}
    for number, unit in enumerate(("东莞市气象学会", "东莞市环保志愿者协会", None), 4):
        for head, value in (GOOD | {"单位": unit, "活动名称": f"讲座{number}"}).items():
            page.cell(number, heads[head], value)
    out = io.BytesIO()
    book.save(out)
    answer = bring(town, "zhouyang", out.getvalue())
    assert "第 6 行：没写是哪个单位的" in answer
    assert [one.unit_id for one in town.rows(Filing)] == [2, 1, None]


def test_row_of_another_unit_is_kept_and_staff_are_asked(town: Office) -> None:
    town.unit("虎门科技馆")
    answer = bring(town, "zhouyang", filled(GOOD | {"单位": "虎门科技馆"}))
    assert "已请工作人员确认" in answer
    assert "虎门科技馆" in town.outbox("staff")[0].content["text"]


@pytest.mark.parametrize("case", CASES)
def test_bad_workbook_is_answered_once_and_nothing_is_taken(town: Office, case: str) -> None:
    answer = bring(town, "limin", CASES[case][0]())
    assert answer.startswith("“活动报备表.xlsx”")
    assert answer.endswith("。")
    assert town.rows(Filing) == []


def test_account_that_cannot_be_written_to_hears_on_the_persons_other_account(town: Office) -> None:
    person = town.contact("aming", "阿明", "东莞市气象学会", direct=False)

    def follow(work: UnitOfWork) -> None:
        work.session.add(Account(
            channel=OFFICIAL_ACCOUNT, external_id="o-aming", person_id=person, following=True,
            first_seen_at=work.now, last_action_at=work.now,
        ))  # fmt: skip

    town.do(follow)
    assert "H5（活动地点）没填" in bring(town, "aming", filled(GOOD, NO_PLACE))
    assert town.outbox("answer")[-1].recipient == "o-aming"


def test_two_hundred_rows_are_taken_in_bearable_time(town: Office) -> None:
    import time as clock

    rows = [GOOD | {"活动名称": f"第{n}场讲座", "开始时间": time(9 + n % 8)} for n in range(200)]
    content = filled(*[row | {"结束时间": None} for row in rows])
    began = clock.monotonic()
    assert "200 场可以提交" in bring(town, "limin", content)
    assert clock.monotonic() - began < 10
