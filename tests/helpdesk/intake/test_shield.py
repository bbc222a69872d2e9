"""One question on several channels is one ticket, of one person alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

import classifiers
from helpdesk.customers.merge import undo as part
from helpdesk.customers.split import split_off
from helpdesk.intake import likeness
from helpdesk.intake.pipeline import Intake
from helpdesk.models import (
    Agent,
    Brand,
    Customer,
    CustomerMerge,
    Event,
    Identity,
    Merge,
    Message,
    SharedSender,
    Status,
    Ticket,
)
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from helpdesk.tickets import merge
from tests.conftest import StandingClock
from tests.helpdesk.intake.pairs import GOODS, Said, every_wording, pairs
from tests.helpdesk.intake.played import play
from tests.helpdesk.intake.ways import Person, Ways
from tests.helpdesk.stories import rows

LATE = "注文AB-10001の荷物がまだ届きません。いつ届きますか？"
LATE_TOO = "AB-10001、まだ届かないんですが今どこですか"
RECEIPT = "領収書を発行してください。AB-10001です"


@pytest.fixture
def ways(database: Database, brand: Brand, seal: Seal, intake: Intake) -> Ways:
    return Ways(database, brand, seal, intake).open()


@pytest.fixture
def hanako(ways: Ways) -> Person:
    """Known to the shop by mail, on LINE, and signed in on its pages."""
    person = ways.person(visits=True)
    ways.known(person, "line", "chat")
    return person


def _wish(ways: Ways, wish: str) -> None:
    with ways.database.write() as unit:
        unit.session.get_one(Brand, ways.brand.pk).same_question = wish


def _events(ways: Ways, ticket: Ticket) -> list[str]:
    with ways.database.read() as unit:
        return list(unit.session.exec(select(Event.name).where(Event.ticket_id == ticket.pk)))


def _live(ways: Ways) -> list[Ticket]:
    return [one for one in rows(ways.database, Ticket) if one.status != Status.MERGED]


def test_the_same_question_by_line_joins_the_mail(ways: Ways, hanako: Person) -> None:
    by_mail = ways.say(hanako, "email", LATE)
    by_line = ways.say(hanako, "line", LATE_TOO)
    assert by_line.pk == by_mail.pk
    (ticket,) = _live(ways)
    assert (ticket.channel, ticket.messages_count, ticket.status) == ("email", 2, Status.OPEN)
    assert [(one["how"], one["channel"]) for one in ticket.asked_also] == [("joined", "line")]
    assert {"merged", "question_joined"} <= set(_events(ways, ticket))


def test_what_is_said_on_line_afterwards_stays_in_the_one_ticket(ways: Ways, hanako: Person) -> None:
    ticket = ways.say(hanako, "email", LATE)
    ways.say(hanako, "line", LATE_TOO)
    assert ways.say(hanako, "line", "もしもし？").pk == ticket.pk
    assert len(rows(ways.database, Merge)) == 1


def test_mail_line_and_chat_become_one(ways: Ways, hanako: Person) -> None:
    ways.say(hanako, "line", LATE)
    ways.say(hanako, "email", LATE_TOO)
    chat = ways.say(hanako, "chat", "AB-10001はいつ届きますか")
    (ticket,) = _live(ways)
    assert (ticket.pk, ticket.channel, ticket.messages_count) == (chat.pk, "chat", 3)


def test_a_running_chat_stays_the_chat(ways: Ways, hanako: Person) -> None:
    chat = ways.say(hanako, "chat", LATE)
    assert ways.say(hanako, "email", LATE_TOO).pk == chat.pk


def test_the_quick_lane_of_chats_asks_too(ways: Ways, hanako: Person) -> None:
    """Words of a running chat are taken in many at a time, but not those of somebody who writes elsewhere as well."""
    chat = ways.say(hanako, "chat", "こんにちは")
    ways.say(hanako, "email", LATE)
    ways.lane(hanako, LATE_TOO)
    assert [(one.pk, one.messages_count) for one in _live(ways)] == [(chat.pk, 3)]


def test_who_greets_first_asks_with_the_next_message(ways: Ways, hanako: Person) -> None:
    ticket = ways.say(hanako, "email", LATE)
    greeting = ways.say(hanako, "line", "こんにちは")
    assert greeting.pk != ticket.pk
    assert ways.say(hanako, "line", LATE_TOO).pk == ticket.pk
    assert len(_live(ways)) == 1


def test_another_question_stays_another_ticket(ways: Ways, hanako: Person) -> None:
    assert ways.say(hanako, "email", LATE).pk != ways.say(hanako, "line", RECEIPT).pk
    assert [one.asked_also for one in _live(ways)] == [[], []]


def test_another_order_is_another_question(ways: Ways, hanako: Person) -> None:
    ways.say(hanako, "email", LATE)
    ways.say(hanako, "line", LATE_TOO.replace("10001", "10002"))
    assert len(_live(ways)) == 2


def test_after_two_days_it_is_asked_anew(ways: Ways, hanako: Person, clock: StandingClock) -> None:
    ways.say(hanako, "email", LATE)
    clock.advance(hours=49)
    ways.say(hanako, "line", LATE_TOO)
    assert len(_live(ways)) == 2


def test_a_brand_may_wish_links_or_nothing(ways: Ways, hanako: Person) -> None:
    _wish(ways, "linked")
    mail, line = ways.say(hanako, "email", LATE), ways.say(hanako, "line", LATE_TOO)
    told = {one.pk: one.asked_also for one in _live(ways)}
    assert [told[mail.pk][0]["key"], told[line.pk][0]["key"]] == [line.key, mail.key]
    assert told[mail.pk][0]["how"] == told[line.pk][0]["how"] == "linked"
    assert "question_linked" in _events(ways, mail)
    assert "question_linked" in _events(ways, line)


def test_a_brand_may_wish_nothing_of_it(ways: Ways, hanako: Person) -> None:
    _wish(ways, "off")
    ways.say(hanako, "email", LATE)
    ways.say(hanako, "line", LATE_TOO)
    assert [one.asked_also for one in _live(ways)] == [[], []]


@pytest.mark.parametrize(
    "more",
    [
        {"vouched": False},
        {"vouched": False, "authentication_results": "mx.shop.example; dkim=pass header.d=evil.example"},
        {"vouched": False, "authentication_results": "mx.evil.example; dkim=pass header.d=example.jp"},
        {"vouched": False, "authentication_results": "mx.shop.example; dmarc=fail header.from=example.jp"},
        {"reply_to": "thief@evil.example"},
    ],
)
def test_a_mail_that_nobody_vouches_for_is_left_alone(
    ways: Ways, hanako: Person, more: dict[str, Any]
) -> None:
    ways.say(hanako, "line", LATE)
    ways.say(hanako, "email", LATE_TOO, **more)
    assert [one.asked_also for one in _live(ways)] == [[], []]


def test_whom_an_agent_put_together_is_linked_and_never_joined(ways: Ways, agent: Agent) -> None:
    one, other = ways.person(), ways.person()
    mail, line = ways.say(one, "email", LATE), ways.say(other, "line", "こんにちは")
    ways.put_together(one, other, "line", agent=agent)
    ways.say(other, "line", LATE_TOO)
    told = {ticket.pk: ticket.asked_also for ticket in _live(ways)}
    assert {pk: some[0]["how"] for pk, some in told.items()} == {mail.pk: "linked", line.pk: "linked"}


def test_an_address_of_several_people_proves_nothing(ways: Ways, hanako: Person) -> None:
    with ways.database.write() as unit:
        unit.session.add(
            SharedSender(brand_id=ways.brand.pk, kind="email", value=hanako.mail, created_at=unit.now)
        )
    ways.say(hanako, "line", LATE)
    ways.say(hanako, "email", LATE_TOO)
    assert len(_live(ways)) == 2


def test_a_group_is_not_a_person(ways: Ways, hanako: Person) -> None:
    ways.say(hanako, "email", LATE)
    ways.say(hanako, "line", LATE_TOO, group="C1")
    assert len(_live(ways)) == 2


def test_taking_them_apart_puts_each_back_and_they_stay_apart(ways: Ways, hanako: Person) -> None:
    mail = ways.say(hanako, "email", LATE)
    ways.say(hanako, "line", LATE_TOO)
    ways.say(hanako, "line", "急いでいます")
    with ways.database.write() as unit:
        row = unit.session.exec(select(Merge)).one()
        line, _ = merge.undo(unit, row, by=None)
    assert {one.pk: (one.messages_count, one.asked_also) for one in _live(ways)} == {
        mail.pk: (1, []),
        line.pk: (2, []),
    }
    assert ways.say(hanako, "line", LATE_TOO + "？").pk == line.pk
    assert len(_live(ways)) == 2


def test_who_is_parted_again_asks_for_themselves(ways: Ways) -> None:
    person = ways.person()
    ways.say(person, "line", "こんにちは")
    ways.known(person, "line")
    with ways.database.write() as unit:
        part(unit, unit.session.exec(select(CustomerMerge)).one(), by=None)
    ways.say(person, "email", LATE)
    ways.say(person, "line", LATE_TOO)
    assert len(_live(ways)) == 2


def test_who_was_parted_writes_into_no_ticket_of_the_other(ways: Ways) -> None:
    """Their talk went on in a ticket that the other had begun."""
    person = ways.person()
    ways.say(person, "line", "こんにちは")
    kept = ways.known(person, "line")
    mail = ways.say(person, "email", LATE)
    assert ways.say(person, "line", LATE_TOO).pk == mail.pk
    with ways.database.write() as unit:
        source = part(unit, unit.session.exec(select(CustomerMerge)).one(), by=None)
    line = ways.say(person, "line", "住所はどこになっていますか")
    assert (line.pk == mail.pk, line.customer_id) == (False, source.pk)
    assert ways.say(person, "line", "もしもし").pk == line.pk
    again = ways.say(person, "email", "まだですか", in_reply_to="<2@example.jp>")
    assert (again.pk, again.customer_id) == (mail.pk, kept.pk)


@pytest.mark.parametrize("lane", [False, True])
def test_a_visitor_who_was_split_off_leaves_the_others_chat(ways: Ways, hanako: Person, lane: bool) -> None:
    """The chat goes on in a ticket that began with the other's mail."""
    mail = ways.say(hanako, "email", LATE)
    chat = ways.say(hanako, "chat", LATE_TOO)
    (kept,) = _live(ways)
    assert (kept.pk, kept.messages_count, kept.customer_id) == (chat.pk, 2, mail.customer_id)
    with ways.database.write() as unit:
        known = unit.session.exec(select(Identity).where(Identity.kind == "chat")).one()
        customer = unit.session.get_one(Customer, mail.customer_id)
        new = split_off(unit, customer, known, by=None).source_id
    if lane:
        ways.lane(hanako, "もしもし")
    else:
        ways.say(hanako, "chat", "もしもし")
    newest = max(_live(ways), key=lambda one: one.pk)
    assert (newest.pk == kept.pk, newest.customer_id) == (False, new)


def test_a_question_that_was_answered_in_another_closed_ticket_wakes_it(ways: Ways, hanako: Person) -> None:
    mail = ways.say(hanako, "email", LATE)
    with ways.database.write() as unit:
        ticket = unit.session.get_one(Ticket, mail.pk)
        ticket.status, ticket.closed_at = Status.CLOSED, unit.now
    ways.say(hanako, "line", LATE_TOO)
    (ticket,) = _live(ways)
    assert (ticket.pk, ticket.status) == (mail.pk, Status.OPEN)


@pytest.mark.parametrize("channel", ["email", "line", "chat"])
def test_whoever_writes_in_one_way_costs_no_statement(ways: Ways, channel: str) -> None:
    """Nobody looks for other tickets of theirs, and wishing nothing of it saves nothing."""
    asked: dict[str, list[str]] = {}
    for wish in ("off", "off", "one"):  # the first also learns what the shop sells
        _wish(ways, wish)
        event = ways.arrive(ways.person(visits=True), channel, LATE)
        asked[wish] = _statements(ways, lambda event=event: ways.intake.process(event))
    assert len(asked["one"]) == len(asked["off"])
    assert not [one for one in asked["one"] if "FROM tickets" in one and "customer_id =" in one]


def _statements(ways: Ways, work: Callable[[], object]) -> list[str]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engines = {ways.database.engine, ways.database._reader}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    work()
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
    return seen


@pytest.mark.parametrize("seed", [1])
def test_pairs_of_one_person_are_joined_and_no_others(ways: Ways, agent: Agent, seed: int) -> None:
    """A quarter of the two hundred; all of them are measured by tests/bench/shield.py."""
    found = play(ways, list(pairs(seed, share=0.25)), agent=agent)
    assert found.wrong == []
    assert found.joined >= 0.95 * found.same


def test_wordings_of_one_question_are_alike_and_others_hardly_ever() -> None:
    model = classifiers.builtin()
    goods = likeness.words_of_goods([*GOODS["ja"], *GOODS["en"]])
    right = {True: 0, False: 0}
    total = {True: 0, False: 0}
    for same, one, other in every_wording():
        questions = [_read(model, said, goods) for said in (one, other)]
        total[same] += 1
        right[same] += bool(likeness.decide(*questions)) is same
    assert right[True] / total[True] >= 0.95
    assert right[False] / total[False] >= 0.98


def _read(model: classifiers.Model, said: Said, goods: frozenset[str]) -> likeness.Question:
    text = f"{said.subject}\n{said.text}"
    return likeness.read(text, model.classify(text), goods)


def test_messages_stay_with_their_writer_after_a_join(ways: Ways, hanako: Person) -> None:
    ways.say(hanako, "email", LATE)
    ways.say(hanako, "line", LATE_TOO)
    assert {(one.channel, one.proven) for one in rows(ways.database, Message)} == {
        ("email", True),
        ("line", False),
    }
