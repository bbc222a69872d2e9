"""A conversation: everything said, in order, with what happened between."""

from __future__ import annotations

import pytest

from helpdesk.access import Access
from helpdesk.errors import NotFound
from helpdesk.inbox import conversation
from helpdesk.inbox.conversation import Conversation, Said
from helpdesk.inbox.tagging import read_book
from helpdesk.models import Agent, Attachment, Brand, ChannelAccount, Delivery, Direction
from helpdesk.store.db import Database
from helpdesk.tickets import assign, tag
from tests.helpdesk.desk import add_message, add_ticket, put_tag


def read(database: Database, access: Access, key: str, **given: bool) -> Conversation:
    with database.read() as unit:
        return conversation.get(unit, access, key, book=read_book(unit, access), **given)


def said(talk: Conversation) -> list[Said]:
    return [entry for entry in talk.entries if isinstance(entry, Said)]


def test_messages_stand_from_oldest_to_newest(database: Database, brand: Brand, access: Access) -> None:
    ticket = add_ticket(database, brand)
    add_message(database, ticket, "third", ago=1, direction=Direction.NOTE)
    add_message(database, ticket, "first", ago=30)
    add_message(database, ticket, "second", ago=10, direction=Direction.OUT)
    assert [entry.own[0].text for entry in said(read(database, access, ticket.key))] == [
        "first",
        "second",
        "third",
    ]


def test_quoted_text_is_apart_from_the_writers_own_words(
    database: Database, brand: Brand, access: Access
) -> None:
    ticket = add_ticket(database, brand)
    add_message(database, ticket, "Own\n> old", reply="Own", quoted="> old")
    add_message(database, ticket, "> only a quote", reply="", quoted="> only a quote", ago=1)
    first, second = said(read(database, access, ticket.key))
    assert (first.own[0].text, first.quoted) == ("Own", "> old")
    assert (second.own[0].text, second.quoted) == ("> only a quote", "")


def test_a_new_subject_is_shown_but_not_a_reply_to_the_same(
    database: Database, brand: Brand, access: Access
) -> None:
    ticket = add_ticket(database, brand, subject="荷物について")
    add_message(database, ticket, "a", subject="Re: Re: 荷物について", ago=2)
    add_message(database, ticket, "b", subject="別件です", ago=1)
    assert [entry.new_subject for entry in said(read(database, access, ticket.key))] == [False, True]


def test_files_and_the_way_out_stand_with_their_message(
    database: Database, brand: Brand, access: Access, account: ChannelAccount
) -> None:
    ticket = add_ticket(database, brand)
    message = add_message(
        database, ticket, "hi", direction=Direction.OUT, state="failed", failure="550 unknown user"
    )
    with database.write() as unit:
        for name, kind in (("a.png", "image/png"), ("b.pdf", "application/pdf")):
            unit.session.add(
                Attachment(
                    brand_id=brand.pk,
                    message_id=message.pk,
                    name=name,
                    content_type=kind,
                    size=9,
                    sha256="0" * 64,
                )
            )
        delivery = Delivery(
            brand_id=brand.pk,
            account_id=account.pk,
            message_id=message.pk,
            external_id="x",
            next_at=unit.now,
            created_at=unit.now,
        )
        unit.session.add(delivery)
    (entry,) = said(read(database, access, ticket.key))
    assert [(file.name, file.image) for file in entry.files] == [("a.png", True), ("b.pdf", False)]
    assert (entry.state, entry.failure, entry.delivery) == ("failed", "550 unknown user", delivery.key)


def test_tags_the_classifier_set_at_once_share_a_line(
    database: Database, brand: Brand, access: Access, agent: Agent
) -> None:
    ticket = add_ticket(database, brand)
    with database.write() as unit:
        ours = unit.session.get_one(type(ticket), ticket.pk)
        tag.add(unit, ours, "late", by=None, source="auto", score=0.97)
        tag.add(unit, ours, "angry", by=None, source="auto", score=0.812)
        assign.to(unit, ours, agent, by=agent)
    lines = [entry for entry in read(database, access, ticket.key).entries if not isinstance(entry, Said)]
    assert [line.text for line in lines] == [
        "Tagged automatically: late 0.97 · angry 0.81",
        "Assigned to Misaki Takahashi",
    ]
    assert lines[1].by == "Misaki Takahashi"


def test_tags_on_the_ticket_are_not_offered_again(database: Database, brand: Brand, access: Access) -> None:
    ticket, other = add_ticket(database, brand), add_ticket(database, brand)
    put_tag(database, ticket, "refund", score=0.8)
    put_tag(database, other, "exchange")
    talk = read(database, access, ticket.key)
    assert [mark.name for mark in talk.tags] == ["refund"]
    assert [mark.name for mark in talk.other_tags] == ["exchange"]


def test_a_long_conversation_begins_with_its_newest_hundred(
    database: Database, brand: Brand, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "NEWEST", 3)
    ticket = add_ticket(database, brand)
    for n in range(5):
        add_message(database, ticket, str(n), ago=10 - n)
    short, whole = read(database, access, ticket.key), read(database, access, ticket.key, everything=True)
    assert ([entry.own[0].text for entry in said(short)], short.more) == (["2", "3", "4"], True)
    assert (len(said(whole)), whole.more) == (5, False)


def test_another_brands_ticket_is_not_there(
    database: Database, brand: Brand, other_brand: Brand, access: Access
) -> None:
    foreign = add_ticket(database, other_brand)
    with pytest.raises(NotFound):
        read(database, access, foreign.key)
