"""Accounts, passwords, sign-ins and the first link, without any web around them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from helpdesk.errors import Conflict, Forbidden, Invalid
from helpdesk.models import Agent, Brand
from helpdesk.people import accounts, setup_link, sign_in
from helpdesk.people.passwords import Passwords
from helpdesk.store.db import Database


def test_an_address_is_one_account_however_it_is_written(database: Database) -> None:
    with database.write() as unit:
        accounts.create_agent(unit, email=" Ren@Example.com ", name="Ren")
        with pytest.raises(Conflict):
            accounts.create_agent(unit, email="ren@example.COM", name="Another")
        assert accounts.find_by_email(unit, "REN@example.com")


@pytest.mark.parametrize(
    "email", ["", "ren", "ren@", "@example.com", "a b@example.com", "Ren <ren@example.com>"]
)
def test_what_is_no_address_is_refused(database: Database, email: str) -> None:
    with database.write() as unit, pytest.raises(Invalid):
        accounts.create_agent(unit, email=email, name="Ren")


def test_administrators_see_every_brand_others_theirs(
    database: Database, make_agent: Callable[..., Agent], brand: Brand, other_brand: Brand
) -> None:
    admin, agent = make_agent("Admin", role="admin", brand_ids=[]), make_agent("Agent")
    with database.read() as unit:
        assert sign_in.access_of(unit, admin).brand_ids == (brand.pk, other_brand.pk)
        assert sign_in.access_of(unit, agent).brand_ids == (brand.pk,)


def test_one_of_two_administrators_may_step_down(
    database: Database, make_agent: Callable[..., Agent]
) -> None:
    first, second = make_agent("First", role="admin"), make_agent("Second", role="admin")
    with database.write() as unit:
        accounts.change_agent(
            unit, accounts.get_by_id(unit, first.pk), name="First", role="lead", active=True, brand_ids=[]
        )
        with pytest.raises(Conflict):
            accounts.change_agent(
                unit,
                accounts.get_by_id(unit, second.pk),
                name="Second",
                role="admin",
                active=False,
                brand_ids=[],
            )


def test_a_password_is_known_by_its_hash_alone(passwords: Passwords) -> None:
    stored = passwords.hash("correct horse")
    assert "correct" not in stored
    assert passwords.verify(stored, "correct horse")
    assert not passwords.verify(stored, "correct horsf")
    assert not passwords.verify(None, "correct horse")
    assert not passwords.verify("not a hash", "correct horse")


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_a_password_of_a_wrong_length_is_refused(passwords: Passwords, password: str) -> None:
    with pytest.raises(Invalid):
        passwords.hash(password)


def test_a_new_first_link_ends_the_older_one(database: Database) -> None:
    with database.write() as unit:
        first, second = setup_link.renew(unit), setup_link.renew(unit)
        assert first and second
        with pytest.raises(Forbidden):
            setup_link.check(unit, first)
        setup_link.check(unit, second)


def test_the_first_link_dies_after_a_day(database: Database, clock: Callable[..., object]) -> None:
    with database.write() as unit:
        token = setup_link.renew(unit)
    clock.advance(hours=25)  # type: ignore[attr-defined]
    with database.read() as unit, pytest.raises(Forbidden):
        setup_link.check(unit, token or "")


def test_where_people_work_no_first_link_is_made(database: Database, agent: Agent) -> None:
    with database.write() as unit:
        assert setup_link.renew(unit) is None
