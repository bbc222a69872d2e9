"""What is proven joins at once, and can be taken back; what is not, never does."""

from __future__ import annotations

import pytest
from sqlmodel import select

from helpdesk.customers import merge, suggest, verified
from helpdesk.customers.identify import find_customer, identify
from helpdesk.customers.numbers import international, spellings
from helpdesk.customers.ties import Tie, find_ties
from helpdesk.models import Agent, Brand, Customer, CustomerMerge, Identity, SharedSender
from helpdesk.store.db import Database, Unit


def _customer(unit: Unit, brand: Brand, kind: str, address: str, *, sure: bool = False) -> Customer:
    made = identify(unit, brand.pk, kind, address, name=address)
    if sure:
        unit.session.exec(select(Identity).where(Identity.customer_id == made.pk)).one().verified = True
    return made


@pytest.mark.parametrize(
    ("number", "currency", "known"),
    [
        ("090-1234-5678", "JPY", "+819012345678"),
        ("+81 90-1234-5678", "USD", "+819012345678"),
        ("(212) 555-0147", "USD", "+12125550147"),
        ("1-212-555-0147", "USD", "+12125550147"),
        ("07700 900123", "GBP", "+447700900123"),
        ("+1 212 555 0147", "JPY", "+12125550147"),
        ("010-1-212-555-0147", "JPY", None),
        ("9012345678", "JPY", None),
        ("110", "JPY", None),
        ("", "JPY", None),
        ("not a number", "EUR", None),
        ("0612345678", "EUR", None),
    ],
)
def test_a_number_is_known_in_one_form_or_not_at_all(number: str, currency: str, known: str | None) -> None:
    assert international(number, currency) == known
    if known:
        assert known in spellings(known, currency)


def test_the_shops_word_joins_who_had_the_address(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        shop = _customer(unit, brand, "shop", "u-17")
        line = _customer(unit, brand, "line", "U1")
        assert verified.vouch(unit, shop, "line", "U1").pk == shop.pk
        assert merge.root(unit, line).pk == shop.pk
        (done,) = merge.list_merges(unit, shop)
        assert (done.reason, done.agent_id) == (verified.WORD, None)
        assert find_customer(unit, brand.pk, "line", "U1") is shop
        merge.undo(unit, done, by=None)
        assert find_customer(unit, brand.pk, "line", "U1") is line


def test_vouching_twice_changes_nothing(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        shop = _customer(unit, brand, "shop", "u-17")
        for _ in range(2):
            verified.vouch(unit, shop, "email", "Hanako@Example.jp")
        found = unit.session.exec(select(Identity).where(Identity.kind == "email")).one()
        assert (found.value, found.verified, found.customer_id) == ("hanako@example.jp", True, shop.pk)
        assert not unit.session.exec(select(CustomerMerge)).all()


def test_two_accounts_at_the_shop_stay_two(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        one, other = _customer(unit, brand, "shop", "u-1"), _customer(unit, brand, "shop", "u-2")
        verified.vouch(unit, one, "line", "U1")
        assert verified.vouch(unit, other, "line", "U1").pk == other.pk
        assert find_customer(unit, brand.pk, "line", "U1") is one


def test_who_has_the_account_stays(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        guest, shop = _customer(unit, brand, "email", "a@example.jp"), _customer(unit, brand, "shop", "u-1")
        assert verified.join(unit, shop, guest, reason=verified.WORD).pk == shop.pk
        assert merge.root(unit, guest).pk == shop.pk


def test_an_address_of_several_people_joins_nobody(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        unit.session.add(
            SharedSender(brand_id=brand.pk, kind="email", value="form@example.jp", created_at=unit.now)
        )
        shop, form = _customer(unit, brand, "shop", "u-1"), _customer(unit, brand, "email", "form@example.jp")
        verified.vouch(unit, shop, "email", "Form@example.jp")
        assert merge.root(unit, form).pk == form.pk


@pytest.mark.parametrize("spelled", ["090-1234-5678", "+819012345678", "+81 90 1234 5678"])
def test_who_writes_from_a_number_that_the_shop_confirmed_is_its_customer(
    database: Database, brand: Brand, spelled: str
) -> None:
    with database.write() as unit:
        shop = _customer(unit, brand, "phone", spelled, sure=True)
        writer = _customer(unit, brand, "whatsapp", "819012345678")
        assert verified.wrote_first(unit, writer, "whatsapp", "819012345678").pk == shop.pk
        assert shop.several_ways


def test_a_number_that_was_only_typed_at_an_order_proves_nothing(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        buyer = _customer(unit, brand, "phone", "090-1234-5678")
        buyer.orders_count = 1
        writer = _customer(unit, brand, "whatsapp", "819012345678")
        assert verified.wrote_first(unit, writer, "whatsapp", "819012345678") is writer


def test_the_number_that_a_call_shows_proves_nothing(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        _customer(unit, brand, "phone", "090-1234-5678", sure=True)
        caller = _customer(unit, brand, "phone", "+819012345678")
        assert verified.wrote_first(unit, caller, "phone", "+819012345678") is caller


def test_a_number_that_nobody_confirmed_joins_nobody(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        _customer(unit, brand, "phone", "090-1234-5678")
        writer = _customer(unit, brand, "whatsapp", "819012345678")
        assert verified.wrote_first(unit, writer, "whatsapp", "819012345678") is writer
        assert writer.merged_into_id is None


def test_a_number_confirmed_for_two_people_joins_neither(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        for spelled in ("090-1234-5678", "+819012345678"):
            _customer(unit, brand, "phone", spelled, sure=True)
        writer = _customer(unit, brand, "whatsapp", "819012345678")
        assert verified.wrote_first(unit, writer, "whatsapp", "819012345678") is writer


def test_a_number_that_is_confirmed_later_finds_who_has_written(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        writer, shop = (
            _customer(unit, brand, "whatsapp", "819012345678"),
            _customer(unit, brand, "shop", "u-1"),
        )
        assert verified.vouch(unit, shop, "phone", "090-1234-5678").pk == shop.pk
        assert merge.root(unit, writer).pk == shop.pk


def test_proof_ties_and_an_agents_word_only_tells(database: Database, brand: Brand, agent: Agent) -> None:
    with database.write() as unit:
        shop = _customer(unit, brand, "shop", "u-1")
        verified.vouch(unit, shop, "email", "a@example.jp")
        _customer(unit, brand, "line", "U1")
        verified.vouch(unit, shop, "line", "U1", reason=verified.LINE)
        other = _customer(unit, brand, "instagram", "ig1")
        merge.merge(unit, other, shop, by=unit.session.merge(agent, load=False))
        ties = find_ties(unit, shop)
    mail, line, instagram = ("email", "a@example.jp"), ("line", "U1"), ("instagram", "ig1")
    assert ties.between(mail, line) is Tie.PROVEN
    assert ties.between(mail, instagram) is ties.between(instagram, line) is Tie.TOLD
    assert ties.between(mail, ("x", "x1")) is Tie.NONE


def test_an_agents_word_that_is_proven_later_ties(database: Database, brand: Brand, agent: Agent) -> None:
    with database.write() as unit:
        shop, line = _customer(unit, brand, "email", "a@example.jp"), _customer(unit, brand, "line", "U1")
        merge.merge(unit, line, shop, by=unit.session.merge(agent, load=False))
        assert find_ties(unit, shop).between(("email", "a@example.jp"), ("line", "U1")) is Tie.TOLD
        verified.vouch(unit, shop, "line", "U1", reason=verified.LINE)
        assert find_ties(unit, shop).between(("email", "a@example.jp"), ("line", "U1")) is Tie.PROVEN


@pytest.mark.parametrize("told", ["0312345678", "+81312345678", "81312345678"])
@pytest.mark.parametrize(("kind", "address"), [("phone", "03-1234-5678"), ("whatsapp", "81312345678")])
def test_a_number_of_several_people_proves_nothing_however_it_is_spelled(
    database: Database, brand: Brand, told: str, kind: str, address: str
) -> None:
    with database.write() as unit:
        unit.session.add(SharedSender(brand_id=brand.pk, kind="phone", value=told, created_at=unit.now))
        shop, writer = _customer(unit, brand, "shop", "u-1"), _customer(unit, brand, kind, address)
        verified.vouch(unit, shop, kind, address)
        verified.vouch(unit, shop, "phone", "+81 3 1234 5678")
        assert merge.root(unit, writer).pk == writer.pk


def test_a_shared_number_ties_nothing_however_it_is_spelled(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        shop = _customer(unit, brand, "shop", "u-1")
        verified.vouch(unit, shop, "email", "a@example.jp")
        verified.vouch(unit, shop, "whatsapp", "819012345678")
        mail, number = ("email", "a@example.jp"), ("whatsapp", "819012345678")
        assert find_ties(unit, shop).between(mail, number) is Tie.PROVEN
        unit.session.add(
            SharedSender(brand_id=brand.pk, kind="phone", value="09012345678", created_at=unit.now)
        )
        unit.session.flush()
        assert find_ties(unit, shop).between(mail, number) is Tie.NONE


def test_a_name_of_a_provider_is_no_number(database: Database, brand: Brand) -> None:
    with database.read() as unit:
        assert verified.spelled(unit, brand.pk, "whatsapp", "JP.12345678901") == {"JP.12345678901"}


@pytest.mark.parametrize("alone", [True, False])
def test_the_shops_word_moves_nothing_between_two_of_whom_an_agent_said_that_they_are_two(
    database: Database, brand: Brand, agent: Agent, alone: bool
) -> None:
    """Not even the address alone, where who has it is known by others as well."""
    with database.write() as unit:
        holder = _customer(unit, brand, "chat", "V1")
        verified.vouch(unit, holder, "email", "hana@example.jp")
        shop = _customer(unit, brand, "shop", "u-17")
        suggest.keep_apart(unit, holder, shop, by=agent)
        assert verified.vouch(unit, shop, "chat", "V1", alone=alone) is shop
        assert find_customer(unit, brand.pk, "chat", "V1") is holder
        assert holder.merged_into_id is None
