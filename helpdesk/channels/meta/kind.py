"""Messenger and Instagram as delivery sees them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from helpdesk.channels import guarded
from helpdesk.channels.cut import MEASURES, cut
from helpdesk.channels.http import open_http
from helpdesk.channels.meta.card import template
from helpdesk.channels.meta.line import GraphLine
from helpdesk.channels.protocol import Account, File, Outgoing, Traits
from helpdesk.errors import Rejected
from helpdesk.i18n import gettext as _

DAY = timedelta(hours=24)
LONGEST = {"messenger": 2000, "instagram": 1000}
MEASURE = {"messenger": "characters", "instagram": "utf8"}
MOST_CHOICES = 13
LONGEST_LABEL = 20
MEDIA = ("image", "audio", "video")


class Meta:
    """`name` is `messenger` or `instagram`."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def traits(self) -> Traits:
        return Traits(
            max_length=20_000,
            once=True,
            max_attachment_bytes=25_000_000,
            reply_window=DAY,
            longest=LONGEST[self._name],
            measure=MEASURE[self._name],
            most_choices=MOST_CHOICES,
            longest_choice=LONGEST_LABEL,
            cards=True,
        )

    def prepare(self, account: Account, outgoing: Outgoing) -> bytes:
        """{"to", "requests": […]}, each a body of the Send API."""
        measure = MEASURES[MEASURE[self._name]]
        messages: list[dict[str, Any]] = [
            *({"text": one} for one in cut(outgoing.text, LONGEST[self._name], measure)),
            *([template(outgoing.card)] if outgoing.card else ()),
            *(_file(one) for one in outgoing.attachments),
        ]
        if outgoing.choices and messages:
            messages[-1]["quick_replies"] = [_choice(one) for one in outgoing.choices[:MOST_CHOICES]]
        if not messages or not outgoing.to:
            raise Rejected(_("there is nothing in this message that could be sent"))
        if self._name == "messenger":
            for number, one in enumerate(messages):
                one["metadata"] = f"{outgoing.id}#{number}"  # comes back with the echo
        head = self._head(outgoing)
        return json.dumps(
            {"to": outgoing.to[0].address, "requests": [{**head, "message": one} for one in messages]}
        ).encode()

    def open(self, account: Account) -> GraphLine | None:
        if not account.secrets.get("access_token"):
            return None
        return GraphLine(account, open_http(), name=self._name.capitalize())

    async def fetch(self, account: Account, ref: str, *, most: int) -> tuple[bytes, str]:
        return await guarded.fetch(ref, most=most, trusted=[str(account.config.get("api_base") or "")])

    def _head(self, outgoing: Outgoing) -> dict[str, Any]:
        """After the free day only what a person wrote, and marked so."""
        if outgoing.answers.startswith("comment:"):
            return {"recipient": {"comment_id": outgoing.answers.removeprefix("comment:")}}
        recipient = {"recipient": {"id": outgoing.to[0].address}}
        if outgoing.human and not outgoing.automatic:
            return {**recipient, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        return {**recipient, "messaging_type": "RESPONSE"}


def _choice(words: str) -> dict[str, str]:
    return {"content_type": "text", "title": words[:LONGEST_LABEL], "payload": words[:1000]}


def _file(file: File) -> dict[str, Any]:
    if not file.url:
        raise Rejected(_("%(name)s cannot be sent: set the public address of the helpdesk", name=file.name))
    kind = file.content_type.partition("/")[0]
    kind = kind if kind in MEDIA else "file"
    return {"attachment": {"type": kind, "payload": {"url": file.url}}}
