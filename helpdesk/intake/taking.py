"""A visitor's words: journalled and given their place in the conversation in one transaction, then acknowledged.

Many messages take as many statements as one: whoever speaks is held, what they said before under the same key is
looked up, and lines, journal and visitors are written together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from helpdesk.channels.chat.parse import Spoken, write
from helpdesk.channels.incoming import KeptFile
from helpdesk.chat import files, visitors
from helpdesk.chat.accounts import Widget
from helpdesk.chat.visitors import Hello
from helpdesk.customers.identify import clean_name
from helpdesk.errors import HelpdeskError, NotFound
from helpdesk.intake import journal
from helpdesk.models import ChatFile, ChatLine, Visitor, VisitorToken, new_key
from helpdesk.store import rows
from helpdesk.store.db import Unit


@dataclass(frozen=True, slots=True)
class Said:
    """A message as the socket took it. `hello` is who says it, should they not be known yet."""

    widget: Widget
    hello: Hello
    token_hash: str
    visitor_id: int | None
    key: str
    text: str
    attachments: Sequence[str] = ()
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the acknowledgement says."""

    visitor_id: int
    id: str
    seq: int
    new: bool


@dataclass(slots=True)
class _Speaker:
    """A visitor's row as it becomes; `stored` is the number that it holds in the table."""

    id: int
    key: str
    brand_id: int
    next_seq: int
    name: str
    email: str
    page: str
    stored: int
    changed: bool = False  # another name or address than in the table
    known: dict[str, Taken] = field(default_factory=dict)  # by the client's key


@dataclass(slots=True)
class _Written:
    lines: list[dict[str, Any]] = field(default_factory=list)
    arrivals: dict[tuple[int, int], list[journal.Arrival]] = field(default_factory=dict)


def take_many(unit: Unit, said: Sequence[Said]) -> list[Taken | HelpdeskError]:
    """Each in its turn; what cannot be taken does not hold up the others.

    Raises IntegrityError when another process was faster with the same token.
    """
    speakers = _speakers(unit, said)
    written = _Written()
    taken: list[Taken | HelpdeskError] = []
    for one in said:
        try:
            taken.append(_take(unit, one, speakers.get(_who(one)), written))
        except HelpdeskError as error:
            taken.append(error)
    rows.add(unit, ChatLine, written.lines)
    for (brand_id, account_id), arrivals in written.arrivals.items():
        journal.record_talk(unit, brand_id, account_id, arrivals)
    _note(unit, speakers.values())
    return taken


def _who(said: Said) -> object:
    return said.visitor_id or (said.widget.id, said.token_hash)


def _take(unit: Unit, said: Said, speaker: _Speaker | None, written: _Written) -> Taken:
    if speaker is None:
        raise NotFound("this visitor is not known any more; say hello again")
    claimed = said.hello.name or speaker.name, said.hello.email or speaker.email
    speaker.changed = speaker.changed or claimed != (speaker.name, speaker.email)
    speaker.name, speaker.email = claimed
    first = speaker.known.get(said.key)
    if first:
        return first
    sent = _files(unit, speaker, said.attachments)
    seq, key = speaker.next_seq, new_key()
    at = unit.now + timedelta(microseconds=seq % 1000)  # in one unit the clock stands still
    speaker.next_seq = seq + 1
    speaker.known[said.key] = Taken(speaker.id, key, seq, new=False)
    line = {"key": key, "visitor_id": speaker.id, "seq": seq, "client_key": said.key, "writer": "visitor"}
    line |= {"name": speaker.name, "text": said.text, "sent_at": at}
    written.lines.append(line | {"files": [files.as_data(one) for one in sent]})
    place = speaker.brand_id, said.widget.id
    written.arrivals.setdefault(place, []).append(_arrival(said, speaker, sent, at))
    unit.tell("chat_said", speaker.brand_id, word=said.key, visitor=speaker.id, seq=seq)
    return Taken(speaker.id, key, seq, new=True)


def _files(unit: Unit, speaker: _Speaker, keys: Sequence[str]) -> list[ChatFile]:
    if not keys:
        return []
    taken = files.take(unit, unit.session.get_one(Visitor, speaker.id), keys)
    unit.session.flush()
    return taken


def _arrival(said: Said, speaker: _Speaker, sent: Sequence[ChatFile], at: datetime) -> journal.Arrival:
    spoken = Spoken(
        visitor=speaker.key,
        key=said.key,
        name=clean_name(speaker.name),
        text=said.text,
        sent_at=at,
        page=speaker.page,
        details=dict(said.details),
        files=[KeptFile(one.name, one.content_type, one.size, one.sha256) for one in sent],
    )
    return journal.Arrival(write(spoken), spoken.external_id, {"via": "chat"})


def _speakers(unit: Unit, said: Sequence[Said]) -> dict[object, _Speaker]:
    """Everybody who speaks, held until the unit ends; who was not known is from now on."""
    found: dict[object, int] = {_who(one): one.visitor_id for one in said if one.visitor_id}
    strangers: dict[object, Said] = {}
    for one in said:
        if not one.visitor_id:
            strangers.setdefault(_who(one), one)
    if strangers:
        hashes = [one.token_hash for one in strangers.values()]
        named = unit.rows(_by_token(), {"hashes": hashes})
        found |= {who: pk for account, token, pk in named if (who := (account, token)) in strangers}
    held = _hold(unit, found.values())
    _know(unit, held, [one.key for one in said])
    new = {who: one for who, one in strangers.items() if who not in found}
    speakers = {who: held[pk] for who, pk in found.items() if pk in held}
    return speakers | _create(unit, new, said)


def _hold(unit: Unit, ids: Iterable[int]) -> dict[int, _Speaker]:
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    return {row.id: _Speaker(*row) for row in unit.rows(_held(), {"ids": wanted})}


def _know(unit: Unit, held: Mapping[int, _Speaker], keys: Sequence[str]) -> None:
    """The same key twice is one message."""
    if held:
        there = {"ids": list(held), "keys": list(set(keys))}
        for visitor_id, client_key, key, seq in unit.rows(_before(), there):
            held[visitor_id].known[client_key] = Taken(visitor_id, key, seq, new=False)


def _create(unit: Unit, new: Mapping[object, Said], said: Sequence[Said]) -> dict[object, _Speaker]:
    """Their rows hold at once what their messages make of them."""
    speakers, values = {}, []
    for who, one in new.items():
        theirs = [other for other in said if _who(other) == who]
        keys = 0 if any(other.attachments for other in theirs) else len({other.key for other in theirs})
        facts = visitors.facts_of(one.widget, one.hello)
        row = {"key": new_key(), "brand_id": one.widget.brand_id, "account_id": one.widget.id}
        numbers = {"next_seq": 1 + keys, "read_seq": keys, "last_seen_at": unit.now, "created_at": unit.now}
        values.append(row | facts | numbers)
        stays = facts["name"], facts["email"], facts["page"]
        speakers[who] = _Speaker(0, str(row["key"]), one.widget.brand_id, 1, *stays, 1 + keys)
    ids = rows.put(unit, Visitor, values)
    tokens = []
    for speaker, one, pk in zip(speakers.values(), new.values(), ids, strict=True):
        speaker.id = pk
        tokens.append({"token_hash": one.token_hash, "visitor_id": pk, "created_at": unit.now})
        unit.tell("visitor_came", speaker.brand_id, word=one.token_hash, visitor=pk)
    rows.add(unit, VisitorToken, tokens)
    return speakers


def _note(unit: Unit, speakers: Iterable[_Speaker]) -> None:
    """Who answers has read."""
    every = sorted({one.id: one for one in speakers}.values(), key=lambda one: one.id)
    claims = [{"id": one.id, "name": one.name, "email": one.email} for one in every if one.changed]
    rows.change(unit, Visitor, claims)
    spoke = [one for one in every if one.next_seq != one.stored]
    rows.change(
        unit,
        Visitor,
        [
            {"id": one.id, "next_seq": one.next_seq, "read_seq": one.next_seq - 1, "unread_since": None}
            | {"last_seen_at": unit.now}
            for one in spoke
        ],
    )


@cache
def _by_token() -> Any:
    return (
        select(col(Visitor.account_id), col(VisitorToken.token_hash), col(Visitor.id))
        .join(Visitor, col(Visitor.id) == col(VisitorToken.visitor_id))
        .where(col(VisitorToken.token_hash).in_(bindparam("hashes", expanding=True)))
    )


@cache
def _held() -> Any:
    """In the order of their ids: who wants the same ones waits, and two never wait for each other."""
    columns = (Visitor.id, Visitor.key, Visitor.brand_id, Visitor.next_seq)
    stays = (Visitor.name, Visitor.email, Visitor.page)
    return (
        select(*map(col, (*columns, *stays)), col(Visitor.next_seq).label("stored"))
        .where(col(Visitor.id).in_(bindparam("ids", expanding=True)))
        .order_by(col(Visitor.id))
        .with_for_update()
    )


@cache
def _before() -> Any:
    return select(
        col(ChatLine.visitor_id), col(ChatLine.client_key), col(ChatLine.key), col(ChatLine.seq)
    ).where(
        col(ChatLine.visitor_id).in_(bindparam("ids", expanding=True)),
        col(ChatLine.client_key).in_(bindparam("keys", expanding=True)),
    )
