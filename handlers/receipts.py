"""The platform's word, some time later, on what became of a mass send or a template message."""

from sqlalchemy import select

from bot.delivery.doubt import tell_staff
from bot.messaging.router import Answer, Router
from bot.messaging.turn import Turn
from bot.model import Delivery, DeliveryState

router = Router()

GOOD = ("send success", "sendsuccess", "success")


@router.event("mass_finished", "template_finished")
def finished(turn: Turn) -> Answer:
    detail = turn.message.detail
    method = "mass" if turn.message.event == "mass_finished" else "template"
    wish = select(Delivery).where(Delivery.method == method, Delivery.platform_id == detail.get("msg_id", ""))
    row = turn.session.scalars(wish).first() if detail.get("msg_id") else None
    if row is None:
        return None
    status = detail.get("status", "")
    if status.lower() in GOOD:
        row.state = DeliveryState.SENT
        missed = detail.get("error_count", "0")
        row.error = f"平台报告 {missed} 人未送达" if missed not in ("", "0") else ""
    else:
        row.state, row.error = DeliveryState.FAILED, f"平台报告：{status[:100]}"
        tell_staff(turn.work, row)
    return None
