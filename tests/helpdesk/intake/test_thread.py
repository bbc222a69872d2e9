from __future__ import annotations

from helpdesk.channels.token import token_of
from helpdesk.intake.pipeline import Outcome
from helpdesk.models import Brand, Event, Message, Ticket
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from helpdesk.tickets import close as closing
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import only, rows


def test_an_answer_by_in_reply_to_joins_the_ticket(
    database: Database, ticket: Ticket, deliver: Deliver
) -> None:
    assert (
        deliver("まだです", message_id="<2@example.jp>", in_reply_to="<first@example.jp>") is Outcome.IMPORTED
    )
    assert only(database, Ticket).messages_count == 2


def test_the_nearest_known_reference_wins(database: Database, ticket: Ticket, deliver: Deliver) -> None:
    deliver("別件です", message_id="<other@example.jp>", subject="別件")
    deliver(
        "続き",
        message_id="<3@example.jp>",
        references="<first@example.jp> <other@example.jp> <gone@x.example>",
    )
    counts = {one.subject: one.messages_count for one in rows(database, Ticket)}
    assert counts == {"お問い合わせ": 1, "別件": 2}


def test_a_client_that_drops_references_still_threads_by_the_signed_reply_address(
    database: Database, ticket: Ticket, deliver: Deliver, seal: Seal
) -> None:
    deliver("返事", to=f"support+{token_of(ticket.key, seal)}@aoba.example", message_id="<4@example.jp>")
    assert only(database, Ticket).messages_count == 2


def test_a_forged_reply_address_opens_a_ticket_of_its_own(
    database: Database, ticket: Ticket, deliver: Deliver
) -> None:
    forged = token_of(ticket.key, Seal("another secret"))
    deliver("中身を見せて", to=f"support+{forged}@aoba.example", sender="eve@example.com")
    assert len(rows(database, Ticket)) == 2


def test_a_subject_number_counts_only_for_its_own_people(
    database: Database, ticket: Ticket, deliver: Deliver
) -> None:
    deliver("続きです", subject=f"Re: [#{ticket.number}] お問い合わせ")
    assert only(database, Ticket).messages_count == 2
    deliver("I want in", subject=f"[#{ticket.number}]", sender="eve@example.com")
    assert len(rows(database, Ticket)) == 2


def test_the_same_subject_alone_never_joins(database: Database, ticket: Ticket, deliver: Deliver) -> None:
    deliver("別の人です", sender="saburo@example.jp")
    deliver("同じ人の別の話", message_id="<new@example.jp>")
    assert len(rows(database, Ticket)) == 3


def test_a_reply_to_a_closed_ticket_reopens_it(
    database: Database, ticket: Ticket, deliver: Deliver, clock: StandingClock
) -> None:
    with database.write() as unit:
        closing.close(unit, unit.session.get_one(Ticket, ticket.pk), by=None)
    clock.advance(days=3)
    deliver("まだ届きません", in_reply_to="<first@example.jp>", message_id="<5@example.jp>", date="")
    reopened = only(database, Ticket)
    assert (reopened.status, reopened.closed_at) == ("open", None)
    assert "reopened" in [event.name for event in rows(database, Event)]


def test_a_reply_after_the_window_opens_a_linked_follow_up(
    database: Database, ticket: Ticket, deliver: Deliver, clock: StandingClock, brand: Brand
) -> None:
    with database.write() as unit:
        closing.close(unit, unit.session.get_one(Ticket, ticket.pk), by=None)
    clock.advance(days=brand.reopen_days, seconds=1)
    deliver("また壊れました", in_reply_to="<first@example.jp>", message_id="<6@example.jp>")
    old, new = rows(database, Ticket)
    assert (old.status, new.status, new.follow_up_of_id) == ("closed", "open", old.id)


def test_ids_of_another_brand_mean_nothing(
    database: Database, other_brand: Brand, ticket: Ticket, deliver: Deliver
) -> None:
    with database.write() as unit:
        foreign = unit.session.get_one(Message, only(database, Message).pk)
        foreign.brand_id = other_brand.pk
    deliver("こんにちは", in_reply_to="<first@example.jp>", message_id="<7@example.jp>")
    assert len(rows(database, Ticket)) == 2
