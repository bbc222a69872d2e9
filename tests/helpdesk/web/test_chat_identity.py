"""Who may write in the chat, as whom, and how much."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import select

from helpdesk.channels.chat.config import sign
from helpdesk.customers import merge, suggest
from helpdesk.customers.identify import identify
from helpdesk.models import (
    Agent,
    Brand,
    ChannelAccount,
    ChatLine,
    Customer,
    CustomerMerge,
    Message,
    Ticket,
    Visitor,
)
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from helpdesk.web import chat
from helpdesk.work.schedule import Parts as Work
from tests.helpdesk.chat.desk import Open, rows, secret_of


def test_looking_alone_leaves_no_trace(open_window: Open, database: Database) -> None:
    window = open_window()
    again = open_window(visitor=window.token)
    assert again.token == window.token
    assert rows(database, Visitor) == []
    assert open_window(visitor="forged." + "a" * 24).token != "forged." + "a" * 24


def test_a_signed_user_is_the_customer_and_nobody_else(
    open_window: Open,
    widget: ChannelAccount,
    seal: Seal,
    database: Database,
    brand: Brand,
    work: Work,
    answer: Callable[..., Message],
) -> None:
    with database.write() as unit:
        hanako = identify(unit, brand.pk, "shop", "u-17", name="佐藤 花子")
    stranger = open_window()
    stranger.write("k1", "before signing in")
    work.intake.drain()
    assert rows(database, Ticket)[0].customer_id != hanako.pk
    proof = {"user": "u-17", "hash": sign(secret_of(widget, seal), "u-17")}
    signed = open_window(visitor=stranger.token, **proof)
    assert [one["text"] for one in signed.welcome["history"]] == ["before signing in"]
    assert rows(database, Ticket)[0].customer_id == hanako.pk
    assert [one.pk for one in rows(database, Customer) if one.merged_into_id is None] == [hanako.pk]
    elsewhere = open_window(**proof)
    assert [one["text"] for one in elsewhere.welcome["history"]] == ["before signing in"]
    assert elsewhere.write("k2", "from my phone")["seq"] == 2
    work.intake.drain()
    assert {one.customer_id for one in rows(database, Message)} == {hanako.pk}
    for wrong in ({}, {"user": "u-17", "hash": "0" * 64}, {"user": "u-18", "hash": proof["hash"]}):
        other = open_window(visitor=elsewhere.token, **wrong)
        assert other.welcome["history"] == []
        assert other.token != elsewhere.token


@pytest.mark.parametrize(
    ("said", "code", "closes"),
    [
        ("not json", "unreadable", 4400),
        ("[]", "unreadable", 4400),
        (b"bytes", "unreadable", 4400),
        ('{"type":"hello","page":"' + "x" * 64_000 + '"}', "too_large", 4400),
        ('{"type":"message","key":"k","text":"before hello"}', "hello", 4400),
    ],
)
def test_what_no_widget_says_is_refused_with_a_reason(
    open_window: Open, said: str | bytes, code: str, closes: int
) -> None:
    window = open_window(greets=False)
    window.say(said)
    assert window.closed_with() == closes
    assert window.heard[-1]["code"] == code
    assert window.heard[-1]["text"]


def test_foreign_pages_and_unknown_keys_are_turned_away(open_window: Open) -> None:
    foreign = open_window(greets=False, origin="https://evil.example")
    assert foreign.closed_with() == chat.FOREIGN
    assert foreign.heard[-1]["code"] == "origin"
    unknown = open_window(greets=False, brand="nobody")
    assert unknown.closed_with() == chat.UNKNOWN
    assert unknown.heard[-1]["code"] == "brand"
    assert open_window(origin="https://SHOP.example:443").welcome["visitor"]


def test_twenty_messages_in_ten_seconds_are_enough(open_window: Open, database: Database) -> None:
    window = open_window()
    for number in range(20):
        window.write(f"k{number}", f"{number}")
    window.say({"type": "message", "key": "late", "text": "too fast"})
    refused = window.hear("error")
    assert (refused["code"], refused["key"]) == ("rate_limited", "late")
    assert 0 < refused["retry_after"] <= 10
    assert len(rows(database, ChatLine)) == 20


def test_who_was_parted_from_a_user_stays_apart_when_that_user_signs_in_there(
    open_window: Open, widget: ChannelAccount, seal: Seal, database: Database, work: Work, agent: Agent
) -> None:
    """What was said before stays with whom an agent gave it to; the user begins anew, on every device."""
    stranger = open_window()
    stranger.write("k1", "before signing in")
    work.intake.drain()
    proof = {"user": "u-17", "hash": sign(secret_of(widget, seal), "u-17")}
    open_window(visitor=stranger.token, **proof)
    with database.write() as unit:
        done = unit.session.exec(select(CustomerMerge)).one()
        person, user = (unit.session.get_one(Customer, pk) for pk in (done.source_id, done.target_id))
        merge.undo(unit, done, by=agent)
        suggest.keep_apart(unit, person, user, by=agent)
    again = open_window(visitor=stranger.token, **proof)
    assert again.welcome["history"] == []
    again.write("k2", "I am the user")
    assert [one["text"] for one in open_window(**proof).welcome["history"]] == ["I am the user"]
    work.intake.drain()
    assert {one.text: one.customer_id for one in rows(database, Message)} == {
        "before signing in": person.pk,
        "I am the user": user.pk,
    }
