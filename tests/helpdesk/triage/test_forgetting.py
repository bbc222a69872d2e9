"""What a customer takes back, and numbers that are nobody's business, teach nothing."""

from __future__ import annotations

from helpdesk.models import Agent, Correction, Message, Ticket
from helpdesk.social.redact import redact
from helpdesk.store.db import Database, Unit
from helpdesk.tickets import close
from helpdesk.triage import learn, lessons, versions
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import only, rows

CARD = "4111 1111 1111 1111"


def correct(database: Database, ticket: Ticket, agent: Agent) -> None:
    with database.write() as unit:
        here = unit.session.get_one(Ticket, ticket.pk)
        learn.correct_tag(unit, here, "refund", by=agent, added=True)
        learn.correct_urgency(unit, here, "high", by=agent)


def take_back(database: Database, message: Message) -> None:
    with database.write() as unit:
        redact(unit, unit.session.get_one(Message, message.pk), name=str(message.external_id))


def test_a_message_that_is_taken_back_takes_its_lessons_along(
    database: Database, ticket: Ticket, agent: Agent
) -> None:
    correct(database, ticket, agent)
    message = only(database, Message)
    assert {one.message_id for one in rows(database, Correction)} == {message.pk}
    take_back(database, message)
    assert {(one.subject, one.text) for one in rows(database, Correction)} == {("", "")}
    assert {one.kind for one in rows(database, Correction)} == {"tag_added", "urgency"}  # who did what stays
    with database.read() as unit:
        assert lessons.gather(unit, ticket.brand_id).rows == ()


def test_lessons_of_other_messages_stay(
    database: Database, ticket: Ticket, agent: Agent, deliver: Deliver
) -> None:
    first = only(database, Message)
    correct(database, ticket, agent)
    deliver("返金してください。", message_id="<2@a>", in_reply_to="<first@example.jp>")
    with database.write() as unit:
        here = unit.session.get_one(Ticket, ticket.pk)
        learn.correct_tag(unit, here, "cancel_order", by=agent, added=True)
    take_back(database, first)
    kept = sorted(rows(database, Correction), key=lambda one: one.pk)
    assert [bool(one.text) for one in kept] == [False, False, True]


def test_a_kept_tag_of_words_that_are_gone_teaches_nothing(
    database: Database, ticket: Ticket, agent: Agent
) -> None:
    with database.write() as unit:
        close.close(unit, unit.session.get_one(Ticket, ticket.pk), by=agent)
    with database.read() as unit:
        assert lessons.gather(unit, ticket.brand_id).rows
    take_back(database, only(database, Message))
    with database.read() as unit:
        assert lessons.gather(unit, ticket.brand_id).rows == ()


def test_a_model_that_learned_from_them_is_followed_by_one_that_did_not(
    database: Database, ticket: Ticket, agent: Agent, clock: StandingClock
) -> None:
    correct(database, ticket, agent)
    clock.advance(hours=15)
    with database.write() as unit:
        (asked,) = versions.ask_nightly(unit)
        asked.state, asked.through = "active", lessons.newest(unit, ticket.brand_id)
    clock.advance(days=1)
    assert nightly(database) == 0
    take_back(database, only(database, Message))
    assert nightly(database) == 1


def test_card_numbers_are_not_kept_to_learn_from(database: Database, agent: Agent, deliver: Deliver) -> None:
    deliver(f"返金はカード {CARD} にお願いします。", subject=f"カード {CARD}")
    ticket = only(database, Ticket)
    correct(database, ticket, agent)
    kept = next(one for one in rows(database, Correction) if one.kind != "urgency")
    assert "1111" not in kept.text + kept.subject and "0000 0000 0000 0000" in kept.text
    assert CARD in only(database, Message).text  # the customer's words are as they were


def test_nor_learned_from_a_ticket_that_was_closed(
    database: Database, agent: Agent, deliver: Deliver
) -> None:
    deliver(f"荷物が届きません。カードは {CARD} です。")
    with database.write() as unit:
        close.close(unit, unit.session.get_one(Ticket, only(database, Ticket).pk), by=agent)
    with database.read() as unit:
        (row,) = gathered(unit, only(database, Ticket))
    assert "1111" not in row


def gathered(unit: Unit, ticket: Ticket) -> list[str]:
    return [f"{row.subject} {row.text}" for row in lessons.gather(unit, ticket.brand_id).rows]


def nightly(database: Database) -> int:
    with database.write() as unit:
        return len(versions.ask_nightly(unit))
