"""WhatsApp besides messages: the number and its quality, approved templates, tokens that end, reading."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from helpdesk.channels.care import CHECK, TEMPLATES, Profile, Standing, Template
from helpdesk.channels.given import mappings
from helpdesk.channels.meta.care import MetaCare
from helpdesk.channels.meta.graph import Graph
from helpdesk.channels.protocol import Account
from helpdesk.errors import Rejected

ABOUT = "verified_name,display_phone_number,quality_rating"
FIELDS = "id,name,language,status,category,components,rejected_reason,parameter_format"
A_PAGE = 100
MOST_PAGES = 50
PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")

Given = Mapping[str, Any]


class WhatsAppCare(MetaCare):
    knows_people = False  # names come with the messages

    def __init__(self) -> None:
        super().__init__("whatsapp", "WhatsApp")

    def duties(self, account: Account) -> frozenset[str]:
        found = super().duties(account)
        return found | {TEMPLATES} if CHECK in found and account.config.get("waba_id") else found

    async def check(self, account: Account) -> Standing:
        async with self._graph(account) as graph:
            me = await graph.get(quote(account.address, safe=""), fields=ABOUT)
            hook = await _subscribed(graph, account)
        facts = {"quality": str(me["quality_rating"]).lower()} if me.get("quality_rating") else {}
        return Standing(
            str(me.get("verified_name") or me.get("display_phone_number") or ""), hook=hook, facts=facts
        )

    async def profile(self, account: Account, address: str) -> Profile | None:
        return None

    async def templates(self, account: Account) -> Sequence[Template]:
        """All of them, page by page."""
        found: list[Template] = []
        path, after = f"{quote(str(account.config['waba_id']), safe='')}/message_templates", ""
        async with self._graph(account) as graph:
            for _page in range(MOST_PAGES):
                asked = {"fields": FIELDS, "limit": str(A_PAGE), **({"after": after} if after else {})}
                said = await graph.get(path, **asked)
                found += [one for given in mappings(said.get("data")) if (one := read(given))]
                after = _after(said)
                if not after:
                    break
        return found

    async def mark_read(self, account: Account, to: str, message: str, token: str) -> None:
        if message:
            body = {"messaging_product": "whatsapp", "status": "read", "message_id": message}
            async with self._graph(account) as graph:
                await graph.post(f"{quote(account.address, safe='')}/messages", body)


async def _subscribed(graph: Graph, account: Account) -> str | None:
    """Empty when the business account tells no app of its messages."""
    business = account.config.get("waba_id")
    if not business:
        return None
    try:
        said = await graph.get(f"{quote(str(business), safe='')}/subscribed_apps")
    except Rejected:
        return None
    return "" if said.get("data") == [] else None


def read(given: Given) -> Template | None:
    """None for what has no name. Parts that nobody knows are left out."""
    name, language = str(given.get("name") or ""), str(given.get("language") or "")
    if not name or not language:
        return None
    parts = {str(one.get("type") or "").lower(): one for one in mappings(given.get("components"))}
    head, body, foot = (parts.get(part, {}) for part in ("header", "body", "footer"))
    reason = str(given.get("rejected_reason") or "")
    return Template(
        name=name[:512],
        language=language[:16],
        state=str(given.get("status") or "").lower()[:40],
        body=str(body.get("text") or ""),
        external_id=str(given.get("id") or "")[:64],
        category=str(given.get("category") or "").lower()[:40],
        reason="" if reason == "NONE" else reason,
        header=str(head.get("text") or ""),
        header_format=str(head.get("format") or "").lower()[:16],
        footer=str(foot.get("text") or ""),
        parameters=_places(body, "body_text"),
        header_parameters=_places(head, "header_text"),
        buttons=_buttons(parts.get("buttons", {})),
    )


def _places(part: Given, examples: str) -> tuple[dict[str, str], ...]:
    """In the order of their numbers, or named ones as they stand; each with the example that was handed in."""
    names = list(dict.fromkeys(PLACE.findall(str(part.get("text") or ""))))
    if all(one.isdecimal() for one in names):
        names.sort(key=int)
    shown = part.get("example")
    told = shown if isinstance(shown, dict) else {}
    plain = told.get(examples)
    if isinstance(plain, list) and plain and isinstance(plain[0], list):
        plain = plain[0]
    values = dict(zip(names, map(str, plain), strict=False)) if isinstance(plain, list) else {}
    for one in mappings(told.get(f"{examples}_named_params")):
        values[str(one.get("param_name"))] = str(one.get("example") or "")
    return tuple({"name": name, "example": values.get(name, "")} for name in names)


def _buttons(part: Given) -> tuple[dict[str, str], ...]:
    wanted = ("type", "text", "url", "phone_number")
    return tuple(
        {name: str(one[name]) for name in wanted if one.get(name)} for one in mappings(part.get("buttons"))
    )


def _after(said: Given) -> str:
    paging = said.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return ""
    cursors = paging.get("cursors")
    return str(cursors.get("after") or "") if isinstance(cursors, dict) else ""
