"""A message comes in while two customers are joined or parted: it ends with the right person, on both databases."""

from __future__ import annotations

from threading import Thread

import pytest
from sqlmodel import col, func, select
from starlette.testclient import TestClient

from helpdesk.customers import merge
from helpdesk.customers.identify import find_customer
from helpdesk.intake import journal
from helpdesk.intake.pipeline import Intake
from helpdesk.models import Brand, ChannelAccount, Customer, CustomerMerge, Message, Ticket
from helpdesk.store.db import Database
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import mail, rows

HANAKO, TARO = "hanako@example.jp", "taro@example.jp"
PATIENCE = 0.6  # seconds in which the other one gets as far as it can


@pytest.fixture
def joined(database: Database, brand: Brand, deliver: Deliver) -> CustomerMerge:
    """Hanako wrote, Taro wrote, and an agent took them for one."""
    deliver("こんにちは", sender=HANAKO, message_id="<h@x>")
    deliver("こんばんは", sender=TARO, message_id="<t@x>")
    with database.write() as unit:
        source, target = (find_customer(unit, brand.pk, "email", one) for one in (TARO, HANAKO))
        assert source and target
        return merge.merge(unit, source, target, by=None)


def queued(database: Database, account: ChannelAccount, raw: bytes) -> int:
    with database.write() as unit:
        event = journal.record(unit, unit.session.get_one(ChannelAccount, account.pk), raw)
        assert event
        return event.pk


def whose(database: Database, words: str) -> tuple[int, int]:
    """Of the message with these words: its customer, and that of its ticket."""
    with database.read() as unit:
        said = unit.session.exec(select(Message).where(col(Message.text).contains(words))).one()
        return said.customer_id, unit.session.get_one(Ticket, said.ticket_id).customer_id


@pytest.mark.parametrize("to", ["a new ticket", "their own", "the other's"])
def test_what_comes_while_a_merge_is_undone_is_theirs_who_wrote_it(
    database: Database, account: ChannelAccount, intake: Intake, joined: CustomerMerge, to: str
) -> None:
    """In the ticket of somebody else it stays with the ticket, as it would if it came after."""
    answers = {"a new ticket": "", "their own": "<t@x>", "the other's": "<h@x>"}[to]
    event = queued(
        database, account, mail("三通目です", sender=TARO, message_id="<n@x>", in_reply_to=answers)
    )
    with database.write() as unit:
        merge.undo(unit, unit.session.get_one(CustomerMerge, joined.pk), by=None)
        taking = Thread(target=intake.process, args=(event,))
        taking.start()
        taking.join(PATIENCE)  # it has got as far as it can
    taking.join(30)
    assert not taking.is_alive()
    written, at = whose(database, "三通目")
    owner = joined.target_id if to == "the other's" else joined.source_id
    assert at == owner
    assert written == owner
    with database.read() as unit:
        strays = select(Ticket.id).where(Ticket.customer_id == joined.source_id)
        assert len(unit.session.exec(strays).all()) == (2 if to == "a new ticket" else 1)


def test_what_comes_while_two_are_joined_stands_where_they_stand(
    database: Database, account: ChannelAccount, intake: Intake, joined: CustomerMerge
) -> None:
    with database.write() as unit:
        merge.undo(unit, unit.session.get_one(CustomerMerge, joined.pk), by=None)
    event = queued(database, account, mail("三通目です", sender=TARO, message_id="<n@x>"))
    with database.write() as unit:
        one, other = (unit.session.get_one(Customer, pk) for pk in (joined.source_id, joined.target_id))
        merge.merge(unit, one, other, by=None)
        taking = Thread(target=intake.process, args=(event,))
        taking.start()
        taking.join(PATIENCE)
    taking.join(30)
    assert whose(database, "三通目") == (joined.target_id, joined.target_id)


def test_many_messages_and_many_undoings_at_once_leave_nothing_with_the_wrong_person(
    database: Database,
    account: ChannelAccount,
    intake: Intake,
    joined: CustomerMerge,
    lead_client: TestClient,
) -> None:
    """By the agent's own button: whichever of the two loses the race does it again."""
    events = [
        queued(
            database,
            account,
            mail(f"続き{n}です", sender=TARO, message_id=f"<n{n}@x>", in_reply_to="<t@x>" if n % 2 else ""),
        )
        for n in range(8)
    ]
    workers = [Thread(target=intake.process_many, args=(events[at::2],)) for at in range(2)]
    for one in workers:
        one.start()
    assert lead_client.post(f"/customers/merges/{joined.key}/undo").status_code == 303
    for one in workers:
        one.join(60)
    with database.read() as unit:
        taro = find_customer(unit, joined.brand_id, "email", TARO)
    assert taro and taro.pk == joined.source_id
    theirs = [one for one in rows(database, Message) if one.sender["address"] == TARO]
    assert len(theirs) == 9
    assert {one.customer_id for one in theirs} == {joined.source_id}
    with database.read() as unit:
        began = select(func.min(Message.id)).group_by(col(Message.ticket_id))
        firsts = unit.session.exec(select(Message).where(col(Message.id).in_(began))).all()
        for first in firsts:  # whose first word it is, theirs is the ticket
            assert unit.session.get_one(Ticket, first.ticket_id).customer_id == first.customer_id
