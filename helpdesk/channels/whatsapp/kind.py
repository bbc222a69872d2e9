"""WhatsApp as delivery sees it: free words within a day of the customer's last, templates after that."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from helpdesk.channels import cards
from helpdesk.channels.cut import cut
from helpdesk.channels.http import open_http
from helpdesk.channels.meta.graph import Graph
from helpdesk.channels.meta.line import GraphLine
from helpdesk.channels.protocol import Account, File, Outgoing, Traits
from helpdesk.errors import Rejected
from helpdesk.i18n import gettext as _

DAY = timedelta(hours=24)
LONGEST = 4096
LONGEST_BUTTON = 20
LONGEST_BODY = 1024  # beside buttons
MOST_BUTTONS = 3
PICTURES = ("image/jpeg", "image/png")

Body = dict[str, Any]


class WhatsApp:
    @property
    def traits(self) -> Traits:
        return Traits(
            max_length=20_000,
            once=True,
            max_attachment_bytes=16_000_000,
            reply_window=DAY,
            longest=LONGEST,
            most_choices=MOST_BUTTONS,
            longest_choice=LONGEST_BUTTON,
        )

    def prepare(self, account: Account, outgoing: Outgoing) -> bytes:
        bodies = [_template(outgoing.template)] if outgoing.template else _free(outgoing)
        if not bodies or not outgoing.to:
            raise Rejected(_("there is nothing in this message that could be sent"))
        head = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **_recipient(outgoing.to[0].address),
            "biz_opaque_callback_data": outgoing.id,
        }
        if outgoing.answers:
            bodies[0]["context"] = {"message_id": outgoing.answers}
        return json.dumps(
            {"to": outgoing.to[0].address, "requests": [{**head, **one} for one in bodies]}
        ).encode()

    def open(self, account: Account) -> GraphLine | None:
        if not account.secrets.get("access_token"):
            return None
        return GraphLine(account, open_http(), name="WhatsApp")

    async def fetch(self, account: Account, ref: str, *, most: int) -> tuple[bytes, str]:
        """By its id: the address that this gives is good for five minutes."""
        async with open_http() as http:
            graph = Graph(account, http, name="WhatsApp")
            told = await graph.get(quote(ref, safe=""))
            return await graph.file(str(told.get("url") or ""), most=most, signed_in=True)


def _recipient(address: str) -> dict[str, str]:
    """A business-scoped id has its country and a dot before it; a number has digits alone."""
    return {"to": address} if address.lstrip("+").isdecimal() else {"recipient": address}


def _free(outgoing: Outgoing) -> list[Body]:
    texts = cut(cards.in_words(outgoing.text, outgoing.card), LONGEST)
    bodies: list[Body] = [{"type": "text", "text": {"body": one, "preview_url": False}} for one in texts]
    if bodies and outgoing.choices and len(texts[-1]) <= LONGEST_BODY:
        bodies[-1] = _buttons(texts[-1], outgoing.choices)
    return [*bodies, *(_file(one) for one in outgoing.attachments)]


def _buttons(text: str, choices: Sequence[str]) -> Body:
    buttons = [
        {"type": "reply", "reply": {"id": one[:256], "title": one[:LONGEST_BUTTON]}}
        for one in choices[:MOST_BUTTONS]
    ]
    interactive = {"type": "button", "body": {"text": text}, "action": {"buttons": buttons}}
    return {"type": "interactive", "interactive": interactive}


def _file(file: File) -> Body:
    if not file.url:
        raise Rejected(_("%(name)s cannot be sent: set the public address of the helpdesk", name=file.name))
    kind = file.content_type.partition("/")[0]
    if file.content_type in PICTURES:
        return {"type": "image", "image": {"link": file.url}}
    if kind in ("audio", "video"):
        return {"type": kind, kind: {"link": file.url}}
    return {"type": "document", "document": {"link": file.url, "filename": file.name}}


def _template(given: Mapping[str, Any]) -> Body:
    """{"name", "language", "parameters": [str | {"name", "text"}]}: a text that Meta has approved, filled."""
    parameters = [_parameter(one) for one in given.get("parameters") or ()]
    components = [{"type": "body", "parameters": parameters}] if parameters else []
    language = {"policy": "deterministic", "code": str(given["language"])}
    template = {"name": str(given["name"]), "language": language, "components": components}
    return {"type": "template", "template": template}


def _parameter(value: str | Mapping[str, str]) -> dict[str, str]:
    """By its place, or by its name."""
    if isinstance(value, str):
        return {"type": "text", "text": value}
    return {"type": "text", "parameter_name": value["name"], "text": value["text"]}
