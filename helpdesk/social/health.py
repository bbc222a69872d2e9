"""How an account stands, in one word and with reasons; and a message that proves that sending works."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import col, select

from helpdesk.channels import registry
from helpdesk.channels.care import CHECK, QUOTA, RENEW, TEMPLATES
from helpdesk.channels.opening import opened
from helpdesk.channels.protocol import Account, Kind, Outgoing, Parcel, Person
from helpdesk.channels.refusals import explain
from helpdesk.errors import HelpdeskError, Misconfigured
from helpdesk.i18n import day, told
from helpdesk.i18n import gettext as _
from helpdesk.models import AccountDuty, ChannelAccount, Contact, new_key
from helpdesk.social import duties, quota
from helpdesk.store.db import Database, Unit
from helpdesk.store.seal import Seal

SILENT_AT_FIRST = timedelta(hours=1)
SILENT_AFTER = timedelta(days=7)
ENDS_SOON = timedelta(days=7)
NEARLY = 0.9  # of a quota
TEST_SECONDS = 45.0


class Level(StrEnum):
    OK = "ok"
    NEW = "new"  # nothing is known yet
    WARNING = "warning"
    FAILING = "failing"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Problem:
    """`code`: refused, away, sending, token, hook, complaint, silent, quota or templates; `text` for the reader."""

    code: str
    text: str
    serious: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    level: Level
    problems: tuple[Problem, ...] = ()
    name: str = ""  # what the provider calls the account
    checked_at: datetime | None = None  # the last check that went well
    heard_at: datetime | None = None  # the last call of the provider
    next_at: datetime | None = None
    token_until: datetime | None = None
    quota: quota.Known | None = None


@dataclass(frozen=True, slots=True)
class Tested:
    """`words` are the provider's when it was refused, and say who has it when it was taken."""

    ok: bool
    words: str


def state_of(unit: Unit, account: ChannelAccount) -> Health:
    return list_states(unit, [account])[account.pk]


def list_states(unit: Unit, accounts: Iterable[ChannelAccount]) -> dict[int, Health]:
    """account id -> health, with one question for all."""
    rows = {one.pk: one for one in accounts}
    booked = duties.list_of(unit, rows)
    return {pk: decide(account, booked[pk], unit.now) for pk, account in rows.items()}


def decide(account: ChannelAccount, booked: Mapping[str, AccountDuty], now: datetime) -> Health:
    """Pure. Words are the provider's own where it said any."""
    rows = {name: row for name, row in booked.items() if row.state == "queued"}
    check = rows.get(CHECK)
    facts = check.data if check else {}
    left = quota.known(rows[QUOTA], now) if QUOTA in rows else None
    problems = (
        *_refused(account, check),
        *_sending(account),
        *_token(rows.get(RENEW), now),
        *_hook(account, facts, now),
        *_running_out(left),
        *_templates(rows.get(TEMPLATES)),
    )
    return Health(
        _level(account, check, problems),
        problems,
        name=str(facts.get("name") or ""),
        checked_at=check.done_at if check else None,
        heard_at=account.last_seen_at,
        next_at=check.next_at if check else None,
        token_until=_until(rows.get(RENEW)),
        quota=left,
    )


def look_again(unit: Unit, account: ChannelAccount) -> None:
    """Its settings changed, or somebody wants to know now: everything is asked anew in the background."""
    duties.hasten_all(unit, account.pk)
    unit.tell("care_due", account.brand_id, account=account.pk)


def list_people(unit: Unit, account: ChannelAccount, *, limit: int = 20) -> list[Contact]:
    """To whom a test could go: who wrote last first. Blocked ones are left out."""
    wanted = select(Contact).where(Contact.account_id == account.pk, col(Contact.blocked).is_(False))
    newest = wanted.order_by(col(Contact.acted_at).desc().nulls_last(), col(Contact.id).desc()).limit(limit)
    return list(unit.session.exec(newest))


async def send_test(
    database: Database, seal: Seal, account_id: int, to: str, *, kinds: Mapping[str, Kind] | None = None
) -> Tested:
    """One real message to `to`, by the same way as answers go; never raises. It counts at the provider as any other."""
    try:
        account = await asyncio.to_thread(_opened, database, seal, account_id)
    except HelpdeskError as error:
        return Tested(False, told(error))
    kind = (kinds or registry.kinds())[account.kind]
    try:
        tested = await _sent(account, to.strip(), kind, database.clock())
    except HelpdeskError as error:
        tested = Tested(False, _explained(account.kind, error.text))
    except TimeoutError:
        tested = Tested(False, _("the provider took too long to answer"))
    await asyncio.to_thread(_note, database, account_id, tested)
    return tested


async def _sent(account: Account, to: str, kind: Kind, now: datetime) -> Tested:
    if not to:
        return Tested(False, _("name the person who gets the test message"))
    sender = Person(account.name, account.address)
    text = _("This is a test message from %(name)s. Nothing needs to be done.", name=account.name)
    outgoing = Outgoing(id=f"test-{new_key()}", sender=sender, to=(Person("", to),), text=text, date=now)
    raw = kind.prepare(account, outgoing)
    line = kind.open(account)
    if line is None:
        raise Misconfigured(_("nothing to send with is entered yet; add the access token or key"))
    try:
        async with asyncio.timeout(TEST_SECONDS):
            receipt = await line.send(Parcel(outgoing.id, raw, (to,)))
    finally:
        await line.close()
    said = "; ".join([*receipt.refused.values(), *receipt.waiting.values()])
    if said:
        return Tested(False, _explained(account.kind, said))
    return Tested(True, _("%(kind)s took the test message", kind=account.name or account.kind))


def _opened(database: Database, seal: Seal, account_id: int) -> Account:
    with database.read() as unit:
        return opened(unit.session.get_one(ChannelAccount, account_id), seal)


def _note(database: Database, account_id: int, tested: Tested) -> None:
    """What was sent proves that sending works; what was refused may be the fault of one person alone."""
    with database.write() as unit:
        account = unit.session.get_one(ChannelAccount, account_id)
        if tested.ok and account.sending_state != "ok":
            account.sending_state, account.sending_text = "ok", ""
            unit.tell("account_changed", account.brand_id, account=account.pk)
        look_again(unit, account)


def _level(account: ChannelAccount, check: AccountDuty | None, problems: tuple[Problem, ...]) -> Level:
    if not account.active:
        return Level.PAUSED
    if any(one.serious for one in problems):
        return Level.FAILING
    if problems:
        return Level.WARNING
    if check and check.standing == "ok":
        return Level.OK
    return Level.OK if account.state == "ok" else Level.NEW


def _refused(account: ChannelAccount, check: AccountDuty | None) -> Iterable[Problem]:
    if check and check.standing == "failing":
        if check.data.get("away"):
            yield Problem(
                "away", _("The provider does not answer: %(words)s", words=check.text), serious=True
            )
        else:
            yield Problem("refused", _explained(account.kind, check.text), serious=True)


def _sending(account: ChannelAccount) -> Iterable[Problem]:
    if account.sending_state == "failing":
        yield Problem("sending", _explained(account.kind, account.sending_text), serious=True)


def _explained(kind: str, said: str) -> str:
    """What it means, where that is known, and the provider's own words."""
    return " ".join(filter(None, (explain(kind, said), said)))


def _token(renew: AccountDuty | None, now: datetime) -> Iterable[Problem]:
    until = _until(renew)
    if renew is None or renew.standing != "failing":
        return
    if until is None:
        yield Problem("token", _("The access token could not be renewed: %(words)s", words=renew.text))
    elif until <= now:
        words = _("The access token has ended; enter a new one. %(words)s", words=renew.text)
        yield Problem("token", words, serious=True)
    else:
        words = _(
            "The access token ends on %(day)s and could not be renewed: %(words)s",
            day=day(until),
            words=renew.text,
        )
        yield Problem("token", words, serious=until - now < ENDS_SOON)


def _hook(account: ChannelAccount, facts: Mapping[str, Any], now: datetime) -> Iterable[Problem]:
    """What the provider tells of its calls to us; where it tells nothing, how long it has been silent."""
    called, ours = facts.get("hook"), str(facts.get("ours") or "")
    if called is not None and ours and called != ours:
        if called:
            words = _("The provider calls another address: %(url)s. Enter ours there.", url=called)
        else:
            words = _("The provider calls nobody yet. Enter our webhook address there and switch it on.")
        yield Problem("hook", words)
    if facts.get("complaint"):
        yield Problem("complaint", _("The provider says of its calls: %(words)s", words=facts["complaint"]))
    yield from _silent(account, now)


def _silent(account: ChannelAccount, now: datetime) -> Iterable[Problem]:
    """`quiet_days` of the account says how long silence is normal; 0 means any time."""
    days = account.config.get("quiet_days")
    longest = timedelta(days=days) if isinstance(days, int | float) else SILENT_AFTER
    heard = account.last_seen_at
    if not longest:
        return
    if heard is None and now - account.created_at > SILENT_AT_FIRST:
        yield Problem("silent", _("Nothing has come in yet. Check the webhook address at the provider."))
    elif heard and now - heard > longest:
        words = _(
            "Nothing has come in since %(day)s. Check the webhook address at the provider.", day=day(heard)
        )
        yield Problem("silent", words)


def _running_out(left: quota.Known | None) -> Iterable[Problem]:
    if left is None or left.limit is None or left.used < left.limit * NEARLY:
        return
    if left.left:
        words = _("%(used)s of %(limit)s messages of this month are used.", used=left.used, limit=left.limit)
    else:
        words = _(
            "All %(limit)s messages of this month are used; only free replies still go out.", limit=left.limit
        )
    yield Problem("quota", words)


def _templates(row: AccountDuty | None) -> Iterable[Problem]:
    if row and row.standing == "failing":
        yield Problem("templates", _("The templates could not be read: %(words)s", words=row.text))


def _until(row: AccountDuty | None) -> datetime | None:
    given = row.data.get("until") if row else None
    return datetime.fromisoformat(given) if given else None
