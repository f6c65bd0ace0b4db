"""Several activities in one message, as their senders meet it (T6, T7)."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messaging.types import Content
from bot.model import AuditEntry, Conversation, Filing, FilingState, Flag
from tests.office import GROUP, Office

TABLE = """序号\t活动名称\t时间\t地点\t人数\t负责人\t电话
1\t垃圾分类讲座\t10月24日9:00-11:30\t莞城文化广场\t120\t李敏\t13800138000
2\t低碳生活体验日\t10月25日14:00-16:00\t东城文化中心\t80\t李敏\t13800138000
3\t社区义诊科普\t10月30日9:00-11:00\t\t60\t张强\t13900139000
4\t防震演练培训\t11月2日9:00-10:30\t南城街道文化站\t50\t李敏\t13800138000"""
CHAIN = """#接龙 本周活动
1. 长安图书馆 科普阅读 10月25日下午3点 50人
2. 虎门科技馆 机器人体验日 10月25日全天 300人"""


@pytest.fixture
def town(office: Office) -> Office:
    """Three units, a contact each, staff of each kind."""
    for name in ("东莞市环保志愿者协会", "东莞市长安图书馆", "虎门科技馆"):
        office.unit(name, project=f"{name}科普项目")
    office.contact("limin", "李敏", "东莞市环保志愿者协会", phone="13800138000")
    office.contact("chenjing", "陈静", "东莞市长安图书馆", phone="13800138002")
    office.contact("hewei", "何伟", "虎门科技馆", phone="13800138003")
    office.staff("wf", "王芳", "drafter")
    office.staff("czm", "陈志明", "viewer")
    return office


def said(office: Office, account: str, text: str, **more: str) -> str:
    answer = office.say(account, text, **more)  # type: ignore[arg-type]
    return answer.text if answer else ""


def filings(office: Office) -> dict[str, Filing]:
    return {one.name: one for one in office.rows(Filing)}


def states(office: Office) -> list[str]:
    return [one.state for one in office.rows(Filing)]


def test_table_is_answered_line_by_line_and_the_ready_ones_are_submitted(town: Office) -> None:
    answer = town.say("limin", TABLE)
    assert isinstance(answer, Content)
    assert "收到 4 场活动，3 场可以提交" in answer.text
    assert "1 垃圾分类讲座，10月24日（周六）09:00–11:30，莞城街道 · 莞城文化广场，120 人（2020-0001）" in answer.text
    assert "第 3 行缺活动地点（2020-0003）" in answer.text
    assert "3 地点 大步村" in answer.text
    assert answer.card is not None
    assert [one.text for one in answer.card.buttons] == ["全部提交", "全部取消"]
    assert {one.origin for one in town.rows(Filing)} == {"table"}
    answer_text = said(town, "limin", "全部提交")
    assert "已提交 3 场，等待备案：2020-0001、2020-0002、2020-0004" in answer_text
    assert "第 3 行缺活动地点（2020-0003）" in answer_text
    assert states(town) == ["submitted", "submitted", "draft", "submitted"]
    [told] = [one.content["text"] for one in town.outbox("staff") if one.recipient == "wf"]
    assert told.startswith("李敏（东莞市环保志愿者协会）一次报备 3 场活动：\n2020-0001《垃圾分类讲座》10月24日（周六）")
    assert "回复“通过 2020-0001 2020-0002 2020-0004”一起备案" in told


def test_line_is_completed_by_its_number_also_a_day_later(town: Office) -> None:
    said(town, "limin", TABLE)
    said(town, "limin", "全部提交")
    town.at("2020-10-13T15:00:00")
    answer = said(town, "limin", "3 地点 麻涌镇大步村")
    assert "第 3 行已补：活动地点" in answer
    assert "回复“全部提交”提交这 1 场" in answer
    assert "已提交 1 场，等待备案：2020-0003" in said(town, "limin", "全部提交")
    assert filings(town)["社区义诊科普"].town == "麻涌镇"


@pytest.mark.parametrize(
    "words", ["3 地点 大步村", "3地点大步村", "第3行 地点：大步村", "3、会场改成大步村", "3 大步村", "地点 大步村"]
)
def test_completion_is_understood_however_it_is_put(town: Office, words: str) -> None:
    said(town, "limin", TABLE)
    assert "第 3 行已补：活动地点" in said(town, "limin", words)
    assert filings(town)["社区义诊科普"].place == "大步村"


@pytest.mark.parametrize("words", ["在长安公园", "第3个在长安公园", "3个在长安公园", "第三行的地点改成长安公园"])
def test_place_of_a_line_is_taken_and_shown(town: Office, words: str) -> None:
    said(town, "limin", TABLE)
    assert "第 3 行已补：活动地点 长安镇 · 长安公园" in said(town, "limin", words)


def test_value_that_may_be_of_several_lines_is_asked_about(town: Office) -> None:
    said(town, "limin", TABLE.replace("东城文化中心", ""))
    answer = said(town, "limin", "在长安公园")
    assert answer.splitlines() == ["“在长安公园”是哪一行的？请回复行号：", "2 低碳生活体验日", "3 社区义诊科普"]
    assert "第 3 行已补：活动地点 长安镇 · 长安公园" in said(town, "limin", "第三个")
    assert "哪一行的" in said(town, "limin", "80人")
    assert said(town, "limin", "1和4").count("预计人数 80 人") == 2


@pytest.mark.parametrize("words", ["没问题，提交", "都没问题，交吧", "好的，全部提交吧"])
def test_list_is_submitted_however_it_is_said(town: Office, words: str) -> None:
    said(town, "limin", TABLE)
    assert "已提交 3 场" in said(town, "limin", words)


def test_nod_to_a_list_is_answered_with_what_to_say(town: Office) -> None:
    said(town, "limin", TABLE)
    assert "回复“全部提交”提交这 3 场" in said(town, "limin", "没问题")
    assert "已取消这份清单里的 4 份草稿" in said(town, "limin", "算了，不报了")


def test_words_beside_a_list_are_shown_and_a_unit_that_is_unknown_is_kept(town: Office) -> None:
    table = TABLE.replace("序号", "单位").replace("\n1\t", "\n火星协会\t", 1)
    answer = said(town, "limin", f"各位领导好，\n10月科普活动安排表\n雨天改到室内举行\n{table}")
    assert "“雨天改到室内举行”没有记入任何一场" in answer
    assert "单位“火星协会”没有对上" in answer
    assert filings(town)["垃圾分类讲座"].remarks == "单位：火星协会"
    assert "第 3 行已补：备注" in said(town, "limin", "3 备注 雨天改期")


def test_several_lines_are_completed_in_one_message(town: Office) -> None:
    said(town, "limin", TABLE)
    answer = said(town, "limin", "3 地点 大步村\n1 人数 150\n2 时间 10月25日15点到17点")
    assert answer.count("已补") == 3
    found = filings(town)
    assert (found["垃圾分类讲座"].attendance, found["低碳生活体验日"].start.hour) == (150, 15)


def test_completion_that_says_nothing_is_answered_with_how(town: Office) -> None:
    said(town, "limin", TABLE)
    assert "第 3 行没有补上" in said(town, "limin", "3 人数 很多很多")


def test_all_are_cancelled_together(town: Office) -> None:
    said(town, "limin", TABLE)
    assert "已取消这份清单里的 4 份草稿" in said(town, "limin", "全部取消")
    assert set(states(town)) == {"cancelled"}
    assert "没有等着提交的清单" in said(town, "limin", "全部提交")


def test_buttons_do_what_they_say(town: Office) -> None:
    said(town, "limin", TABLE)
    answer = town.click("limin", "batch.submit")
    assert answer is not None
    assert answer.card is not None
    assert (answer.update_card, answer.card.buttons) == (True, ())
    assert states(town).count("submitted") == 3
    town.click("limin", "batch.cancel")
    assert filings(town)["社区义诊科普"].state == "cancelled"


def test_list_sent_again_makes_no_second_drafts_and_takes_what_was_mended(town: Office) -> None:
    said(town, "limin", TABLE)
    said(town, "limin", TABLE.replace("11:00\t\t60", "11:00\t大步村\t60"))
    assert len(town.rows(Filing)) == 4
    assert filings(town)["社区义诊科普"].place == "大步村"
    said(town, "limin", "全部提交")
    answer = said(town, "limin", TABLE)
    assert "第 1 行已报过（2020-0001 待备案），没有重复登记" in answer
    assert len(town.rows(Filing)) == 4


def test_late_lines_take_one_reason_for_all(town: Office) -> None:
    town.at("2020-10-23T10:00:00")
    answer = said(town, "limin", TABLE)
    assert "第 1 行逾期 2 个工作日，要写原因" in answer
    assert "逾期原因 …" in answer
    assert "已提交 1 场" in said(town, "limin", "全部提交")  # the one in November
    assert "请写明原因" in said(town, "limin", "逾期原因")
    assert "记到 2 场：第 1、2 行" in said(town, "limin", "逾期原因 场地刚定下来")
    assert "已提交 2 场" in said(town, "limin", "全部提交")
    assert filings(town)["垃圾分类讲座"].late_reason == "场地刚定下来"
    assert "没有逾期的活动" in said(town, "limin", "逾期原因 忘了")


def test_group_gets_a_short_answer_and_the_rest_follows_in_direct_chat(town: Office) -> None:
    answer = town.say("limin", TABLE, chat=GROUP)
    assert answer is not None
    assert answer.text.startswith("李敏，收到 4 场活动，3 场可以提交：第 3 行缺活动地点。明细已私聊发给您")
    assert "13800138000" not in answer.text
    assert len(answer.text) < 120
    [pushed] = town.outbox("answer")
    assert (pushed.recipient, pushed.urgent) == ("limin", True)
    assert "垃圾分类讲座" in pushed.content["text"]
    assert "已提交 3 场" in said(town, "limin", "全部提交", chat=GROUP)


def test_somebody_who_never_wrote_in_direct_chat_is_told_how_to_see_the_rest(town: Office) -> None:
    town.contact("aming", "阿明", "虎门科技馆", direct=False)
    answer = town.say("aming", TABLE, chat=GROUP)
    assert answer is not None
    assert "私聊我发一句话可看明细" in answer.text
    assert town.outbox("answer") == []


def test_chain_puts_each_line_under_its_own_unit_and_asks_staff_about_another(town: Office) -> None:
    answer = said(town, "chenjing", CHAIN)
    assert "第 2 行写的是“虎门科技馆”，不是您绑定的单位，已请工作人员确认" in answer
    first, second = town.rows(Filing)
    assert (first.unit_id, second.unit_id) == (2, None)
    assert {one.recipient for one in town.outbox("staff")} == {"wf"}
    [asked] = town.outbox("staff")
    assert "2020-0002 虎门科技馆：机器人体验日" in asked.content["text"]
    assert [one["text"] for one in asked.content["card"]["buttons"]] == ["归到虎门科技馆"]
    # The sender alone cannot file it for that unit.
    said(town, "chenjing", "负责人 我")
    assert "已提交 1 场" in said(town, "chenjing", "全部提交")
    assert states(town) == ["submitted", "draft"]


def test_staff_give_a_line_to_its_unit_whose_contact_completes_it(town: Office) -> None:
    said(town, "chenjing", CHAIN)
    answer = town.click("wf", "batch.assign:2020-0002")
    assert answer is not None
    assert "已归到“虎门科技馆”" in answer.text
    told = {one.recipient: one.content["text"] for one in town.outbox("answer")}
    assert "草稿 2020-0002：机器人体验日" in told["hewei"]
    assert "已转给“虎门科技馆”" in told["chenjing"]
    assert "没有找到" in said(town, "chenjing", "提交 2020-0002")
    said(town, "hewei", "修改 2020-0002")
    said(town, "hewei", "我")
    assert "已提交 2020-0002" in said(town, "hewei", "提交")
    assert "没有等待确认" in said(town, "wf", "归属 2020-0002")
    assert [one.action for one in town.rows(AuditEntry) if one.action == "filing.assign"] == ["filing.assign"]
    assert town.rows(Flag)[0].settled_at is not None


def test_staff_may_name_another_unit_and_hear_why_it_cannot_be(town: Office) -> None:
    town.unit("东莞市气象学会")
    said(town, "chenjing", CHAIN)
    assert "没有找到单位" in said(town, "wf", "归属 2020-0002 火星协会")
    assert "还没有绑定经办人" in said(town, "wf", "归属 2020-0002 东莞市气象学会")
    assert "只能查看" in said(town, "czm", "归属 2020-0002")
    assert "已归到“东莞市环保志愿者协会”" in said(town, "wf", "归属 2020-0002 环保志愿者协会")
    assert town.rows(Filing)[1].unit_id == 1


def test_chain_that_grows_asks_about_a_line_once_and_knows_the_others(town: Office) -> None:
    said(town, "chenjing", CHAIN)
    said(town, "chenjing", CHAIN)
    assert len(town.outbox("staff")) == 1
    assert len(town.rows(Filing)) == 2
    said(town, "chenjing", "负责人 我")
    said(town, "chenjing", "全部提交")
    answer = said(town, "hewei", CHAIN)  # the next member sends the whole list again
    assert "第 1 行已报过（2020-0001 待备案）" in answer
    assert "负责人" in answer  # of their own line


def test_unbound_sender_keeps_the_drafts_and_gets_them_back_after_binding(town: Office) -> None:
    answer = said(town, "linxiao", TABLE)
    assert "已替您保存 4 份草稿（保留 7 天）" in answer
    from handlers.binding import make_code

    code = town.do(lambda work: make_code(work, unit_id=3))
    answer = said(town, "linxiao", f"绑定 {code}")
    assert "绑定成功" in answer
    assert "收到 4 场活动，3 场可以提交" in answer
    assert "已提交 3 场" in said(town, "linxiao", "全部提交")
    assert {one.unit_id for one in town.rows(Filing)} == {3}


def test_contact_of_two_units_is_asked_once_for_all_lines(town: Office) -> None:
    town.contact("zhouyang", "周洋", "虎门科技馆", "东莞市长安图书馆")
    answer = said(town, "zhouyang", TABLE)
    assert "没写是哪个单位的" in answer
    assert "回复“单位 1”（东莞市长安图书馆）或“单位 2”（虎门科技馆）" in answer
    assert "4 场都记在“虎门科技馆”名下" in said(town, "zhouyang", "单位 2")
    assert "已提交 3 场" in said(town, "zhouyang", "全部提交")
    assert {one.unit_id for one in town.rows(Filing)} == {3}


def test_staff_who_send_a_list_file_nothing_in_a_units_name(town: Office) -> None:
    assert "工作人员不能代单位提交" in said(town, "wf", TABLE)
    assert town.rows(Filing) == []


def test_list_is_no_answer_to_a_question_about_one_activity(town: Office) -> None:
    said(town, "limin", "报备")
    assert "收到 4 场活动" in said(town, "limin", TABLE)
    assert town.rows(Conversation)[0].topic == "batch"


def test_one_of_the_list_is_changed_in_its_own_dialogue_and_the_rest_is_still_known(town: Office) -> None:
    said(town, "limin", TABLE)
    said(town, "limin", "修改 2020-0003")
    said(town, "limin", "大步村")
    answer = said(town, "limin", "全部提交")
    assert "已提交 4 场" in answer


def test_long_list_is_answered_in_one_message_of_bearable_length(town: Office) -> None:
    head, row = TABLE.split("\n")[:2]
    rows = [row.replace("1\t", f"{n}\t", 1).replace("垃圾分类讲座", f"第{n}场讲座") for n in range(1, 61)]
    answer = said(town, "limin", "\n".join([head, *rows]))
    assert "收到 60 场活动，60 场可以提交" in answer
    assert len(answer) < 2000
    answer = said(town, "limin", "全部提交")
    assert "已提交 60 场" in answer
    assert len(answer) < 400
    [told] = [one for one in town.outbox("staff") if one.recipient == "wf"]
    assert "一次报备 60 场活动" in told.content["text"]
    assert "到 2020-0060 为止" in told.content["text"]
    assert len(told.content["text"]) < 2000


def test_rows_beyond_a_hundred_are_counted_and_what_to_do_is_said(town: Office) -> None:
    head, row = TABLE.split("\n")[:2]
    rows = [row.replace("1\t", f"{n}\t", 1).replace("垃圾分类讲座", f"第{n}场讲座") for n in range(1, 131)]
    answer = said(town, "limin", "\n".join([head, *rows]))
    assert "收到 100 场活动" in answer
    assert "后面 30 场没有登记，请另发一条" in answer
    assert len(town.rows(Filing)) == 100


def test_two_activities_in_one_sentence_are_two_drafts(town: Office) -> None:
    text = "两个活动，10月30日上午9点在长安公园办垃圾分类讲座60人，10月31日上午9点在虎门科技馆办航模体验80人，负责人我"
    answer = said(town, "limin", text)
    assert "收到 2 场活动" in answer
    assert {one.contact_phone for one in town.rows(Filing)} == {"13800138000"}
    assert "第 1 行已补：预计人数 80 人" in said(town, "limin", "1 人数加二十个")
    assert "已提交 2 场" in said(town, "limin", "都没问题，交吧")
    assert [one.place for one in town.rows(Filing)] == ["长安公园", "虎门科技馆"]


def test_line_at_the_time_of_another_filing_is_asked_about(town: Office) -> None:
    said(town, "limin", "报备：10月24日上午9:30-10:30，莞城文化广场，防溺水讲座，预计20人，负责人李敏 13800138000")
    said(town, "limin", "提交")
    answer = said(town, "limin", TABLE)
    assert "第 1 行您在同一时间还报备了 2020-0001《防溺水讲座》，请确认。" in answer


def test_line_of_another_unit_is_left_to_that_unit(town: Office) -> None:
    said(town, "chenjing", CHAIN)
    said(town, "chenjing", "负责人 我")
    first, second = town.rows(Filing)
    assert (first.contact_name, second.contact_name) == ("陈静", "")


PIECES = [
    "1", "3", "第3行", "99", " ", "\n", "地点", "人数", "时间", "负责人", "我", "逾期原因", "大步村", "改成", "10月24日",
    "9点到11点", "120", "很多", "全部提交", "单位 1", "：", "、", "2020-0003", "13800138000", "\t", "\u202e", "<@all>", "提交",
]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join))
def test_whatever_is_said_about_a_list_is_answered_and_no_line_is_lost(town: Office, words: str) -> None:
    if not town.rows(Filing):
        said(town, "limin", TABLE)
    town.at(town.clock.now() + timedelta(minutes=1))  # nobody writes so much in one
    if words.strip():
        answer = said(town, "limin", words)
        assert answer
        assert "出了点问题" not in answer
        assert "<@all>" not in answer
    assert len(town.rows(Filing)) >= 4
    assert all(one.name for one in town.rows(Filing)[:4])


@pytest.mark.parametrize("words", ["1" * 400, "一二" * 200, "13800138000 " * 40 + "?"])
def test_long_row_of_figures_is_read_in_one_way_only(town: Office, words: str) -> None:
    said(town, "limin", TABLE)
    assert "哪" in said(town, "limin", "人数改成20")
    assert said(town, "limin", words)
    assert said(town, "czm", f"通过 {words}")


def test_names_from_outside_stay_words(town: Office) -> None:
    answer = said(town, "limin", TABLE.replace("垃圾分类讲座", '=HYPERLINK("http://x")<@all>讲座\u202e'))
    assert "<@all>" not in answer
    assert "\u202e" not in answer
    assert town.rows(Filing)[0].state == FilingState.DRAFT
