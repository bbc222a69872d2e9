"""A customer on LINE links their account at the shop: asked, signed in there, confirmed at LINE, one person."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from sqlmodel import select
from starlette.testclient import TestClient

import classifiers
from helpdesk.channels.chat.config import sign
from helpdesk.channels.social import CHANNELS
from helpdesk.chat.accounts import create_widget
from helpdesk.customers import merge, verified
from helpdesk.customers.identify import find_customer, identify
from helpdesk.intake import journal
from helpdesk.intake.pipeline import Intake
from helpdesk.models import (
    Brand,
    ChannelAccount,
    Contact,
    Customer,
    CustomerMerge,
    Event,
    LineLink,
    Message,
    Ticket,
)
from helpdesk.simulate.accounts import connect
from helpdesk.simulate.provider import Provider
from helpdesk.simulate.vendors import VENDORS, Deed
from helpdesk.social import linking
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import tag
from helpdesk.web.line_link import proof_words
from tests.fakes.serving import serving
from tests.helpdesk.stories import only, rows

USER = "U00000000000000000000000000000001"


@pytest.fixture
def provider() -> Iterator[tuple[Provider, str]]:
    made = Provider()
    with serving(made.app) as address:
        yield made, f"http://{address}"


@pytest.fixture
def line(database: Database, brand: Brand, seal: Seal, provider: tuple[Provider, str]) -> ChannelAccount:
    with database.write() as unit:
        tag.ensure_tags(unit, brand)
        own = unit.session.get_one(Brand, brand.pk)
        account = connect(unit, seal, own, "line", provider[1])
        account.config = {**account.config, "link_page": "https://shop.example/line?from=helpdesk"}
        return account


@pytest.fixture
def secret(database: Database, brand: Brand, seal: Seal) -> str:
    with database.write() as unit:
        widget = create_widget(unit, brand, seal)
    return str(seal.open(widget.secrets)["widget_secret"])


class Way:
    """The browser of somebody on LINE, and the helpdesk that is told."""

    def __init__(
        self,
        database: Database,
        client: TestClient,
        files: Files,
        seal: Seal,
        line: ChannelAccount,
        provider: tuple[Provider, str],
    ) -> None:
        self.database, self.client, self.seal, self.line, self.provider = (
            database,
            client,
            seal,
            line,
            provider[0],
        )
        self.intake = Intake(database, files, seal, classifiers.builtin())

    def tell(self, deed: Deed) -> None:
        request = VENDORS["line"](deed, self.seal.open(self.line.secrets), self.line.address)
        url = f"/hooks/line/{self.line.key}"
        assert self.client.post(url, content=request.body, headers=dict(request.headers)).status_code == 200
        while self.intake.drain():
            pass

    def write(self, text: str, number: str = "1") -> None:
        self.tell(Deed("text", USER, self.database.clock() - timedelta(seconds=1), number, text))

    def page(self) -> str:
        with self.database.read() as unit:
            contact = unit.session.exec(select(Contact).where(Contact.address == USER)).one()
        return urlsplit(linking.page_url(self.seal, "", contact, now=self.database.clock())).path

    def proof(self, secret: str, user: str, *, good_for: timedelta = timedelta(minutes=5)) -> dict[str, str]:
        """As the shop's server signs."""
        until = str(int((self.database.clock() + good_for).timestamp()))
        words = proof_words(user, until, f"http://testserver{self.page()}")
        return {"user": user, "until": until, "signature": sign(secret, words)}

    def confirm(self, proof: dict[str, str], **more: str) -> Deed:
        """Through our page and LINE's, to the event that LINE sends."""
        answer = self.client.post(self.page(), data=proof, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        asked = {
            name: value[0] for name, value in parse_qs(urlsplit(answer.headers["location"]).query).items()
        }
        httpx2.get(answer.headers["location"].partition("?")[0], params=asked | more)
        told = self.provider.links.events[-1]
        return Deed(told.kind, told.who, self.database.clock(), told.number, data=told.data)


@pytest.fixture
def way(
    database: Database,
    client: TestClient,
    files: Files,
    seal: Seal,
    line: ChannelAccount,
    provider: tuple[Provider, str],
) -> Way:
    return Way(database, client, files, seal, line, provider)


def test_from_the_question_to_one_customer_and_back(
    way: Way, secret: str, database: Database, brand: Brand
) -> None:
    with database.write() as unit:
        shop = identify(unit, brand.pk, "shop", "u-17", name="佐藤 花子")
    way.write("注文はどこですか")
    page = way.client.get(way.page())
    assert "https://shop.example/line?from=helpdesk&amp;return=" in page.text
    proof = way.proof(secret, "u-17")
    confirm = way.client.get(way.page(), params=proof)
    assert "u-17" in confirm.text
    assert "form-action 'self' http://127.0.0.1" in confirm.headers["content-security-policy"]
    way.tell(way.confirm(proof))
    assert only(database, Ticket).customer_id == only(database, Contact).customer_id == shop.pk
    done = only(database, CustomerMerge)
    assert (done.reason, done.agent_id) == (verified.LINE, None)
    assert "account_linked" in {one.name for one in rows(database, Event)}
    assert only(database, LineLink).used_at is not None
    with database.write() as unit:
        merge.undo(unit, unit.session.get_one(CustomerMerge, done.pk), by=None)
    assert only(database, Ticket).customer_id != shop.pk


def test_a_nonce_is_good_once_and_for_its_own_contact(
    way: Way, secret: str, database: Database, brand: Brand
) -> None:
    way.write("こんにちは")
    told = way.confirm(way.proof(secret, "u-17"))
    way.tell(Deed("link", "U2", told.at, "stranger", data=told.data))
    assert rows(database, CustomerMerge) == []
    way.tell(told)
    assert len(rows(database, CustomerMerge)) == 1
    with database.write() as unit:
        merge.undo(unit, unit.session.exec(select(CustomerMerge)).one(), by=None)
    way.tell(Deed("link", told.who, told.at, "again", data=told.data))
    assert [one.undone_at is None for one in rows(database, CustomerMerge)] == [False]


def test_a_failed_or_late_or_invented_link_joins_nobody(
    way: Way, secret: str, database: Database, clock: Any
) -> None:
    way.write("こんにちは")
    way.tell(way.confirm(way.proof(secret, "u-17"), **{"as": "U-somebody-else"}))
    way.tell(Deed("link", USER, clock(), "invented", data={"result": "ok", "nonce": "0123456789abcdef"}))
    told = way.confirm(way.proof(secret, "u-17"))
    clock.advance(minutes=30)
    way.tell(Deed("link", USER, clock(), "late", data=told.data))
    assert rows(database, CustomerMerge) == []


def test_the_shops_word_is_good_for_a_moment_and_for_one_address(way: Way, secret: str, clock: Any) -> None:
    way.write("こんにちは")
    there = way.page()
    proof = way.proof(secret, "u-17")
    clock.advance(minutes=4)
    assert way.client.get(there, params=proof).status_code == 200
    clock.advance(minutes=2)
    for given in (
        proof,
        proof | {"until": str(int(proof["until"]) + 600)},
        way.proof(secret, "u-17", good_for=timedelta(days=30)),
    ):
        assert way.client.post(there, data=given, follow_redirects=False).status_code == 403
    assert way.page() != there
    proof = way.proof(secret, "u-17")
    assert way.client.get(there, params=proof).status_code == 403
    assert rows(way.database, LineLink) == []


@pytest.mark.parametrize(
    "proof", [{"signature": "0" * 64}, {"signature": ""}, {"until": ""}, {"chat": "1"}, {}]
)
def test_who_is_not_signed_in_gets_no_nonce(way: Way, secret: str, proof: dict[str, str]) -> None:
    way.write("こんにちは")
    if "chat" in proof:  # as it stands in the shop's pages
        proof = {"signature": sign(secret, "u-17")}
    proof = way.proof(secret, "u-17") | proof if proof else {}
    assert way.client.post(way.page(), data=proof, follow_redirects=False).status_code == 403
    assert rows(way.database, LineLink) == []


def test_a_forged_or_old_address_shows_nobody(way: Way, clock: Any) -> None:
    way.write("こんにちは")
    page = way.page()
    assert way.client.get(page[:-1] + ("a" if page[-1] != "a" else "b")).status_code == 404
    clock.advance(days=8)
    assert way.client.get(page).status_code == 409


def test_the_newest_link_counts(way: Way, secret: str, database: Database, brand: Brand) -> None:
    with database.write() as unit:
        one, other = (identify(unit, brand.pk, "shop", user) for user in ("u-1", "u-2"))
    way.write("こんにちは")
    for user in ("u-1", "u-2"):
        way.tell(way.confirm(way.proof(secret, user)))
    assert only(database, Ticket).customer_id == other.pk
    with database.read() as unit:
        assert unit.session.get_one(Customer, one.pk).merged_into_id is None


def test_an_agent_asks_and_the_customer_gets_the_address(
    way: Way, lead_client: TestClient, database: Database
) -> None:
    way.write("注文はどこですか")
    ticket = only(database, Ticket)
    page = lead_client.get(f"/tickets/{ticket.key}")
    assert f"/tickets/{ticket.key}/link" in page.text
    assert lead_client.post(f"/tickets/{ticket.key}/link").status_code in (200, 303)
    (sent,) = (one for one in rows(database, Message) if one.direction == "out")
    assert "/line/link/" in sent.text
    assert sent.channel == "line"
    assert way.client.get(urlsplit(sent.text.split()[-1]).path).status_code == 200


def test_two_processes_with_the_same_event_join_once(
    way: Way, secret: str, database: Database, brand: Brand
) -> None:
    """The link and a first word of the same person, taken in at the same moment."""
    with database.write() as unit:
        shop = identify(unit, brand.pk, "shop", "u-17")
    way.write("こんにちは")
    told = way.confirm(way.proof(secret, "u-17"))
    events = []
    for number in range(3):
        deed = Deed("link", told.who, told.at, f"{told.number}{number}", data=told.data)
        text = Deed("text", USER, told.at, f"10{number}", f"もしもし{number}")
        for one in (deed, text):
            request = VENDORS["line"](one, way.seal.open(way.line.secrets), way.line.address)
            (piece,) = CHANNELS["line"].hook.split(request.body)
            with database.write() as unit:
                account = unit.session.get_one(ChannelAccount, way.line.pk)
                event = journal.record(unit, account, piece.raw, external_id=piece.external_id)
                assert event
                events.append(event.pk)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(way.intake.process, events))
    assert len(rows(database, CustomerMerge)) == 1
    assert {one.customer_id for one in rows(database, Message)} == {shop.pk}
    with database.read() as unit:
        assert find_customer(unit, brand.pk, "line", USER).pk == shop.pk  # type: ignore[union-attr]
