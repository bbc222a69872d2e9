"""What may be written on social channels and when: free, as a person's late answer, as a template, or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from helpdesk.channels.windows import Mode, Window
from helpdesk.customers.identify import identify
from helpdesk.customers.merge import merge, undo
from helpdesk.errors import Invalid
from helpdesk.models import Agent, Brand, ChannelAccount, Contact, Delivery, Message, Ticket
from helpdesk.store.db import Database, Unit
from helpdesk.store.files import Files
from helpdesk.tickets import direct, reply, schedule, take_back
from helpdesk.tickets.letter import written
from helpdesk.tickets.open import open_ticket
from tests.conftest import StandingClock
from tests.helpdesk.stories import only
from tests.helpdesk.talks import add_talk

HOUR = 60
FREE, LATE, ONLY, SHUT = (Window(mode) for mode in (Mode.FREE, Mode.HUMAN, Mode.TEMPLATE, Mode.CLOSED))
APPROVED = {"key": "k", "values": ["HK-1"], "name": "on_its_way", "language": "ja", "parameters": ["HK-1"]}


@pytest.mark.parametrize(
    ("kind", "window", "templated", "by_hand", "why"),
    [
        ("whatsapp", FREE, False, False, ""),
        ("whatsapp", FREE, True, False, ""),
        ("whatsapp", ONLY, False, True, "template"),
        ("whatsapp", ONLY, True, False, ""),
        ("whatsapp", Window(Mode.CLOSED, reason="blocked"), True, True, "blocked"),
        ("messenger", LATE, False, True, ""),
        ("messenger", LATE, False, False, "automatic"),
        ("messenger", FREE, True, True, "untemplated"),
        ("messenger", Window(Mode.CLOSED, reason="over"), False, True, "over"),
        ("telegram", Window(Mode.CLOSED, reason="silent"), False, True, "silent"),
    ],
)
def test_what_may_be_written(kind: str, window: Window, templated: bool, by_hand: bool, why: str) -> None:
    assert direct.refusal(kind, window, templated=templated, by_hand=by_hand) == why
    assert not why or direct.WHY[why]


class Desk:
    """One conversation, and who answers in it."""

    def __init__(self, database: Database, agent: Agent, files: Files, talk: tuple[Ticket, Contact]) -> None:
        self.database, self.agent, self.files = database, agent, files
        self.ticket, self.contact = talk

    def answer(self, text: str = "お調べします。", **given: Any) -> Message:
        with self.database.write() as unit:
            ticket = unit.session.get_one(Ticket, self.ticket.pk)
            return reply.post(unit, ticket, written(text, **given), by=self.agent, files=self.files)


@pytest.fixture
def desk(database: Database, agent: Agent, brand: Brand, files: Files) -> Any:
    def make(kind: str, **given: Any) -> Desk:
        return Desk(database, agent, files, add_talk(database, brand, kind, **given))

    return make


def test_within_the_free_day_words_are_queued(desk: Any) -> None:
    message = desk("whatsapp", ago=23 * HOUR).answer()
    assert (message.state, message.channel) == ("queued", "whatsapp")


def test_after_the_free_day_whatsapp_takes_a_template_alone(desk: Any) -> None:
    late = desk("whatsapp", ago=25 * HOUR)
    with pytest.raises(Invalid, match="only approved templates"):
        late.answer()
    message = late.answer("ご注文 HK-1 はお届け中です。", template=APPROVED)
    assert message.content == {"type": "approved", **APPROVED}
    assert message.reply == "ご注文 HK-1 はお届け中です。"


def test_after_the_free_day_messenger_takes_what_a_person_writes_now(desk: Any, database: Database) -> None:
    late = desk("messenger", ago=25 * HOUR)
    with pytest.raises(Invalid, match="only a person may answer"):
        late.answer(by_hand=False)
    late.answer()
    assert only(database, Delivery).by_hand


def test_a_week_later_nothing_may_be_written_any_more(desk: Any) -> None:
    with pytest.raises(Invalid, match="the time in which this channel takes answers is over"):
        desk("instagram", ago=8 * 24 * HOUR).answer()


def test_an_answer_is_not_planned_for_a_time_when_it_would_be_refused(
    desk: Any, clock: StandingClock, database: Database
) -> None:
    talk = desk("messenger", ago=20 * HOUR)
    with pytest.raises(Invalid, match="choose an earlier time") as refused:
        talk.answer(at=clock.now + timedelta(hours=5))
    assert refused.value.field == "at"
    talk.answer(at=clock.now + timedelta(hours=3))
    delivery = only(database, Delivery)
    assert (delivery.scheduled, delivery.by_hand) == (True, False)


def test_who_sends_a_planned_answer_now_answers_for_it(
    desk: Any, clock: StandingClock, database: Database, agent: Agent
) -> None:
    talk = desk("messenger", ago=20 * HOUR)
    talk.answer(at=clock.now + timedelta(hours=3))
    with database.write() as unit:
        ticket = unit.session.get_one(Ticket, talk.ticket.pk)
        schedule.send_now(unit, ticket, unit.session.get_one(Delivery, only(database, Delivery).pk), by=agent)
    assert only(database, Delivery).by_hand


def test_a_picture_needs_no_words(desk: Any) -> None:
    talk = desk("line")
    with pytest.raises(Invalid, match="write an answer first"):
        talk.answer("")
    assert talk.answer("", wordless=True).text == ""


def test_what_is_taken_back_comes_back_whole(desk: Any, database: Database, agent: Agent) -> None:
    talk = desk("line")
    card = {"order": "HK-1", "title": "ご注文 HK-1", "lines": ["輸送中"]}
    talk.answer(
        "こちらです。", card=card, replies=("はい", "いいえ"), via=talk.contact.key, hold=timedelta(minutes=1)
    )
    with database.write() as unit:
        ticket = unit.session.get_one(Ticket, talk.ticket.pk)
        delivery = unit.session.get_one(Delivery, only(database, Delivery).pk)
        draft = take_back.take_back(unit, ticket, delivery, by=agent)
        kept = {name: draft.content.get(name) for name in ("text", "card", "offers", "via")}
    assert kept == {
        "text": "こちらです。",
        "card": "HK-1",
        "offers": ["はい", "いいえ"],
        "via": talk.contact.key,
    }


def _contact(unit: Unit, brand: Brand, account: ChannelAccount, address: str, acted_at: datetime) -> Contact:
    customer = identify(unit, brand.pk, "line", address, name=address)
    contact = Contact(
        brand_id=brand.pk,
        account_id=account.pk,
        address=address,
        customer_id=customer.pk,
        acted_at=acted_at,
        created_at=unit.now,
    )
    unit.session.add(contact)
    unit.session.flush()
    return contact


def test_who_was_parted_from_the_customer_gets_none_of_their_answers(
    database: Database, brand: Brand
) -> None:
    """They talked in the same ticket while they were taken for one person."""
    with database.write() as unit:
        account = ChannelAccount(brand_id=brand.pk, kind="line", address="@aoba", created_at=unit.now)
        unit.session.add(account)
        unit.session.flush()
        kept = _contact(unit, brand, account, "U1", unit.now.replace(year=unit.now.year - 1))
        gone = _contact(unit, brand, account, "U2", unit.now)
        one, other = (identify(unit, brand.pk, "line", address) for address in ("U1", "U2"))
        ticket = open_ticket(
            unit,
            brand,
            one,
            channel="line",
            account_id=account.pk,
            subject="",
            language="ja",
            preview="",
            at=unit.now,
        )
        unit.session.flush()
        kept.ticket_id = ticket.pk
        done = merge(unit, other, one, by=None)
        unit.session.expire_all()
        gone.ticket_id = ticket.pk
        unit.session.flush()
        assert direct.find_contact(unit, ticket) is gone
        undo(unit, done, by=None)
        unit.session.expire_all()
        assert direct.find_contact(unit, ticket) is kept
        kept.ticket_id = None
        unit.session.flush()
        assert direct.find_contact(unit, ticket) is None
