"""An answer as LINE takes it: requests of at most five messages, the same at every attempt."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from helpdesk.channels import cards
from helpdesk.channels.cut import cut, utf16
from helpdesk.channels.protocol import File, Outgoing
from helpdesk.errors import Rejected
from helpdesk.i18n import gettext as _

LONGEST = 5000  # UTF-16 units of one text
AT_ONCE = 5  # messages of one request
MOST_CHOICES = 13
LONGEST_LABEL = 20
LONGEST_NAME = 20
PICTURES = ("image/jpeg", "image/png")
MOST_PICTURE = 10_000_000  # bytes
MOST_PREVIEW = 1_000_000
LONGEST_URL = 2000

Message = dict[str, Any]


def compose(outgoing: Outgoing) -> bytes:
    """{"to", "reply"?: {"token", "until"}, "requests": [{"key", "messages"}]}.

    Raises Rejected when there is nothing that could be sent.
    """
    messages = [
        *({"type": "text", "text": one} for one in cut(outgoing.text, LONGEST, utf16)),
        *([card(outgoing.card)] if outgoing.card else ()),
        *map(_file, outgoing.attachments),
    ]
    if not messages or not outgoing.to:
        raise Rejected(_("there is nothing in this message that LINE can show"))
    _sign(messages, outgoing)
    parts = [messages[at : at + AT_ONCE] for at in range(0, len(messages), AT_ONCE)]
    made: dict[str, Any] = {
        "to": outgoing.to[0].address,
        "requests": [
            {"key": str(uuid5(NAMESPACE_URL, f"{outgoing.id}#{number}")), "messages": part}
            for number, part in enumerate(parts)
        ],
    }
    if outgoing.reply_token and outgoing.reply_until:
        made["reply"] = {"token": outgoing.reply_token, "until": outgoing.reply_until.isoformat()}
    return json.dumps(made, ensure_ascii=False).encode()


def _sign(messages: Sequence[Message], outgoing: Outgoing) -> None:
    """Who writes stands over each message; what can be pressed hangs on the last."""
    name = " ".join(outgoing.sender.name.split())[:LONGEST_NAME]
    if name and "line" not in name.casefold():  # refused by LINE
        for one in messages:
            one["sender"] = {"name": name}
    if outgoing.choices:
        items = [_choice(one) for one in outgoing.choices[:MOST_CHOICES]]
        messages[-1]["quickReply"] = {"items": items}


def _choice(words: str) -> dict[str, Any]:
    label = words if len(words) <= LONGEST_LABEL else f"{words[: LONGEST_LABEL - 1]}…"
    return {"type": "action", "action": {"type": "message", "label": label, "text": words[:300]}}


def _file(file: File) -> Message:
    """Pictures as such; LINE has no message for other files, so they go as a link."""
    if not file.url or len(file.url) > LONGEST_URL:
        raise Rejected(_("%(name)s cannot be sent: set the public address of the helpdesk", name=file.name))
    preview = file.preview_url or (file.url if len(file.content) <= MOST_PREVIEW else "")
    if file.content_type in PICTURES and len(file.content) <= MOST_PICTURE and preview:
        return {"type": "image", "originalContentUrl": file.url, "previewImageUrl": preview}
    return {"type": "text", "text": f"{file.name}\n{file.url}"}


def card(given: Mapping[str, Any]) -> Message:
    """An order: {"title", "lines": [str], "url"?, "label"?} as a bubble."""
    lines = cards.lines(given)
    body = [_line(str(given["title"]), weight="bold"), *(_line(one, size="sm") for one in lines)]
    bubble: dict[str, Any] = {
        "type": "bubble",
        "body": {"type": "box", "layout": "vertical", "contents": body},
    }
    if url := cards.url(given):
        label = cards.shortened(cards.label(given), LONGEST_LABEL)
        action = {"type": "uri", "label": label, "uri": url[:LONGEST_URL]}
        button = {"type": "button", "style": "primary", "action": action}
        bubble["footer"] = {"type": "box", "layout": "vertical", "contents": [button]}
    alternative = " ".join([str(given["title"]), *lines])[:400]
    return {"type": "flex", "altText": alternative, "contents": bubble}


def _line(words: str, **look: str) -> dict[str, Any]:
    return {"type": "text", "text": words or "-", "wrap": True, **look}


def reply_until(made: Mapping[str, Any]) -> datetime | None:
    given = made.get("reply")
    return datetime.fromisoformat(given["until"]) if given else None
