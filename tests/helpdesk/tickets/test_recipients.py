"""Whom an answer reaches: the customer, everybody who was written to, or somebody else altogether."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from helpdesk.errors import Invalid
from helpdesk.models import Agent, Attachment, Event, Message, Ticket
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.tickets import recipients, reply
from helpdesk.tickets.letter import written
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import only, rows

Post = Callable[..., Message]


@pytest.fixture
def post(database: Database, ticket: Ticket, agent: Agent, files: Files) -> Post:
    def post(body: str = "はい", **given: Any) -> Message:
        with database.write() as unit:
            by, ours = unit.session.get_one(Agent, agent.pk), unit.session.get_one(Ticket, ticket.pk)
            return reply.post(unit, ours, written(body, **given), by=by, files=files)

    return post


def addresses(people: list[dict[str, Any]]) -> list[str]:
    return [one["address"] for one in people]


def copied(deliver: Deliver) -> None:
    deliver(
        "皆さま",
        to="support@aoba.example, support+abc@aoba.example, Taro <taro@example.jp>",
        cc="hanako@example.jp, jiro@example.jp, TARO@example.jp",
        in_reply_to="<first@example.jp>",
        message_id="<second@example.jp>",
        date="",
    )


def test_reply_all_reaches_everybody_but_ourselves(deliver: Deliver, post: Post) -> None:
    copied(deliver)
    message = post(kind="reply_all")
    assert addresses(message.to) == ["hanako@example.jp"]
    assert [one.lower() for one in addresses(message.cc)] == ["taro@example.jp", "jiro@example.jp"]
    assert message.in_reply_to == "second@example.jp"


def test_a_plain_reply_reaches_the_customer_alone(deliver: Deliver, post: Post) -> None:
    copied(deliver)
    message = post()
    assert (addresses(message.to), message.cc, message.bcc) == (["hanako@example.jp"], [], [])


def test_what_the_agent_filled_in_wins_and_nobody_gets_it_twice(post: Post) -> None:
    message = post(
        to=["山田 <hanako@example.jp>, x@example.jp"],
        cc=["X@example.jp", "y@example.jp"],
        bcc=["y@example.jp", "z@example.jp"],
    )
    assert addresses(message.to) == ["hanako@example.jp", "x@example.jp"]
    assert (addresses(message.cc), addresses(message.bcc)) == (["y@example.jp"], ["z@example.jp"])


@pytest.mark.parametrize(
    "wrong", ["nobody", "a@b", "a b@c.example", "a@b.example\r\nBcc: x@y.example", "<>", "@x.example"]
)
def test_what_is_no_address_is_refused_by_name(post: Post, database: Database, wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        post(cc=[wrong])
    assert refused.value.field == "cc"
    assert len(rows(database, Message)) == 1


def test_a_forward_is_no_answer(
    database: Database, ticket: Ticket, agent: Agent, post: Post, files: Files
) -> None:
    first = only(database, Message)
    with database.write() as unit:
        unit.session.add_all(
            Attachment(
                brand_id=ticket.brand_id, message_id=first.pk, name=name, size=3, sha256=files.put(b"abc")
            )
            for name in ("a.jpg", "b.jpg")
        )
    stays = next(one.key for one in rows(database, Attachment) if one.name == "b.jpg")
    before = only(database, Ticket)
    message = post(
        "ご確認ください", kind="forward", to=["maker@factory.example"], forwarded=first.key, without=[stays]
    )
    after = only(database, Ticket)
    assert (after.status, after.waiting_since, after.first_response_at) == (
        "open",
        before.waiting_since,
        None,
    )
    assert (message.subject, message.forwarded_id, message.in_reply_to) == (
        "Fwd: お問い合わせ",
        first.pk,
        None,
    )
    assert "荷物が届きません。" in message.quoted
    assert "hanako@example.jp" in message.quoted
    with database.read() as unit:
        files_along = unit.session.exec(select(Attachment).where(Attachment.message_id == message.pk)).all()
    assert [one.name for one in files_along] == ["a.jpg"]
    assert "forwarded" in [one.name for one in rows(database, Event)]


def test_a_forward_needs_somebody_and_a_message_of_the_ticket(database: Database, post: Post) -> None:
    first = only(database, Message)
    with pytest.raises(Invalid) as refused:
        post(kind="forward", forwarded=first.key)
    assert refused.value.field == "to"
    with pytest.raises(Invalid) as refused:
        post(kind="forward", forwarded="unknown", to=["x@y.example"])
    assert refused.value.field == "forwarded"


def test_an_answer_after_a_third_party_wrote_stays_in_the_customers_thread(
    deliver: Deliver, post: Post, database: Database
) -> None:
    sent = post("確認", kind="forward", to=["maker@factory.example"], forwarded=only(database, Message).key)
    deliver(
        "在庫あり",
        sender="maker@factory.example",
        subject="Re: Fwd: お問い合わせ",
        in_reply_to=f"<{sent.external_id}>",
        message_id="<maker@factory.example>",
        date="",
    )
    answer = post("在庫がありました")
    assert len(rows(database, Ticket)) == 1
    assert (addresses(answer.to), answer.subject) == (["hanako@example.jp"], "Re: お問い合わせ")
    assert answer.in_reply_to == "first@example.jp"


def test_the_customers_words_go_along_when_asked_for(post: Post) -> None:
    message = post("はい", quote=True)
    first, _, rest = message.quoted.partition("\n")
    assert "山田 花子" in first
    assert rest == "荷物が届きません。"


def test_addresses_are_read_with_their_names() -> None:
    assert recipients.read_people(['"Yamada, H" <h@example.jp>', " ", "a@b.example"], "to") == [
        {"name": "Yamada, H", "address": "h@example.jp"},
        {"name": "", "address": "a@b.example"},
    ]


def test_a_message_to_a_crowd_is_refused_whoever_named_them() -> None:
    people = [{"name": "", "address": f"{n}@example.jp"} for n in range(20)]
    recipients.require_few(people, people, people[:10])
    with pytest.raises(Invalid, match="at most 50"):
        recipients.require_few(people, people, people)
    with pytest.raises(Invalid, match="at most 50"):
        recipients.read_people(["a@example.jp, " * 5000], "cc")
