"""By which way one person can be reached just now; the scarce ways come last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP
from bot.model import Account
from bot.store.unit_of_work import UnitOfWork

# Customer-service messages are allowed for 48 hours after the follower's last action; a little is kept in hand.
OPEN_WINDOW = timedelta(hours=48) - timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Way:
    """A channel, a method and an address there. ``closed`` says (in Chinese) why it leads nowhere, if so."""

    channel: str
    method: str
    recipient: str
    closed: str = ""

    @property
    def lane(self) -> str:
        """Deliveries of one lane go one after the other: a lane per platform connection."""
        return self.channel if self.channel in (WORK_GROUP, OFFICIAL_ACCOUNT) else f"{self.channel}:{self.recipient}"


NOWHERE = Way("none", "none", "", "没有可用的联系方式：未在企业微信私聊过机器人，也未关注公众号")


def way_to(work: UnitOfWork, accounts: Sequence[Account]) -> Way:
    """The best way to a person who holds these accounts."""
    settings = work.settings
    if settings.work_group:
        for account in accounts:
            if account.channel == WORK_GROUP and account.direct:
                return Way(WORK_GROUP, "push", account.external_id)
    followed = [one for one in accounts if one.channel == OFFICIAL_ACCOUNT and one.following]
    if settings.official_account and followed:
        for account in followed:
            if account.last_action_at and work.now - account.last_action_at < OPEN_WINDOW:
                return Way(OFFICIAL_ACCOUNT, "custom", account.external_id)
        if settings.official_account.template_id:
            return Way(OFFICIAL_ACCOUNT, "template", followed[0].external_id)
        return Way(
            OFFICIAL_ACCOUNT,
            "custom",
            followed[0].external_id,
            "超过 48 小时未与公众号互动，且未配置模板消息",
        )
    return NOWHERE
