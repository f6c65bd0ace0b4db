"""Short ways to say things in the handlers' tests, and to read what was said back."""

import shutil
from pathlib import Path

from bot.messaging.types import Content
from tests.office import Office

TEXT = "报备：10月24日上午9:00-11:30，莞城文化广场，垃圾分类进社区讲座，预计120人，负责人李敏 13800138000"


def said(office: Office, account: str, text: str, **more: str) -> str:
    """The text of the answer; empty for silence."""
    return text_of(office.say(account, text, **more))  # type: ignore[arg-type]


def pressed(office: Office, account: str, key: str, task_id: str = "task", **more: str) -> str:
    """What a click says: on the changed card, or after it."""
    answer = office.click(account, key, task_id=task_id, **more)
    following = office.outbox("answer")
    return "\n".join([text_of(answer), *[one.content["text"] for one in following[-1:]]])


def text_of(answer: Content | None) -> str:
    return answer.text if answer else ""


def filed(office: Office, text: str = TEXT, by: str = "limin") -> str:
    """Submit an activity; gives its number."""
    said(office, by, text)
    answer = said(office, by, "提交")
    assert answer.startswith("已提交"), answer
    return answer.split()[1].split("，")[0]


def accepted(office: Office, text: str = TEXT, by: str = "limin") -> str:
    """Submit an activity and have it accepted; gives its number."""
    number = filed(office, text, by)
    assert "已备案" in said(office, "czm", f"通过 {number}")
    return number


def told(office: Office, who: str) -> list[str]:
    """Everything that was pushed to somebody, the newest last."""
    return [one.content["text"] for one in office.outbox(state=None) if one.recipient == who]


def copy_of(database: Path, folder: Path) -> Path:
    """A copy of a closed SQLite file, under a name of its own."""
    path = folder / f"{len(list(folder.iterdir()))}.db"
    shutil.copy(database, path)
    return path
