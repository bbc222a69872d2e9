"""What somebody does on a channel, as its provider would call us with it; only the signature is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from helpdesk.channels.webhook import write
from helpdesk.demo import shop

ADDRESSES = {"line": "@hinoki", "instagram": "17841400000000001", "whatsapp": "106540000000001"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that somebody does in a conversation. `place` tells the conversations apart."""

    at: datetime
    place: int
    number: int
    talk: Mapping[str, Any]
    given: Mapping[str, Any]


def told(turn: Turn, words: str) -> bytes:
    """`words` are what is said, if anything is."""
    tellers = {"line": _line, "instagram": _instagram, "whatsapp": _whatsapp, "phone": _phone}
    return tellers[turn.talk["channel"]](turn, words)


def _line(turn: Turn, words: str) -> bytes:
    number = f"6{turn.place:03d}{turn.number:03d}"
    message: dict[str, Any] = {"type": "text", "id": number, "text": words}
    if "sticker" in turn.given:
        keywords = {"keywords": [turn.given["sticker"]]}
        message = {"type": "sticker", "id": number, "packageId": "446", "stickerId": "1988", **keywords}
    elif "picture" in turn.given:
        message = {"type": "image", "id": number, "contentProvider": {"type": "line"}}
    event = {
        "type": "message",
        "timestamp": _milliseconds(turn),
        "source": {"type": "user", "userId": turn.talk["who"]},
        "webhookEventId": f"demo{number}",
        "deliveryContext": {"isRedelivery": False},
        "message": message,
    }
    return write({"destination": ADDRESSES["line"], "events": [event]})


def _instagram(turn: Turn, words: str) -> bytes:
    message: dict[str, Any] = {"mid": f"demo-{turn.place}-{turn.number}", "text": words}
    if "picture" in turn.given:
        file = {"type": "image", "payload": {"url": "https://cdn.example/photo.png"}}
        message = {"mid": message["mid"], "attachments": [file]}
    account = ADDRESSES["instagram"]
    event = {
        "sender": {"id": turn.talk["who"]},
        "recipient": {"id": account},
        "timestamp": _milliseconds(turn),
        "message": message,
    }
    entry = {"id": account, "time": _milliseconds(turn), "messaging": [event]}
    return write({"object": "instagram", "entry": [entry]})


def _whatsapp(turn: Turn, words: str) -> bytes:
    number = f"wamid.demo-{turn.place}-{turn.number}"
    message: dict[str, Any] = {"type": "text", "text": {"body": words}}
    if "picture" in turn.given:
        message = {"type": "image", "image": {"id": number, "mime_type": "image/png"}}
    who = turn.talk["who"]
    message |= {"from": who, "id": number, "timestamp": str(int(turn.at.timestamp()))}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "815000000000", "phone_number_id": ADDRESSES["whatsapp"]},
        "contacts": [{"wa_id": who, "profile": {"name": turn.talk["name"]}}],
        "messages": [message],
    }
    entry = {"id": "demo", "changes": [{"field": "messages", "value": value}]}
    return write({"object": "whatsapp_business_account", "entry": [entry]})


def _phone(turn: Turn, words: str) -> bytes:
    talked = int(turn.given.get("talk", 0))
    call = {
        "CallSid": f"CAdemo{turn.place}",
        "From": turn.talk["who"],
        "To": shop.PHONE,
        "Direction": "inbound",
        "CallStatus": "completed" if talked else "no-answer",
        "CallDuration": str(talked),
        "Timestamp": format_datetime(turn.at),
    }
    return urlencode(call).encode()


def _milliseconds(turn: Turn) -> int:
    return int(turn.at.timestamp() * 1000)
