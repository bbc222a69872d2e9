"""Guesses are shown with their evidence; only a person decides, and a no is remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from helpdesk.customers import shared, suggest, verified
from helpdesk.customers.evidence import WEIGHTS, Evidence, score
from helpdesk.customers.identify import identify
from helpdesk.customers.merge import merge
from helpdesk.errors import Conflict
from helpdesk.models import Agent, Brand, Customer, MergeSuggestion, Message, Order, SharedSender
from helpdesk.store import search
from helpdesk.store.db import Database
from helpdesk.tickets.open import open_ticket

Writer = Callable[..., int]


@pytest.fixture
def writer(database: Database, brand: Brand) -> Writer:
    def writer(kind: str, value: str, *said: str, name: str = "", **order: Any) -> int:
        with database.write() as unit:
            here = unit.session.get_one(Brand, brand.pk)
            customer = identify(unit, brand.pk, kind, value, name=name)
            ticket = open_ticket(
                unit, here, customer, channel=kind, account_id=None, subject="", language="ja"
            )
            for number, words in enumerate(said):
                unit.session.add(
                    Message(
                        brand_id=brand.pk,
                        ticket_id=ticket.pk,
                        customer_id=customer.pk,
                        channel=kind,
                        direction="in",
                        sender={"name": "", "address": value},
                        text=words,
                        reply=words,
                        fingerprint=f"{kind}{value}{number}",
                        sent_at=unit.now,
                        created_at=unit.now,
                    )
                )
            if order:
                unit.session.add(
                    Order(
                        brand_id=brand.pk,
                        customer_id=customer.pk,
                        total=1,
                        currency="JPY",
                        placed_at=unit.now,
                        **order,
                    )
                )
            return customer.pk

    return writer


def seen(database: Database, pk: int) -> list[tuple[tuple[int, int], list[str], int]]:
    with database.write() as unit:
        found = suggest.look(unit, unit.session.get_one(Customer, pk))
        return [
            ((one.left_id, one.right_id), sorted(e["kind"] for e in one.evidence), one.score) for one in found
        ]


def test_an_address_that_somebody_names_is_evidence(database: Database, writer: Writer) -> None:
    mail = writer("email", "hana@example.jp")
    line = writer("line", "U1", "メールは Hana@Example.jp で登録しています")
    assert seen(database, line) == [((mail, line), ["email_told"], 60)]


def test_an_order_number_and_a_name_add_up(database: Database, writer: Writer) -> None:
    mail = writer("email", "hana@example.jp", name="山田 花子", number="HK-10234")
    line = writer("line", "U1", "注文番号HK-10234の件です", name="花子 山田")
    ((pair, kinds, points),) = seen(database, line)
    assert (pair, kinds) == ((mail, line), ["name", "order_told"])
    assert 60 < points < 100


def test_a_name_alone_is_not_enough(database: Database, writer: Writer) -> None:
    writer("email", "a@example.jp", name="田中 優希")
    assert seen(database, writer("line", "U1", "こんにちは", name="田中 優希")) == []


def test_parcels_to_the_same_door_are_evidence(database: Database, writer: Writer) -> None:
    home = {"name": "山田 花子", "postcode": "604-8001", "line": "中京区1-2-3"}
    one = writer("email", "a@example.jp", name="山田 花子", number="A1", address=home)
    two = writer(
        "email",
        "b@example.jp",
        name="山田 花子",
        number="A2",
        address={**home, "postcode": "６０４-８００１"},
    )
    ((pair, kinds, _),) = seen(database, two)
    assert (pair, kinds) == ((one, two), ["home", "name"])


def test_a_shared_address_is_no_evidence(database: Database, brand: Brand, writer: Writer) -> None:
    writer("email", "family@example.jp")
    line = writer("line", "U1", "family@example.jp です")
    with database.write() as unit:
        unit.session.add(
            SharedSender(brand_id=brand.pk, kind="email", value="family@example.jp", created_at=unit.now)
        )
    assert seen(database, line) == []


def test_what_was_rejected_is_never_suggested_again(database: Database, writer: Writer, agent: Agent) -> None:
    mail, line = writer("email", "hana@example.jp"), writer("line", "U1", "hana@example.jp です")
    with database.write() as unit:
        (one,) = suggest.look(unit, unit.session.get_one(Customer, line))
        suggest.reject(unit, one, by=agent)
    assert seen(database, line) == seen(database, mail) == []
    with database.write() as unit, pytest.raises(Conflict):
        suggest.reject(unit, suggest.get(unit, [one.brand_id], one.key), by=agent)


def test_an_accepted_one_is_merged_into_whom_somebody_chose(
    database: Database, writer: Writer, agent: Agent
) -> None:
    mail, line = writer("email", "hana@example.jp"), writer("line", "U1", "hana@example.jp です")
    with database.write() as unit:
        (one,) = suggest.look(unit, unit.session.get_one(Customer, line))
        done = suggest.accept(unit, one, target_id=mail, by=agent)
        assert (done.source_id, done.target_id, done.reason) == (line, mail, "suggested")
    with database.read() as unit:
        assert {one.customer_id for one in unit.session.exec(select(Message))} == {mail}
    assert seen(database, mail) == []


def test_evidence_of_one_kind_counts_once_and_never_makes_certain() -> None:
    twice = [Evidence("email_told", "a"), Evidence("email_told", "b")]
    assert score(twice) == 60
    everything = [Evidence(kind, "x") for kind in WEIGHTS]
    assert score(everything) > 95


def test_an_address_that_was_named_before_its_owner_wrote_is_evidence(
    database: Database, writer: Writer
) -> None:
    line = writer("line", "U1", "メールは hana@example.jp です")
    with database.write() as unit:
        said = unit.session.exec(select(Message)).one()
        search.put(unit, brand_id=said.brand_id, message_id=said.pk, words=said.text)
    mail = writer("email", "hana@example.jp", "こんにちは")
    assert seen(database, mail) == [((line, mail), ["email_told"], 60)]


def test_a_number_is_known_however_it_is_written(database: Database, writer: Writer) -> None:
    known = writer("whatsapp", "819012345678")
    line = writer("line", "U1", "電話は０９０-1234-5678です")
    assert seen(database, line) == [((known, line), ["phone_told"], 60)]


def test_a_shared_number_is_none_however_it_is_written(
    database: Database, brand: Brand, writer: Writer, agent: Agent
) -> None:
    writer("whatsapp", "819012345678")
    with database.write() as unit:
        shared.exclude(unit, brand.pk, "090-1234-5678", by=agent)
    assert seen(database, writer("line", "U1", "+81 90 1234 5678 です")) == []


def test_what_is_said_of_one_who_is_merged_holds_for_who_they_are_now(
    database: Database, writer: Writer, agent: Agent
) -> None:
    mail, line = writer("email", "hana@example.jp"), writer("line", "U1", "hana@example.jp です")
    other = writer("email", "hanako@example.jp")
    with database.write() as unit:
        people = {pk: unit.session.get_one(Customer, pk) for pk in (mail, line, other)}
        suggest.keep_apart(unit, people[mail], people[line], by=agent)
        merge(unit, people[mail], people[other], by=agent)
        assert suggest.kept_apart(unit, people[line], people[other])
        assert suggest.kept_apart(unit, people[mail], people[line])
    assert seen(database, line) == []


def test_excluding_an_address_takes_back_what_it_alone_spoke_for(
    database: Database, brand: Brand, writer: Writer, agent: Agent
) -> None:
    writer("email", "family@example.jp", name="山田 花子", number="HK-10234")
    writer("line", "U1", "family@example.jp です")
    both = writer("line", "U2", "family@example.jp の HK-10234 です")
    with database.write() as unit:
        for one in unit.session.exec(select(Customer)).all():
            suggest.look(unit, one)
        shared.exclude(unit, brand.pk, "Family@Example.jp", by=agent)
        (left,) = unit.session.exec(select(MergeSuggestion)).all()
        assert (left.right_id, left.score, len(left.evidence)) == (both, 50, 1)


def test_proof_joins_nobody_of_whom_an_agent_said_that_they_are_two(
    database: Database, writer: Writer, agent: Agent
) -> None:
    mail, line = writer("email", "hana@example.jp"), writer("line", "U1")
    with database.write() as unit:
        people = [unit.session.get_one(Customer, pk) for pk in (line, mail)]
        suggest.keep_apart(unit, *people, by=agent)
        verified.join(unit, *people, reason=verified.LINE)
        assert unit.session.get_one(Customer, line).merged_into_id is None


def test_a_number_that_writes_on_whatsapp_is_shared_and_one_persons_again(
    database: Database, brand: Brand, writer: Writer, agent: Agent
) -> None:
    """Marked there, typed by hand, or as SMS: it is one number, and is told so at each of its addresses."""
    theirs, caller = writer("whatsapp", "819012345678"), writer("phone", "09012345678")
    line = writer("line", "U1", "090-1234-5678です")
    assert seen(database, line) == [
        ((theirs, line), ["phone_told"], 60),
        ((caller, line), ["phone_told"], 60),
    ]
    with database.write() as unit:
        made = shared.exclude(unit, brand.pk, "819012345678", by=agent, kind="whatsapp")
        assert shared.exclude(unit, brand.pk, "+81 90-1234-5678", by=agent) is made
        assert unit.session.exec(select(MergeSuggestion)).all() == []
        for one in (theirs, caller):
            assert [several for _, several in shared.list_known(unit, one)] == [True]
        assert [several for _, several in shared.list_known(unit, line)] == [False]
        found = shared.find(unit, brand.pk, "09012345678", kind="phone")
        assert found is made
        shared.include(unit, found)
        assert [several for _, several in shared.list_known(unit, theirs)] == [False]


def test_a_name_that_whatsapp_gave_somebody_is_one_persons(database: Database, writer: Writer) -> None:
    ids = {writer("whatsapp", value): value for value in ("JP.1234567890", "819012345678")}
    with database.read() as unit:
        known = {one: shared.list_known(unit, one)[0][0] for one in ids}
    assert {ids[one]: shared.is_shareable(row) for one, row in known.items()} == {
        "JP.1234567890": False,
        "819012345678": True,
    }
