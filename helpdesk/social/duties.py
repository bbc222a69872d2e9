"""The book of what is done for accounts again and again: one row for each account and duty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from helpdesk.models import AccountDuty, ChannelAccount
from helpdesk.store.db import Unit

REFUSED = "refused"  # nothing that is done: the row of calls that proved nothing


def find(unit: Unit, account_id: int, duty: str) -> AccountDuty | None:
    wanted = select(AccountDuty).where(AccountDuty.account_id == account_id, AccountDuty.duty == duty)
    return unit.session.exec(wanted).first()


def list_of(unit: Unit, account_ids: Iterable[int]) -> dict[int, dict[str, AccountDuty]]:
    """account id -> duty -> row, in one question."""
    found: dict[int, dict[str, AccountDuty]] = {one: {} for one in account_ids}
    wanted = select(AccountDuty).where(col(AccountDuty.account_id).in_(list(found)))
    for row in unit.session.exec(wanted):
        found[row.account_id][row.duty] = row
    return found


def refuse(unit: Unit, account_id: int, brand_id: int) -> None:
    """A call proved nothing: noted for whoever looks at the account, in whichever process it came."""
    unit.session.get_one(ChannelAccount, account_id, with_for_update=True)
    row = find(unit, account_id, REFUSED) or note(unit, account_id, brand_id, REFUSED)
    row.asked_at = unit.now
    unit.session.flush()


def note(unit: Unit, account_id: int, brand_id: int, duty: str) -> AccountDuty:
    """A row of something that nobody does; the caller holds the account."""
    row = AccountDuty(
        brand_id=brand_id,
        account_id=account_id,
        duty=duty,
        state="off",
        next_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(row)
    return row


def refused_at(unit: Unit, account: ChannelAccount) -> datetime | None:
    """The last call that proved nothing, unless a genuine one came since."""
    row = find(unit, account.pk, REFUSED)
    at = row.asked_at if row else None
    return at if at and (account.last_seen_at is None or at > account.last_seen_at) else None


def match(unit: Unit, account: ChannelAccount, wanted: frozenset[str]) -> None:
    """Rows for what is wanted; what is not any more rests. The account is locked: two processes make no row twice."""
    unit.session.get_one(ChannelAccount, account.pk, with_for_update=True)
    there = list_of(unit, [account.pk])[account.pk]
    for duty in sorted(wanted - there.keys()):
        unit.session.add(
            AccountDuty(
                brand_id=account.brand_id,
                account_id=account.pk,
                duty=duty,
                next_at=unit.now,
                created_at=unit.now,
            )
        )
    for duty, row in there.items():
        state = "queued" if duty in wanted else "off"
        if row.state != state:
            row.state, row.next_at = state, unit.now
    unit.session.flush()


def hasten_all(unit: Unit, account_id: int) -> None:
    """Everything of the account is done anew as soon as somebody has time."""
    _due(unit, account_id, None, unit.now)


def hasten(unit: Unit, account_id: int, duty: str, at: datetime) -> None:
    """Due at `at`, unless it is due earlier."""
    _due(unit, account_id, duty, at)


def _due(unit: Unit, account_id: int, duty: str | None, at: datetime) -> None:
    later = [col(AccountDuty.account_id) == account_id, col(AccountDuty.next_at) > at]
    if duty:
        later.append(col(AccountDuty.duty) == duty)
    unit.session.execute(
        update(AccountDuty).where(*later).values(next_at=at).execution_options(synchronize_session=False)
    )
