"""What an agent has written and not sent, kept on the server while it is written; for that agent alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Delete, Select, bindparam, delete, select
from sqlmodel import col

from helpdesk.errors import Conflict, Invalid
from helpdesk.models import Draft, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import rich

MODES = ("reply", "note")
KINDS = ("reply", "reply_all", "forward")
LONGEST = 500_000  # characters of text
MOST_PEOPLE = 100
PEOPLE = ("to", "cc", "bcc")
Content = dict[str, Any]


class Overwritten(Conflict):
    """Another window of the same agent wrote meanwhile; `draft` is what it wrote, None when it sent it."""

    def __init__(self, draft: Draft | None) -> None:
        super().__init__("another window changed this draft; choose which text to keep")
        self.draft = draft


def find(unit: Unit, agent_id: int, ticket_id: int, mode: str) -> Draft | None:
    own = {"agent": agent_id, "ticket": ticket_id, "mode": mode}
    found: Draft | None = unit.session.scalars(_own(), own).first()
    return found


@cache
def _own() -> Select[Any]:
    return select(Draft).where(*_whose())


@cache
def _gone() -> Delete:
    return delete(Draft).where(*_whose())


def _whose() -> list[ColumnElement[bool]]:
    columns = {"agent": Draft.agent_id, "ticket": Draft.ticket_id, "mode": Draft.mode}
    return [col(column) == bindparam(name) for name, column in columns.items()]


def save(
    unit: Unit, ticket: Ticket, *, agent_id: int, mode: str, content: Content, revision: int
) -> Draft | None:
    """Keep the text; None when it is empty now. Raises Overwritten for a revision that is not the newest.

    The same content again is kept already: an answer that got lost on its way is asked for once more.
    """
    current = find(unit, agent_id, ticket.pk, mode)
    if current and current.content == content:
        return current
    if (current.revision if current else 0) != revision:
        raise Overwritten(current)
    if is_empty(content):
        if current:
            unit.session.delete(current)
        return None
    if current is None:
        return put(unit, ticket, agent_id=agent_id, mode=mode, content=content, revision=1)
    current.content, current.revision, current.updated_at = content, current.revision + 1, unit.now
    return current


def put(unit: Unit, ticket: Ticket, *, agent_id: int, mode: str, content: Content, revision: int) -> Draft:
    draft = Draft(
        agent_id=agent_id,
        ticket_id=ticket.pk,
        mode=mode,
        content=content,
        revision=revision,
        updated_at=unit.now,
    )
    unit.session.add(draft)
    unit.session.flush()
    return draft


def discard(unit: Unit, agent_id: int, ticket_id: int, mode: str) -> None:
    """Nothing is left of it; its files are `staged`'s to drop."""
    unit.session.flush()
    own = {"agent": agent_id, "ticket": ticket_id, "mode": mode}
    unit.session.connection().execute(_gone(), own)


def add_back(unit: Unit, ticket: Ticket, *, agent_id: int, content: Content) -> Draft:
    """An answer that was taken back stands before whatever its writer has begun since; nothing is lost."""
    current = find(unit, agent_id, ticket.pk, "reply")
    if current is None:
        return put(unit, ticket, agent_id=agent_id, mode="reply", content=content, revision=1)
    later = current.content
    if not is_empty(later):
        content = content | _joined(content, later)
    current.content, current.revision, current.updated_at = content, current.revision + 1, unit.now
    return current


def append(unit: Unit, current: Draft, later: Content) -> None:
    """What was written elsewhere stands below what stands here."""
    if not is_empty(later):
        current.content = current.content | _joined(current.content, later)
        current.revision, current.updated_at = current.revision + 1, unit.now


def read_mode(mode: str) -> str:
    if mode not in MODES:
        raise Invalid("a draft is a reply or a note", field="mode")
    return mode


def read_content(given: Mapping[str, Any]) -> Content:
    """Only what a draft may hold, in its shape; raises Invalid for what is too long to be written by hand."""
    text, html = _text(given, "text"), _text(given, "html")
    if len(text) > LONGEST or len(html) > rich.LONGEST:
        raise Invalid("this text is too long to be kept; send it as a file", field="text")
    kind = _text(given, "kind")
    return {
        "text": text,
        "html": rich.clean(html),
        **{name: _people(given.get(name)) for name in PEOPLE},
        "subject": _text(given, "subject")[:500],
        "macro": _macro(given.get("macro")),
        "kind": kind if kind in KINDS else "reply",
        "forwarded": _text(given, "forwarded")[:24],
        "without": [one[:24] for one in _people(given.get("without"))],
    } | _outward(given)


def _outward(given: Mapping[str, Any]) -> Content:
    """What only some channels have, where there is any."""
    template = given.get("template")
    filled = template if isinstance(template, dict) and template.get("key") else {}
    found: Content = {
        "via": _text(given, "via")[:40],
        "offers": [one[:80] for one in _people(given.get("offers"))][:20],
        "card": _text(given, "card")[:60],
        "template": filled
        and {"key": _text(filled, "key")[:24], "values": [one[:1024] for one in _values(filled)]},
    }
    return {name: value for name, value in found.items() if value}


def is_empty(content: Mapping[str, Any]) -> bool:
    """Nothing that anybody would miss: recipients alone are filled in again by themselves."""
    html = str(content.get("html") or "")
    if content.get("card") or any((content.get("template") or {}).get("values") or ()):
        return False
    return (
        not str(content.get("text") or "").strip() and not rich.text_of(html).strip() and "<img" not in html
    )


def _joined(first: Content, later: Content) -> Content:
    html = (first.get("html") or rich.from_text(first["text"])) + (
        later.get("html") or rich.from_text(str(later.get("text") or ""))
    )
    formatted = bool(first.get("html") or later.get("html"))
    words = (first["text"].rstrip("\n"), str(later.get("text") or "").lstrip("\n"))
    return {"text": "\n\n".join(one for one in words if one), "html": html if formatted else ""}


def _text(given: Mapping[str, Any], name: str) -> str:
    found = given.get(name)
    return found.replace("\x00", "").replace("\r\n", "\n") if isinstance(found, str) else ""


def _values(filled: Mapping[str, Any]) -> list[str]:
    """In their order; an empty one keeps its place."""
    rows = filled.get("values")
    return (
        [str(one).replace("\x00", "") for one in rows if isinstance(one, str)][:40]
        if isinstance(rows, list)
        else []
    )


def _people(found: Any) -> list[str]:
    rows = found if isinstance(found, list) else []
    return [one.replace("\x00", "")[:400] for one in rows if isinstance(one, str) and one.strip()][
        :MOST_PEOPLE
    ]


def _macro(found: Any) -> Content | str:
    """A key alone, or with its version and what it brings along."""
    if isinstance(found, dict):
        actions = [str(one)[:200] for one in found.get("actions") or [] if isinstance(one, str)][:50]
        return {
            "key": str(found.get("key") or "")[:80],
            "version": str(found.get("version") or "")[:16],
            "actions": actions,
        }
    return found[:80] if isinstance(found, str) else ""
