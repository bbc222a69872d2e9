"""Messages of social channels as a reader needs them: quotes, sets of pictures, files on their way, marks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from helpdesk.access import Access
from helpdesk.inbox import conversation
from helpdesk.inbox.conversation import Conversation
from helpdesk.inbox.said import Said
from helpdesk.inbox.showing import find_added, mark
from helpdesk.inbox.tagging import read_book
from helpdesk.models import (
    Attachment,
    Brand,
    ChannelAccount,
    Event,
    MediaFetch,
    Message,
    MessageName,
    Ticket,
)
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_message, add_ticket


@pytest.fixture
def line(database: Database, brand: Brand) -> ChannelAccount:
    with database.write() as unit:
        account = ChannelAccount(brand_id=brand.pk, kind="line", address="L", created_at=unit.now)
        unit.session.add(account)
    return account


@pytest.fixture
def ticket(database: Database, brand: Brand, line: ChannelAccount) -> Ticket:
    return add_ticket(database, brand, channel="line", account_id=line.pk)


def add(database: Database, ticket: Ticket, text: str = "", name: str = "", **given: Any) -> Message:
    values = {"channel": "line", "account_id": ticket.account_id, **given}
    message = add_message(database, ticket, text, **values)
    if name:
        with database.write() as unit:
            unit.session.add(MessageName(account_id=ticket.account_id or 0, name=name, message_id=message.pk))
    return message


def put_file(database: Database, message: Message, name: str = "a.jpg") -> None:
    with database.write() as unit:
        unit.session.add(
            Attachment(
                brand_id=message.brand_id,
                message_id=message.pk,
                name=name,
                content_type="image/jpeg",
                size=1,
                sha256="0" * 64,
            )
        )


def read(database: Database, access: Access, ticket: Ticket) -> Conversation:
    with database.read() as unit:
        return conversation.get(unit, access, ticket.key, book=read_book(unit, access))


def shown(talk: Conversation) -> list[Said]:
    return [entry for entry in talk.shown if isinstance(entry, Said)]


def test_an_answer_shows_what_it_answers(database: Database, ticket: Ticket, access: Access) -> None:
    first = add(database, ticket, "明日発送します", "m1", direction="out", ago=9)
    add(database, ticket, "ありがとう", ago=8, content={"quotes": "m1"})
    add(database, ticket, "え？", ago=7, content={"quotes": "gone"})
    _, thanks, what = shown(read(database, access, ticket))
    assert thanks.quote and (thanks.quote.words, thanks.quote.here) == ("明日発送します", True)
    assert thanks.quote.key == first.key
    assert what.quote is not None and not what.quote.words and not what.quote.here


def test_a_name_at_another_account_is_another_message(
    database: Database, brand: Brand, ticket: Ticket, access: Access
) -> None:
    with database.write() as unit:
        other = ChannelAccount(brand_id=brand.pk, kind="telegram", address="T", created_at=unit.now)
        unit.session.add(other)
        unit.session.flush()
    strange = add_message(database, ticket, "別の話", ago=9)
    with database.write() as unit:
        unit.session.add(MessageName(account_id=other.pk, name="m1", message_id=strange.pk))
    add(database, ticket, "これ", ago=8, content={"quotes": "m1"})
    assert [one.quote.words for one in shown(read(database, access, ticket)) if one.quote] == [""]


def test_nothing_is_asked_where_nothing_is_answered(
    database: Database, ticket: Ticket, access: Access
) -> None:
    add(database, ticket, "こんにちは")
    said: list[str] = []
    event.listen(database._reader, "before_cursor_execute", lambda _c, _k, sql, *_: said.append(sql))
    read(database, access, ticket)
    assert not [one for one in said if "FROM message_names" in one]


def album(place: int, total: int = 3) -> dict[str, Any]:
    return {"type": "image", "album": {"id": "S", "index": place, "total": total}}


def test_pictures_sent_as_a_set_are_one_message_in_their_order(
    database: Database, ticket: Ticket, access: Access
) -> None:
    for place in (2, 1, 3):
        put_file(database, add(database, ticket, ago=10 - place / 100, content=album(place)), f"{place}.jpg")
    (one,) = shown(read(database, access, ticket))
    assert [part.files[0].name for part in one.parts] == ["1.jpg", "2.jpg", "3.jpg"]
    assert len(one.keys) == 3


def test_a_set_stays_one_when_something_happened_between(
    database: Database, ticket: Ticket, access: Access
) -> None:
    add(database, ticket, ago=10, content=album(1))
    with database.write() as unit:
        at = unit.now - timedelta(minutes=9.5)
        unit.session.add(Event(brand_id=ticket.brand_id, ticket_id=ticket.pk, name="opened", created_at=at))
    add(database, ticket, ago=9, content=album(2))
    assert [len(one.parts) for one in shown(read(database, access, ticket))] == [2]


def test_another_set_and_words_between_begin_anew(database: Database, ticket: Ticket, access: Access) -> None:
    add(database, ticket, ago=10, content=album(1))
    add(database, ticket, "これです", ago=9)
    add(database, ticket, ago=8, content=album(2))
    add(database, ticket, ago=7, content={"type": "image", "album": {"id": "other", "index": 1}})
    assert [len(one.parts) for one in shown(read(database, access, ticket))] == [0, 0, 0, 0]


def test_a_page_that_lacks_a_picture_of_a_set_is_drawn_anew(
    database: Database, ticket: Ticket, access: Access
) -> None:
    add(database, ticket, ago=10, content=album(1))
    add(database, ticket, ago=9, content=album(2))
    before = mark(read(database, access, ticket))
    add(database, ticket, ago=8, content=album(3))
    assert find_added(read(database, access, ticket), before) is None


def test_the_line_above_what_is_new_stands_above_its_set(
    database: Database, ticket: Ticket, access: Access
) -> None:
    add(database, ticket, ago=10, content=album(1))
    new = add(database, ticket, ago=9, content=album(2))
    with database.read() as unit:
        talk = conversation.get(unit, access, ticket.key, book=read_book(unit, access), new=new.key)
    assert [one.kind for one in talk.shown] == ["day", "new", "message"]


@pytest.mark.parametrize("state", ["queued", "done", "failed"])
def test_a_file_is_on_its_way_until_it_is_here_or_lost(
    database: Database, ticket: Ticket, access: Access, state: str
) -> None:
    message = add(database, ticket, content={"type": "image"})
    with database.write() as unit:
        unit.session.add(
            MediaFetch(
                brand_id=ticket.brand_id,
                account_id=ticket.account_id or 0,
                message_id=message.pk,
                ref="1",
                state=state,
                next_at=unit.now,
                created_at=unit.now,
            )
        )
    (one,) = shown(read(database, access, ticket))
    assert one.coming is (state == "queued")


def test_what_became_of_a_message_is_read_from_its_marks(
    database: Database, ticket: Ticket, access: Access
) -> None:
    at = "2026-01-05T09:00:00+00:00"
    marks = {"read_at": at, "versions": ["1", "2"], "reactions": {"U": {"emoji": "👍", "at": at}}}
    add(database, ticket, "3", direction="out", marks=marks)
    (one,) = shown(read(database, access, ticket))
    assert one.when("read_at") and not one.when("delivered_at")
    assert one.versions == ("2", "1") and [sign.emoji for sign in one.reactions] == ["👍"]
