"""Binding by code: an account to a person, a person to a unit; or to a role in the office."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.delivery import outgoing
from bot.errors import UserError
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Account, InviteCode, Membership, Person, Role, WrongCode
from bot.store import directory, erasing
from bot.store.unit_of_work import UnitOfWork
from handlers.batch import lists as batch
from handlers.filing.chat import resume_after_binding

router = Router()

# No 0/O, 1/I/L: a code is read aloud over the telephone.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE = re.compile(r"([0-9A-Za-z]{4})[-－—–\s]?([0-9A-Za-z]{4})\s*(.*)", re.DOTALL)
WRONG_TRIES = 5
CLOSED_FOR = timedelta(hours=1)
USUAL_LIFE = timedelta(days=30)
SHOWN = 10


@router.command("绑定公众号", "绑定微信", "绑定企业微信")
def bind_other_account(turn: Turn) -> Answer:
    """A code by which the same person binds the account they hold on the other platform.

    Stands before `bind`, which would take the rest of the word for a wrong code.
    """
    if turn.person is None:
        return Content(say("binding.how", units=turn.units))
    if turn.message.in_group:
        return Content(say("binding.privately"))
    code = make_code(turn.work, person_id=turn.person.id, life=timedelta(days=1))
    turn.work.audit(turn.actor, "binding.own_code", f"person:{turn.person.id}")
    return Content(say("binding.own_code", code=code))


@router.command("怎么绑定", "如何绑定", "怎么绑定？", "怎么绑", "绑定怎么弄")
def asked_how(turn: Turn) -> Answer:
    return Content(say("binding.how", units=turn.units))


@router.command("绑定码", "生成绑定码", "绑定码给", argument=True, when=lambda turn: turn.role is not None)
def code_for_unit(turn: Turn) -> Answer:
    """«绑定码 环保协会»: staff get a code to pass on to the unit's contact."""
    if CODE.fullmatch(turn.argument):
        return PASS  # a code of their own to bind with
    if turn.role == Role.VIEWER:
        raise UserError(say("review.may_not"))
    if turn.message.in_group:
        return Content(say("binding.code_privately"))
    units = [one for one in directory.find_units(turn.session, turn.argument) if one.active] if turn.argument else []
    exact = [one for one in units if one.name == turn.argument]
    units = exact or units
    if len(units) != 1:
        return Content(say("binding.code_how", units=units[:SHOWN], words=turn.argument))
    code = make_code(turn.work, unit_id=units[0].id)
    turn.work.audit(turn.actor, "binding.code", f"unit:{units[0].id}")
    return Content(say("binding.code", unit=units[0], code=code, until=turn.now + USUAL_LIFE))


@router.command("绑定单位", "绑定", argument=True)
def bind(turn: Turn) -> Answer:
    code = CODE.fullmatch(turn.argument)
    if not re.search(r"[0-9A-Za-z]", turn.argument):
        # «绑定怎么弄», «绑定码在哪里领»: no code was tried.
        return Content(say("binding.how", units=turn.units))
    until = _closed_until(turn)
    if until is not None:
        return Content(say("binding.closed", until=until))
    invite = _find(turn, code[1] + code[2]) if code else None
    if invite is None:
        return _wrong(turn)
    return _accept(turn, invite)


@router.event("scan", "subscribe")
def bind_by_scan(turn: Turn) -> Answer:
    """A unit's parametric QR code carries its code as the scene."""
    code = CODE.fullmatch(turn.message.key.removeprefix("bind-")) if turn.message.key.startswith("bind-") else None
    if code is None:
        return PASS
    turn.argument = f"{code[1]}-{code[2]}"
    return bind(turn)


@router.command("我是谁", "我的单位")
def who(turn: Turn) -> Answer:
    return Content(say("binding.who", person=turn.person, units=turn.units, role=turn.role))


def make_code(
    work: UnitOfWork,
    *,
    unit_id: int | None = None,
    person_id: int | None = None,
    uses: int = 1,
    life: timedelta = USUAL_LIFE,
) -> str:
    """A new code such as ``K7QM-3F9D``, shown once: only its hash is kept."""
    code = "".join(secrets.choice(LETTERS) for _ in range(8))
    work.session.add(
        InviteCode(
            code_hash=_hash(code),
            unit_id=unit_id,
            person_id=person_id,
            uses_left=uses,
            expires_at=work.now + life,
            created_at=work.now,
        )
    )
    return f"{code[:4]}-{code[4:]}"


def _hash(code: str) -> str:
    return hashlib.sha256(code.upper().encode()).hexdigest()


def _find(turn: Turn, code: str) -> InviteCode | None:
    wish = select(InviteCode).where(
        InviteCode.code_hash == _hash(code), InviteCode.uses_left > 0, InviteCode.expires_at > turn.now
    )
    return turn.session.scalars(wish.with_for_update()).first()


def _closed_until(turn: Turn) -> datetime | None:
    """When this account may try again, where it has been wrong too often."""
    count, oldest = _wrong_tries(turn)
    return oldest + CLOSED_FOR if count >= WRONG_TRIES and oldest else None


def _wrong_tries(turn: Turn) -> tuple[int, datetime | None]:
    """How often this account was wrong of late, and the first time; also before its owner left and came back."""
    account, since = turn.account, turn.now - CLOSED_FOR
    left = (
        select(Account.id, Account.external_id)
        .join(WrongCode, WrongCode.account_id == Account.id)
        .where(Account.channel == account.channel, Account.external_id.startswith(erasing.PREFIX))
        .where(WrongCode.at > since)
        .distinct()
    )
    same = [one for one, mark in turn.session.execute(left) if mark == erasing.mark_of(one, account.external_id)]
    wish = select(func.count(), func.min(WrongCode.at)).where(
        WrongCode.account_id.in_([account.id, *same]), WrongCode.at > since
    )
    count, oldest = turn.session.execute(wish).one()
    return count, oldest


def _wrong(turn: Turn) -> Content:
    turn.session.add(WrongCode(account_id=turn.account.id, at=turn.now))
    turn.session.flush()
    turn.work.audit(turn.actor, "binding.wrong_code", f"account:{turn.account.id}")
    until = _closed_until(turn)
    if until is None:
        left = WRONG_TRIES - _wrong_tries(turn)[0]
        return Content(say("binding.wrong", left=left))
    text = say("binding.staff_told", place="群里" if turn.message.in_group else "私聊", account=turn.account.id)
    key = f"binding:closed:{turn.account.id}:{turn.now.timestamp():.0f}"
    outgoing.to_staff(turn.work, Content(text), key=key, roles=directory.APPROVING)
    return Content(say("binding.closed", until=until))


def _accept(turn: Turn, invite: InviteCode) -> Content:
    person = _person_for(turn, invite)
    if invite.unit_id is not None and invite.unit is not None:
        if turn.session.get(Membership, (person.id, invite.unit_id)) is not None:
            return Content(say("binding.already", unit=invite.unit))
        turn.session.add(Membership(person_id=person.id, unit_id=invite.unit_id))
    invite.uses_left -= 1
    turn.session.flush()
    turn.forget_who()
    subject = f"unit:{invite.unit_id}" if invite.unit_id else "office"
    turn.work.audit(turn.actor, "binding.bound", subject, channel=turn.account.channel)
    done = say("binding.bound", unit=invite.unit, role=ROLES.get(turn.role) if turn.role else "", name=person.name)
    draft = (batch.resume_after_binding(turn) or resume_after_binding(turn)) if invite.unit_id else None
    if draft is None:
        return Content(done)
    return Content(f"{done}\n\n{draft.text}", card=draft.card)


ROLES = {Role.DRAFTER: "拟稿", Role.APPROVER: "审核", Role.ADMIN: "管理员", Role.VIEWER: "只读"}


def _person_for(turn: Turn, invite: InviteCode) -> Person:
    """Who this account is from now on: the person the code was made for, else the one it has been, else a new one."""
    account: Account = turn.account
    if invite.person is not None:
        account.person_id = invite.person.id
        turn.session.flush()
        return invite.person
    if turn.person is not None:
        return turn.person
    person = Person(created_at=turn.now)
    turn.session.add(person)
    turn.session.flush()
    account.person_id = person.id
    turn.session.flush()
    return person
