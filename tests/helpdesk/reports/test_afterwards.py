"""What happens to answers and tickets afterwards changes the report's numbers as it changes the screens."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.access import Access
from helpdesk.delivery.worker import Courier
from helpdesk.inbox import filter, listing
from helpdesk.models import Agent, Brand, Delivery, Message, Ticket
from helpdesk.reports import overview, tickets_behind
from helpdesk.reports.measures import COUNTED, TIMED, Scope
from helpdesk.reports.period import Period
from helpdesk.reports.tickets_behind import Asked
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import close, merge, reply, split
from helpdesk.tickets.letter import written
from helpdesk.tickets.take_back import take_back
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import rows

OURS = re.compile(r'<article class="message message-ours.*?</article>', re.DOTALL)
HOLD = timedelta(seconds=10)
Numbers = dict[str, int]


@pytest.fixture
def report(database: Database, brand: Brand) -> Callable[[], Numbers]:
    """The numbers of the report; each opens as many tickets."""
    scope = Scope((brand.pk,), Period(date(2026, 1, 1), date(2026, 1, 10), ZoneInfo("Asia/Tokyo")))

    def read() -> Numbers:
        with database.read() as unit:
            found = overview.read(unit, scope)
            numbers = {name: found.volume.totals[name].now for name in (*COUNTED, "spam")}
            numbers |= {name: found.times[name].now.count for name in TIMED}
            for name, number in numbers.items():
                assert tickets_behind.behind(unit, scope, Asked(name)).count == number
        return numbers

    return read


@pytest.fixture
def screens(database: Database, access: Access, client: TestClient) -> Callable[[], Numbers]:
    """The same as an agent counts them: rows of the lists, and tickets that show an answer which has left."""

    def answered(ticket: Ticket) -> tuple[bool, bool]:
        """Whether it is, and whether somebody had asked."""
        page = client.get(f"/tickets/{ticket.key}").text
        left = any("delivery-scheduled" not in one for one in OURS.findall(page))
        return left, left and "message-theirs" in page

    def read() -> Numbers:
        with database.read() as unit:
            found = {
                view: listing.ids(unit, access, filter.parse({"view": view}), most=50)
                for view in ("all", "closed", "spam")
            }
        shown = [one for one in rows(database, Ticket) if one.pk in found["all"]]
        replied, waited = map(sum, zip(*(answered(one) for one in shown), strict=True))
        closed = len(found["closed"])
        return {
            "created": len(shown),
            "replied": replied,
            "closed": closed,
            "spam": len(found["spam"]),
            "first_response": waited,
            "resolution": closed,
        }

    return read


@pytest.fixture
def answer(database: Database, agent: Agent, files: Files) -> Callable[..., Message]:
    def post(ticket: Ticket, **given: Any) -> Message:
        with database.write() as unit:
            ours, by = unit.session.get_one(Ticket, ticket.pk), unit.session.get_one(Agent, agent.pk)
            return reply.post(unit, ours, written("明日届きます。", **given), by=by, files=files)

    return post


@pytest.fixture
def courier(database: Database, files: Files, seal: Seal, settings: Settings) -> Courier:
    return Courier(database, files, seal, settings)


def test_a_scheduled_answer_counts_when_it_leaves(
    deliver: Deliver, database: Database, clock: StandingClock, answer: Callable[..., Message],
    courier: Courier, report: Callable[[], Numbers], screens: Callable[[], Numbers],
) -> None:  # fmt: skip
    deliver()
    (ticket,) = rows(database, Ticket)
    answer(ticket, at=clock.now + timedelta(hours=20))
    assert report() == screens()
    assert report()["replied"] == report()["first_response"] == 0
    clock.advance(hours=20)
    asyncio.run(courier.drain())
    assert report() == screens()
    assert report()["replied"] == report()["first_response"] == 1


def test_an_answer_taken_back_was_never_given(
    deliver: Deliver, database: Database, agent: Agent, answer: Callable[..., Message],
    report: Callable[[], Numbers], screens: Callable[[], Numbers],
) -> None:  # fmt: skip
    deliver()
    (ticket,) = rows(database, Ticket)
    sent = answer(ticket, hold=HOLD, close=True)
    assert report() == screens()
    assert [report()[name] for name in ("replied", "closed", "resolution")] == [1, 1, 1]
    with database.write() as unit:
        delivery = unit.session.exec(select(Delivery).where(Delivery.message_id == sent.pk)).one()
        take_back(unit, unit.session.get_one(Ticket, ticket.pk), delivery, by=agent)
    assert report() == screens()
    assert [report()[name] for name in ("replied", "closed", "resolution")] == [0, 0, 0]


def test_tickets_merged_and_split_count_as_many_as_there_are(
    deliver: Deliver, database: Database, clock: StandingClock, answer: Callable[..., Message],
    report: Callable[[], Numbers], screens: Callable[[], Numbers],
) -> None:  # fmt: skip
    for number in range(3):
        deliver(f"質問 {number}", message_id=f"<m{number}@example.jp>", subject=f"件名 {number}", date="")
        clock.advance(minutes=5)
    first, second, third = rows(database, Ticket)
    answer(second)
    answer(third, close=True)
    assert report() == screens()
    assert [report()[name] for name in COUNTED] == [3, 2, 1]
    with database.write() as unit:
        get = unit.session.get_one
        row = merge.merge(unit, get(Ticket, second.pk), get(Ticket, first.pk), by=None)
    assert report() == screens()
    assert [report()[name] for name in COUNTED] == [2, 2, 1]
    moved = next(one for one in rows(database, Message) if one.reply == "質問 1")
    with database.write() as unit:
        split.split(unit, unit.session.get_one(Ticket, first.pk), [moved.key], by=None)
    assert report() == screens()
    assert [report()[name] for name in COUNTED] == [3, 2, 1]
    with database.write() as unit:
        merge.undo(unit, unit.session.merge(row), by=None)
        close.mark_spam(unit, unit.session.get_one(Ticket, third.pk), by=None)
    assert report() == screens()
    assert [report()[name] for name in (*COUNTED, "spam")] == [3, 1, 0, 1]
