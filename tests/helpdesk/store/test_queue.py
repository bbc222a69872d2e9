from __future__ import annotations

from datetime import UTC, datetime, timedelta

from helpdesk.intake import journal
from helpdesk.models import ChannelAccount, InboundEvent
from helpdesk.store import queue
from helpdesk.store.db import Database
from tests.conftest import StandingClock

LEASE = timedelta(seconds=60)


def fill(database: Database, account: ChannelAccount, count: int) -> None:
    with database.write() as unit:
        row = unit.session.get_one(ChannelAccount, account.pk)
        journal.record_many(unit, row, [journal.Arrival(b"%d" % n) for n in range(count)])


def claim(database: Database, limit: int) -> list[int]:
    with database.write() as unit:
        return queue.claim(unit, InboundEvent, limit=limit, lease=LEASE)


def test_claims_do_not_overlap_and_come_oldest_first(database: Database, account: ChannelAccount) -> None:
    fill(database, account, 5)
    first, second, third = claim(database, 2), claim(database, 2), claim(database, 2)
    assert [*first, *second, *third] == sorted({*first, *second, *third})
    assert [len(first), len(second), len(third)] == [2, 2, 1]


def test_an_expired_lease_is_claimable_again(
    database: Database, account: ChannelAccount, clock: StandingClock
) -> None:
    fill(database, account, 1)
    taken = claim(database, 5)
    assert claim(database, 5) == []
    clock.advance(seconds=61)
    assert claim(database, 5) == taken


def test_back_off_grows_and_ends() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    waits = [queue.plan_retry(n, now) for n in range(1, 20)]
    given = [wait for wait in waits if wait]
    assert given == sorted(given) and len(given) == len(queue.BACK_OFF_SECONDS)
    assert waits[-1] is None
    assert queue.plan_retry(1, now, retry_after=900) == now + timedelta(seconds=900)
