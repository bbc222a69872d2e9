"""Each provider as a writer of calls: what happened becomes the body it would send, signed as it would sign it.

Written from the providers' own descriptions, apart from the code that reads such calls: each proves the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from helpdesk.simulate.deed import Deed, Request, b64, in_json, sha256
from helpdesk.simulate.telephone import phone, sms
from helpdesk.simulate.x import x

__all__ = ["VENDORS", "Deed", "Request"]
Event = dict[str, Any]


def line(
    deed: Deed, secrets: Mapping[str, str], account: str, *, again: bool = False, url: str = ""
) -> Request:
    event: Event = {
        "type": "message",
        "mode": "active",
        "timestamp": deed.milliseconds,
        "source": {"type": "user", "userId": deed.who},
        "webhookEventId": f"01SIM{deed.number:0>21}",
        "deliveryContext": {"isRedelivery": again},
    }
    event |= _LINE[deed.kind](deed)
    if event["type"] in ("message", "follow", "postback", "accountLink"):
        event["replyToken"] = f"reply-{deed.number}"
    body = in_json({"destination": account, "events": [event]})
    return Request(body, {"x-line-signature": b64(sha256(secrets["channel_secret"], body))})


def meta(name: str) -> Callable[..., Request]:
    """`page` or `instagram`."""

    def call(
        deed: Deed, secrets: Mapping[str, str], account: str, *, again: bool = False, url: str = ""
    ) -> Request:
        event: Event = {
            "sender": {"id": deed.who},
            "recipient": {"id": account},
            "timestamp": deed.milliseconds,
            **_meta_event(deed, name),
        }
        body = in_json(
            {"object": name, "entry": [{"id": account, "time": deed.milliseconds, "messaging": [event]}]}
        )
        return _meta_signed(body, secrets)

    return call


def whatsapp(
    deed: Deed, secrets: Mapping[str, str], account: str, *, again: bool = False, url: str = ""
) -> Request:
    seconds = str(int(deed.at.timestamp()))
    value: Event = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "815000000000", "phone_number_id": account},
        "contacts": [{"wa_id": deed.who, "profile": {"name": str(deed.data.get("name") or "")}}],
    }
    if deed.kind in ("delivered", "read"):
        status = {"id": deed.of, "status": deed.kind, "timestamp": seconds, "recipient_id": deed.who}
        value["statuses"] = [status]
    else:
        message = {"from": deed.who, "id": f"wamid.{deed.number}", "timestamp": seconds}
        value["messages"] = [message | _WHATSAPP[deed.kind](deed)]
    change = {"field": "messages", "value": value}
    body = in_json({"object": "whatsapp_business_account", "entry": [{"id": "WABA", "changes": [change]}]})
    return _meta_signed(body, secrets)


def telegram(
    deed: Deed, secrets: Mapping[str, str], account: str, *, again: bool = False, url: str = ""
) -> Request:
    chat = {"id": int(deed.who), "type": "private", "first_name": str(deed.data.get("name") or "")}
    base: Event = {
        "message_id": int(deed.number),
        "from": chat,
        "chat": chat,
        "date": int(deed.at.timestamp()),
    }
    told: Event = {"message": base | {"text": deed.text}}
    if deed.kind == "picture":
        told = {"message": base | {"photo": [{"file_id": f"file-{deed.number}", "file_size": 9}]}}
    elif deed.kind == "sticker":
        told = {"message": base | {"sticker": {"file_id": f"sticker-{deed.number}", "emoji": deed.text}}}
    elif deed.kind == "edit":
        told = {
            "edited_message": base
            | {"message_id": int(deed.of), "edit_date": base["date"], "text": deed.text}
        }
    elif deed.kind == "block":
        told = {
            "my_chat_member": {"chat": chat, "date": base["date"], "new_chat_member": {"status": "kicked"}}
        }
    body = in_json({"update_id": int(deed.number), **told})
    return Request(body, {"x-telegram-bot-api-secret-token": secrets["webhook_secret"]})


def _meta_event(deed: Deed, name: str) -> Event:
    mid = f"m_{deed.number}"
    if deed.kind == "text":
        return {"message": {"mid": mid, "text": deed.text}}
    if deed.kind in ("picture", "sticker"):
        payload: Event = {"url": str(deed.data["url"])}
        if deed.kind == "sticker":
            payload = {"url": str(deed.data.get("sticker") or payload["url"]), "sticker_id": 369239263222822}
        return {"message": {"mid": mid, "attachments": [{"type": "image", "payload": payload}]}}
    if deed.kind == "unsend":
        return {"message": {"mid": f"m_{deed.of}", "is_deleted": True}}
    if deed.kind == "edit":
        return {"message_edit": {"mid": f"m_{deed.of}", "text": deed.text, "num_edit": 1}}
    if deed.kind == "react":
        return {"reaction": {"mid": deed.of, "action": "react", "reaction": "love", "emoji": deed.text}}
    if deed.kind == "delivered":
        return {"delivery": {"mids": [deed.of], "watermark": deed.milliseconds}}
    if deed.kind == "read":
        return {"read": {"mid": deed.of} if name == "instagram" else {"watermark": deed.milliseconds}}
    return {"postback": {"mid": mid, "title": deed.text, "payload": str(deed.data.get("data") or "")}}


def _message(kind: str, deed: Deed, **more: Any) -> Event:
    return {"message": {"type": kind, "id": deed.number, **more}}


def _media(kind: str, deed: Deed, **more: Any) -> Event:
    return _message(kind, deed, contentProvider={"type": "line"}, **more)


_LINE: Mapping[str, Callable[[Deed], Event]] = {
    "link": lambda deed: {"type": "accountLink", "link": dict(deed.data)},
    "text": lambda deed: _message("text", deed, text=deed.text, quoteToken="q"),
    "sticker": lambda deed: _message(
        *("sticker", deed),
        packageId="446",
        stickerId="1988",
        stickerResourceType="STATIC",
        keywords=[deed.text],
        quoteToken="q",
    ),
    "picture": lambda deed: _media(
        "image", deed, quoteToken="q", **({"imageSet": deed.data["album"]} if "album" in deed.data else {})
    ),
    "voice": lambda deed: _media("audio", deed, duration=3000),
    "location": lambda deed: _message("location", deed, title=deed.text, latitude=35.66, longitude=139.7),
    "unsend": lambda deed: {"type": "unsend", "unsend": {"messageId": deed.of}},
    "edit": lambda deed: {
        "type": "messageEdited",
        "message": {"type": "text", "id": deed.of, "text": deed.text},
    },
    "follow": lambda deed: {"type": "follow", "follow": {"isUnblocked": False}},
    "block": lambda deed: {"type": "unfollow"},
    "press": lambda deed: {"type": "postback", "postback": {"data": str(deed.data.get("data") or deed.text)}},
}
_WHATSAPP: Mapping[str, Callable[[Deed], Event]] = {
    "text": lambda deed: {"type": "text", "text": {"body": deed.text}},
    "picture": lambda deed: {
        "type": "image",
        "image": {"id": f"media-{deed.number}", "mime_type": "image/jpeg", "caption": deed.text},
    },
    "sticker": lambda deed: {
        "type": "sticker",
        "sticker": {"id": f"media-sticker-{deed.number}", "mime_type": "image/webp", "animated": False},
    },
    "location": lambda deed: {
        "type": "location",
        "location": {"latitude": 35.66, "longitude": 139.7, "name": deed.text},
    },
    "unsend": lambda deed: {"type": "revoke", "revoke": {"original_message_id": f"wamid.{deed.of}"}},
    "react": lambda deed: {"type": "reaction", "reaction": {"message_id": deed.of, "emoji": deed.text}},
    "press": lambda deed: {"type": "button", "button": {"text": deed.text, "payload": deed.text}},
}

VENDORS: Mapping[str, Callable[..., Request]] = {
    "line": line,
    "messenger": meta("page"),
    "instagram": meta("instagram"),
    "whatsapp": whatsapp,
    "telegram": telegram,
    "x": x,
    "sms": sms,
    "phone": phone,
}


def _meta_signed(body: bytes, secrets: Mapping[str, str]) -> Request:
    return Request(body, {"x-hub-signature-256": "sha256=" + sha256(secrets["app_secret"], body).hex()})
