"""By which way one person can be reached just now; the scarce ways come last."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.delivery import consents
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP
from bot.model import Account
from bot.rules.quota_plan import OPEN_WINDOW
from bot.store.unit_of_work import UnitOfWork


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


def way_to(
    work: UnitOfWork,
    accounts: Sequence[Account],
    *,
    at: datetime | None = None,
    agreed: Mapping[int, int] | None = None,
    without: Collection[tuple[str, str]] = (),
) -> Way:
    """The best way to a person who holds these accounts.

    ``at``: when it will go, if not now. ``agreed``: account → consents to subscription notices, where they have been
    looked up. ``without``: methods and addresses that are no ways.
    """
    ways = _ways(work, accounts, at or work.now, agreed)
    return next((way for way in ways if (way.method, way.recipient) not in without or way.closed), NOWHERE)


def _ways(
    work: UnitOfWork, accounts: Sequence[Account], at: datetime, agreed: Mapping[int, int] | None
) -> Iterator[Way]:
    """Every way, the best first; where the official account leads nowhere, last the reason."""
    settings = work.settings
    if settings.work_group:
        yield from (Way(WORK_GROUP, "push", one.external_id) for one in accounts if _speaks(one))
    followed = [one for one in accounts if one.channel == OFFICIAL_ACCOUNT and one.following]
    if not settings.official_account or not followed:
        return
    for account in followed:
        if account.last_action_at and at - account.last_action_at < OPEN_WINDOW:
            yield Way(OFFICIAL_ACCOUNT, "custom", account.external_id)
    if settings.official_account.template_id:
        yield from (Way(OFFICIAL_ACCOUNT, "template", one.external_id) for one in followed)
    if settings.official_account.subscription_template_id:
        held = consents.left(work, followed) if agreed is None else agreed
        agreeing = [one for one in followed if held.get(one.id, 0) > 0]
        yield from (Way(OFFICIAL_ACCOUNT, consents.METHOD, one.external_id) for one in agreeing)
    first, why = followed[0].external_id, "超过 48 小时未与公众号互动，也没有可用的模板消息或订阅通知"
    yield Way(OFFICIAL_ACCOUNT, "custom", first, why)


def _speaks(account: Account) -> bool:
    return account.channel == WORK_GROUP and account.direct
