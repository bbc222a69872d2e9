"""Telephone calls in the inbox: who has to be called back, who was talked with, what was said after the tone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from helpdesk.customers.identify import identify
from helpdesk.intake.pipeline import Intake
from helpdesk.models import (
    Brand,
    ChannelAccount,
    Contact,
    Customer,
    Identity,
    InboundEvent,
    MediaFetch,
    Message,
    Ticket,
)
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.helpdesk.stories import only, rows

TOKEN = "a token of the line"
CALLER = "+819012345678"
Twilio = Callable[..., int]
Aircall = Callable[..., int]


@pytest.fixture
def line(database: Database, brand: Brand, seal: Seal) -> ChannelAccount:
    with database.write() as unit:
        account = ChannelAccount(
            brand_id=brand.pk,
            kind="phone",
            address="+81312345678",
            secrets=seal.close({"auth_token": TOKEN, "token": TOKEN}),
            created_at=unit.now,
        )
        unit.session.add(account)
    return account


@pytest.fixture
def twilio(client: TestClient, line: ChannelAccount, settings: Settings, intake: Intake) -> Twilio:
    """twilio(CallStatus=…) -> what the hook answered; the event is taken in."""

    def tell(*, token: str = TOKEN, **form: str) -> int:
        given = {"CallSid": "CA1", "From": CALLER, "To": "+81312345678", "Direction": "inbound", **form}
        url = f"{settings.base_url}/hooks/phone/{line.key}"
        said = url + "".join(name + value for name, value in sorted(given.items()))
        signature = base64.b64encode(hmac.new(token.encode(), said.encode(), hashlib.sha1).digest()).decode()
        headers = {"x-twilio-signature": signature, "content-type": "application/x-www-form-urlencoded"}
        path = f"/hooks/phone/{line.key}"
        answer = client.post(path, content=urlencode(given).encode(), headers=headers)
        while intake.drain():
            pass
        return answer.status_code

    return tell


@pytest.fixture
def aircall(client: TestClient, line: ChannelAccount, intake: Intake) -> Aircall:
    def tell(event: str, *, token: str = TOKEN, **data: Any) -> int:
        given = {"id": 7, "direction": "inbound", "raw_digits": "+81 90-1234-5678", **data}
        told = {"resource": "call", "event": event, "timestamp": 1767581400, "token": token, "data": given}
        answer = client.post(f"/hooks/phone/{line.key}", content=json.dumps(told).encode())
        while intake.drain():
            pass
        return answer.status_code

    return tell


def test_a_missed_call_waits_to_be_returned(database: Database, twilio: Twilio) -> None:
    assert [twilio(CallStatus=state) for state in ("ringing", "no-answer")] == [200, 200]
    ticket, message, contact = only(database, Ticket), only(database, Message), only(database, Contact)
    assert (ticket.status, ticket.channel, ticket.subject) == ("open", "phone", f"不在着信 · {CALLER}")
    assert ticket.waiting_since == message.sent_at
    assert message.content == {"type": "call", "state": "missed", "seconds": 0, "inbound": True}
    assert (contact.address, only(database, Identity).kind) == (CALLER, "phone")


def test_a_call_that_was_taken_stands_in_a_closed_ticket(database: Database, twilio: Twilio) -> None:
    twilio(CallStatus="completed", CallDuration="63")
    ticket, message = only(database, Ticket), only(database, Message)
    assert (ticket.status, ticket.waiting_since) == ("closed", None)
    assert (message.content["state"], message.content["seconds"]) == ("completed", 63)


def test_whoever_is_called_back_waits_no_longer(database: Database, twilio: Twilio) -> None:
    twilio(CallStatus="no-answer")
    back = {"CallSid": "CA2", "From": "+81312345678", "To": CALLER, "Direction": "outbound-api"}
    twilio(**back, CallStatus="no-answer")
    assert only(database, Ticket).waiting_since is not None
    twilio(**{**back, "CallSid": "CA3"}, CallStatus="completed", CallDuration="40")
    ticket = only(database, Ticket)
    assert (ticket.status, ticket.waiting_since) == ("pending", None)
    assert [(one.direction, one.content["state"]) for one in rows(database, Message)] == [
        ("in", "missed"),
        ("out", "no-answer"),
        ("out", "completed"),
    ]


@pytest.mark.parametrize("recording_first", [True, False])
def test_a_word_after_the_tone_waits_for_an_answer(
    database: Database, twilio: Twilio, recording_first: bool
) -> None:
    """For Twilio a caller who spoke to a machine has been answered."""
    recording = {
        "RecordingSid": "RE1",
        "RecordingUrl": "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1",
        "RecordingSource": "RecordVerb",
        "RecordingStatus": "completed",
    }
    told = [recording, {"CallStatus": "completed", "CallDuration": "12"}]
    for one in told if recording_first else reversed(told):
        twilio(**one)
    ticket, message, fetch = only(database, Ticket), only(database, Message), only(database, MediaFetch)
    assert (ticket.status, ticket.waiting_since) == ("open", message.sent_at)
    assert (message.content["state"], message.content["voicemail"]) == ("missed", True)
    assert (fetch.ref, fetch.message_id) == (f"{recording['RecordingUrl']}.mp3", message.pk)
    twilio(**recording)
    assert len(rows(database, MediaFetch)) == 1


def test_the_recording_of_a_talk_opens_nothing(database: Database, twilio: Twilio) -> None:
    twilio(CallStatus="completed", CallDuration="12")
    twilio(RecordingSid="RE1", RecordingUrl="https://api.twilio.com/RE1", RecordingSource="DialVerb")
    assert only(database, Ticket).status == "closed"
    assert only(database, MediaFetch).ref == "https://api.twilio.com/RE1.mp3"


def test_the_same_call_again_is_there_once(database: Database, twilio: Twilio) -> None:
    for _again in range(3):
        twilio(CallStatus="busy")
        twilio(CallStatus="busy", SequenceNumber="4")
    assert len(rows(database, Message)) == 1
    assert only(database, Ticket).messages_count == 1


@pytest.mark.parametrize("given", ["+266696687", "anonymous", ""])
def test_callers_who_hide_their_number_are_not_one_person(
    database: Database, twilio: Twilio, given: str
) -> None:
    twilio(CallStatus="no-answer", From=given)
    twilio(CallStatus="no-answer", From=given, CallSid="CA2")
    assert len(rows(database, Customer)) == len(rows(database, Ticket)) == 2
    assert {one.kind for one in rows(database, Identity)} == {"call"}


def test_aircall_tells_who_took_the_call(database: Database, aircall: Aircall) -> None:
    answered = {"answered_at": 1767581340, "ended_at": 1767581400, "duration": 60}
    aircall("call.ended", **answered, user={"name": "Aya"}, contact={"first_name": "Hana", "last_name": "M"})
    message, customer = only(database, Message), only(database, Customer)
    assert (message.content["agent"], message.content["seconds"]) == ("Aya", 60)
    assert (customer.name, only(database, Contact).address) == ("Hana M", CALLER)
    assert only(database, Ticket).status == "closed"


def test_a_voicemail_of_aircall_is_fetched_once(database: Database, aircall: Aircall) -> None:
    aircall("call.ended", voicemail="https://files.example/v.mp3?signed=1")
    aircall("call.voicemail_left", voicemail="https://files.example/v.mp3?signed=2")
    assert only(database, Message).content["voicemail"]
    assert only(database, Ticket).status == "open"
    assert len(rows(database, MediaFetch)) == 1


def test_what_is_not_signed_is_not_kept(database: Database, twilio: Twilio, aircall: Aircall) -> None:
    assert twilio(CallStatus="busy", token="another") == 401
    assert aircall("call.ended", token="another") == 401
    assert rows(database, InboundEvent) == []


def test_a_call_speaks_the_language_of_its_caller(database: Database, brand: Brand, twilio: Twilio) -> None:
    with database.write() as unit:
        identify(unit, brand.pk, "phone", CALLER, language="en")
    twilio(CallStatus="busy")
    assert (only(database, Ticket).language, only(database, Customer).language) == ("en", "en")
