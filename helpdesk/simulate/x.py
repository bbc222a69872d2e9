"""X as a writer of calls: direct messages as its activity interface tells them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpdesk.simulate.deed import Deed, Request, b64, in_json, sha256


def x(deed: Deed, secrets: Mapping[str, str], account: str, *, again: bool = False, url: str = "") -> Request:
    """A sticker is sent as a picture there."""
    payload = _read(deed) if deed.kind == "read" else _message(deed, account)
    data: dict[str, Any] = {
        "event_uuid": f"event-{deed.number}",
        "filter": {"user_id": account},
        "event_type": "dm.read" if deed.kind == "read" else "dm.received",
        "payload": payload,
    }
    body = in_json({"data": data})
    signature = b64(sha256(secrets["consumer_secret"], body))
    return Request(body, {"x-twitter-webhooks-signature": f"sha256={signature}"})


def _message(deed: Deed, account: str) -> dict[str, Any]:
    data: dict[str, Any] = {"text": deed.text, "entities": {}}
    if deed.kind in ("picture", "sticker"):
        short = f"https://t.co/{deed.number}"
        address = str(deed.data["sticker" if deed.kind == "sticker" else "url"])
        data["text"] = f"{deed.text} {short}".strip()
        data["entities"] = {
            "urls": [{"url": short, "expanded_url": f"https://x.com/messages/media/{deed.number}"}]
        }
        data["attachment"] = {"type": "media", "media": {"url": short, "media_url_https": address}}
    event = {
        "type": "message_create",
        "id": deed.number,
        "created_timestamp": str(deed.milliseconds),
        "message_create": {
            "target": {"recipient_id": account},
            "sender_id": deed.who,
            "message_data": data,
        },
    }
    name = str(deed.data.get("name") or "")
    return {"direct_message_events": [event], "users": {deed.who: {"data": {"name": name}}}}


def _read(deed: Deed) -> dict[str, Any]:
    return {"created_timestamp": str(deed.milliseconds), "sender_id": deed.who}
