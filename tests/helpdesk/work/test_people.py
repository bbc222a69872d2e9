"""Who writes is asked of the provider afterwards: nothing waits for it, and what an agent wrote stays."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import classifiers
from helpdesk.channels import registry
from helpdesk.intake import journal
from helpdesk.intake.pipeline import Intake
from helpdesk.models import Brand, ChannelAccount, Contact, Customer, DroppedFile, Message
from helpdesk.simulate.accounts import connect
from helpdesk.simulate.provider import Provider, Trouble
from helpdesk.simulate.vendors import VENDORS, Deed
from helpdesk.social.redact import drop_files
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import tag
from helpdesk.work.people import People
from tests.fakes.serving import serving
from tests.helpdesk.stories import only, rows

Write = Callable[..., None]


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    with serving(made.app) as address:
        made.address = f"http://{address}"  # type: ignore[attr-defined]
        yield made


@pytest.fixture
def write(database: Database, files: Files, seal: Seal, brand: Brand, provider: Provider) -> Write:
    """Somebody writes on LINE, and it is taken in."""
    intake = Intake(database, files, seal, classifiers.builtin())
    with database.write() as unit:
        tag.ensure_tags(unit, brand)

    def write(number: int, kind: str = "line", who: str = "U1234") -> None:
        told = Deed("text", who, database.clock(), str(number), "届きません", data={"name": "Hanako"})
        with database.write() as unit:
            address = provider.address  # type: ignore[attr-defined]
            account = connect(unit, seal, unit.session.get_one(Brand, brand.pk), kind, address)
            secrets = seal.open(account.secrets)
            body = VENDORS[kind](told, secrets, account.address, url="https://h.example").body
            hook = registry.SOCIAL[kind].hook
            arrivals = [journal.Arrival(one.raw, one.external_id, {}) for one in hook.split(body)]
            journal.record_many(unit, account, arrivals)
        while intake.drain():
            pass

    return write


@pytest.fixture
def people(database: Database, files: Files, seal: Seal) -> People:
    return People(database, files, seal, registry.kinds())


def run(people: People) -> int:
    return asyncio.run(people.drain())


def asked(provider: Provider) -> int:
    return sum(times for path, times in provider.about.asked.items() if "profile" in path)


def test_a_name_a_language_and_a_picture_come_after_the_message(
    database: Database, write: Write, people: People, provider: Provider, files: Files
) -> None:
    write(1)
    assert only(database, Message).text == "届きません"
    assert asked(provider) == 0  # the message did not wait
    assert run(people) == 1
    contact, customer = only(database, Contact), only(database, Customer)
    assert (contact.name, contact.language) == ("LINE 1234", "ja")
    assert (customer.name, customer.language) == ("LINE 1234", "ja")
    assert files.get(contact.picture).startswith(b"\x89PNG")


def test_nobody_is_asked_about_again_for_a_week(
    write: Write, people: People, provider: Provider, clock: Any
) -> None:
    write(1)
    run(people)
    clock.advance(days=6)
    write(2)
    assert run(people) == 0
    clock.advance(days=2)
    assert run(people) == 0  # not before they write
    write(3)
    assert run(people) == 1
    assert asked(provider) == 2


def test_a_new_name_replaces_the_providers_old_one_but_not_an_agents(
    database: Database, write: Write, people: People, provider: Provider, clock: Any
) -> None:
    write(1)
    run(people)
    provider.about.names["U1234"] = "花子"
    clock.advance(days=8)
    write(2)
    run(people)
    assert only(database, Customer).name == "花子"
    with database.write() as unit:
        unit.session.get_one(Customer, only(database, Customer).pk).name = "山田 花子"
    provider.about.names["U1234"] = "hana"
    clock.advance(days=8)
    write(3)
    run(people)
    assert (only(database, Contact).name, only(database, Customer).name) == ("hana", "山田 花子")


def test_a_provider_that_is_away_is_asked_later(
    database: Database, write: Write, people: People, provider: Provider, clock: Any
) -> None:
    provider.troubles.append(Trouble("profile", 503))
    write(1)
    run(people)
    assert only(database, Contact).name == ""
    assert run(people) == 0
    clock.advance(minutes=1)
    assert run(people) == 1
    assert only(database, Contact).name == "LINE 1234"


def test_who_shows_nothing_of_themselves_is_left_alone(
    database: Database, write: Write, people: People, provider: Provider, clock: Any
) -> None:
    provider.about.strangers.add("U1234")
    write(1)
    run(people)
    contact = only(database, Contact)
    assert (contact.name, contact.profile_next_at) == ("", None)
    clock.advance(hours=1)
    write(2)
    assert run(people) == 0


def test_a_picture_is_not_fetched_from_inside_and_the_name_comes_without_it(
    database: Database, write: Write, people: People, provider: Provider
) -> None:
    provider.about.pictures = "https://169.254.169.254/"
    write(1)
    run(people)
    assert (only(database, Contact).name, only(database, Contact).picture) == ("LINE 1234", "")


def test_a_picture_that_was_replaced_is_deleted_and_one_in_use_is_not(
    database: Database, write: Write, people: People, files: Files, clock: Any
) -> None:
    write(1)
    run(people)
    now = only(database, Contact).picture
    before = files.put(b"an older picture")
    with database.write() as unit:
        contact = unit.session.get_one(Contact, only(database, Contact).pk)
        contact.picture = before
        unit.session.add(DroppedFile(sha256=now, created_at=unit.now))
    drop_files(database, files)
    clock.advance(days=8)
    write(2)
    run(people)
    assert only(database, Contact).picture == now
    drop_files(database, files)
    assert not files.path(before).exists()
    assert files.path(now).exists()


def test_without_credentials_nobody_is_asked_until_they_write_again(
    database: Database, write: Write, people: People, provider: Provider, seal: Seal
) -> None:
    write(1)
    account = only(database, ChannelAccount)
    with database.write() as unit:
        unit.session.get_one(ChannelAccount, account.pk).secrets = ""
    run(people)
    assert (asked(provider), only(database, Contact).profile_next_at) == (0, None)
    with database.write() as unit:
        unit.session.get_one(ChannelAccount, account.pk).secrets = account.secrets
    write(2)
    run(people)
    assert only(database, Contact).name == "LINE 1234"


def test_two_workers_ask_once(
    write: Write, database: Database, files: Files, seal: Seal, provider: Provider
) -> None:
    write(1)
    both = [People(database, files, seal, registry.kinds()) for _worker in range(2)]

    async def race() -> list[int]:
        return list(await asyncio.gather(*(one.drain() for one in both)))

    assert sum(asyncio.run(race())) == 1
    assert asked(provider) == 1


@pytest.mark.parametrize(("kind", "name"), [("instagram", "Simulated 1234"), ("telegram", "Hanako")])
def test_other_providers_know_people_too(
    database: Database, write: Write, people: People, provider: Provider, kind: str, name: str
) -> None:
    provider.about.names["61234"] = name
    write(1, kind, "61234")
    assert run(people) == 1
    assert only(database, Contact).name == name
    assert only(database, Contact).also["username"]


def test_where_names_come_with_the_messages_nobody_asks(
    database: Database, write: Write, people: People
) -> None:
    write(1, "whatsapp", "8190")
    assert run(people) == 0
    assert len(rows(database, Contact)) == 1
