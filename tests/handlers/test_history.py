"""What became of a filing: who, when, where, why, and what each version changed."""

from bot.model import Filing, FilingTransition
from tests.handlers.words import TEXT, accepted, filed, said
from tests.office import GROUP, Office


def test_history_tells_every_step_and_every_difference(town: Office) -> None:
    number = filed(town)
    town.at("2020-10-12T11:00:00")
    said(town, "limin", f"修改 {number} 人数150")
    said(town, "limin", "提交")
    town.at("2020-10-12T15:00:00")
    said(town, "czm", f"通过 {number}")
    town.at("2020-10-13T09:00:00")
    said(town, "limin", f"修改 {number} 时间改成下午两点到四点")
    said(town, "limin", "提交")
    town.at("2020-10-13T10:00:00")
    said(town, "czm", f"退回 {number} 请补充安全预案")
    town.at("2020-10-13T11:00:00")
    said(town, "limin", f"取消 {number} 因天气")
    assert said(town, "limin", f"历史 {number}").splitlines() == [
        f"{number}《垃圾分类进社区讲座》（已取消）的经过：",
        "10月12日 10:00 李敏（企业微信私聊） 提交（第 1 版）",
        "10月12日 11:00 李敏（企业微信私聊） 提交变更（第 2 版）",
        "预计：120 人 → 150 人",
        "10月12日 15:00 市科协（企业微信私聊） 同意备案",
        "10月13日 09:00 李敏（企业微信私聊） 提交变更（第 3 版）",
        "时间：10月24日（周六）09:00–11:30 → 10月24日（周六）14:00–16:00",
        "10月13日 10:00 市科协（企业微信私聊） 退回：请补充安全预案",
        "10月13日 11:00 李敏（企业微信私聊） 取消：因天气",
    ]
    assert "陈志明（企业微信私聊） 同意备案" in said(town, "wf", f"版本 {number}")


def test_history_names_the_group(town: Office) -> None:
    said(town, "limin", "报备：10月24日上午9点到11点，莞城文化广场，科普讲座，50人，李敏 13800138000", chat=GROUP)
    said(town, "limin", "提交", chat=GROUP)
    assert "李敏（工作群） 提交（第 1 版）" in said(town, "limin", "历史")  # the one just spoken of


def test_history_in_the_group_is_masked(town: Office) -> None:
    number = accepted(town)
    said(town, "limin", f"修改 {number} 负责人改成王强13900139000")
    said(town, "limin", "提交")
    answer = said(town, "limin", f"历史 {number}", chat=GROUP)
    assert "138****8000 → 139****9000" in answer
    assert "13900139000" not in answer
    assert "13900139000" in said(town, "limin", f"历史 {number}")


def test_history_is_for_those_who_may_look(town: Office) -> None:
    number = filed(town)
    assert "没有找到" in said(town, "chenjing", f"历史 {number}")
    assert "没有找到" in said(town, "stranger", f"历史 {number}")
    assert "提交（第 1 版）" in said(town, "third", f"历史 {number}")


def test_history_wants_a_number(town: Office) -> None:
    assert said(town, "chenjing", "历史") == "请写明编号，例如：历史 2020-0001"


def test_history_is_a_word_too(town: Office) -> None:
    assert "经过" not in said(town, "limin", "历史文化讲座什么时候办")


def test_draft_that_nobody_claimed_is_forgotten_but_its_end_is_on_record(town: Office) -> None:
    said(town, "stranger", TEXT)
    town.tick()  # a new installation has missed nothing: the clockwork begins here
    town.at("2020-10-20T04:00:00")
    town.tick()
    [filing] = town.rows(Filing)
    [step] = town.rows(FilingTransition)
    assert (filing.state, filing.name, filing.contact_phone) == ("cancelled", "", "")
    assert (step.before, step.after, step.account_id, step.place) == ("draft", "cancelled", None, "system")


def test_history_of_a_draft_says_how_to_go_on(town: Office) -> None:
    said(town, "limin", TEXT)
    assert "还没有提交过。回复“修改 2020-0001”可继续填写" in said(town, "limin", "历史")


def test_history_tells_what_was_changed_of_a_report(town: Office) -> None:
    number = accepted(town)
    town.at("2020-10-25T10:00:00")
    for words in (f"总结 {number} 实到135人", "实到改成130", "实到130人", "https://example.org/news/1"):
        said(town, "limin", words)
    said(town, "czm", f"存疑 {number} 补一张全景")
    said(town, "limin", f"总结 {number} 实到140人")
    assert [line.split("） ")[-1] for line in said(town, "limin", f"历史 {number}").splitlines()[3:]] == [
        "提交总结",
        "补充总结：实到 135 人 → 130 人",
        "补充总结：报道链接 0 → 1 条",
        "请补充总结：补一张全景",
        "补充总结：实到 130 人 → 140 人",
    ]
