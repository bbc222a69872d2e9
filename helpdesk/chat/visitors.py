"""Who is there: a browser by its token, a signed user by the shop's word. Nobody becomes a row by looking alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Integer, Update, bindparam, case, update
from sqlmodel import col, select

from helpdesk.chat import identity, tokens, visits
from helpdesk.chat.accounts import Widget
from helpdesk.models import ChatLine, Visitor, VisitorToken
from helpdesk.store.db import Unit
from helpdesk.store.seal import Seal

SIGNED_FOR = timedelta(hours=12)
FACTS = ("page", "title", "referrer", "name", "email")


@dataclass(frozen=True, slots=True)
class Hello:
    """What a widget says of itself. Everything but a genuine token and a right signature is a claim."""

    token: str = ""
    language: str = ""
    page: str = ""
    title: str = ""
    referrer: str = ""
    name: str = ""
    email: str = ""
    user: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """`token` is what the browser keeps from now on; `visitor` None until something is said."""

    token: str
    visitor: Visitor | None
    wrong: bool = False  # a signature was given and does not hold

    @property
    def token_hash(self) -> str:
        return tokens.hash_of(self.token)


def greet(unit: Unit, widget: Widget, hello: Hello, seal: Seal) -> Known:
    """In a writing unit where `needs_writing` says so. A signed visitor is nobody without the signature."""
    signed = widget.config.signed(hello.user, hello.signature)
    wrong = bool(hello.user or hello.signature) and not signed
    token = hello.token if tokens.is_genuine(hello.token, widget.config.key, seal) else ""
    visitor = find(unit, widget.id, tokens.hash_of(token)) if token else None
    if visitor:
        unit.session.refresh(visitor, with_for_update=True)  # before any ticket, as everywhere
    if visitor and visitor.verified and not (signed and visitor.user_id == hello.user):
        _end_proof(unit, token)
        visitor, token = None, ""
    if signed:
        visitor, token = _signed(unit, widget, hello, visitor, token, seal)
    if visitor:
        update_facts(visitor, hello, unit)
    return Known(token or tokens.new_token(widget.config.key, seal), visitor, wrong)


def needs_writing(unit: Unit, widget: Widget, hello: Hello) -> bool:
    """Whether greeting changes rows: not for a stranger who only looks."""
    if widget.config.signed(hello.user, hello.signature):
        return True
    return bool(hello.token) and find(unit, widget.id, tokens.hash_of(hello.token)) is not None


def find(unit: Unit, account_id: int, token_hash: str) -> Visitor | None:
    return unit.session.exec(
        select(Visitor)
        .join(VisitorToken, col(VisitorToken.visitor_id) == col(Visitor.id))
        .where(VisitorToken.token_hash == token_hash, Visitor.account_id == account_id)
    ).first()


def find_proved(unit: Unit, widget: Widget, token: str, seal: Seal) -> Visitor | None:
    """For requests beside the socket: of a signed visitor the proof has to be fresh."""
    if not tokens.is_genuine(token, widget.config.key, seal):
        return None
    row = unit.session.execute(
        select(Visitor, VisitorToken)
        .join(VisitorToken, col(VisitorToken.visitor_id) == col(Visitor.id))
        .where(VisitorToken.token_hash == tokens.hash_of(token), Visitor.account_id == widget.id)
    ).first()
    if row is None:
        return None
    visitor, proof = row
    fresh = proof.signed_until is not None and proof.signed_until > unit.now
    return visitor if fresh or not visitor.verified else None


def facts_of(widget: Widget, hello: Hello) -> dict[str, Any]:
    """What a new visitor's row holds of what was said."""
    return {"language": hello.language or widget.language} | {name: getattr(hello, name) for name in FACTS}


def create(unit: Unit, widget: Widget, hello: Hello, token_hash: str) -> Visitor:
    """Raises IntegrityError when another process was faster with the same token."""
    visitor = Visitor(
        brand_id=widget.brand_id,
        account_id=widget.id,
        **facts_of(widget, hello),
        last_seen_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(visitor)
    unit.session.flush()
    add_token(unit, visitor, token_hash)
    unit.tell("visitor_came", widget.brand_id, word=token_hash, visitor=visitor.pk)
    return visitor


def add_token(unit: Unit, visitor: Visitor, token_hash: str) -> None:
    until = unit.now + SIGNED_FOR if visitor.verified else None
    unit.session.add(
        VisitorToken(token_hash=token_hash, visitor_id=visitor.pk, signed_until=until, created_at=unit.now)
    )
    unit.session.flush()


def update_facts(visitor: Visitor, hello: Hello, unit: Unit) -> None:
    """What was said this time; nothing that was left out is forgotten."""
    visitor.last_seen_at = unit.now
    if hello.language:
        visitor.language = hello.language
    for name in FACTS:
        if given := getattr(hello, name):
            setattr(visitor, name, given)
    visits.note(unit, visitor)


def keep_alive(unit: Unit, visitor_ids: list[int]) -> None:
    """Everybody who has a window open now."""
    for start in range(0, len(visitor_ids), 500):
        unit.session.execute(
            update(Visitor)
            .where(col(Visitor.id).in_(visitor_ids[start : start + 500]))
            .values(last_seen_at=unit.now)
            .execution_options(synchronize_session=False)
        )


def note_read(unit: Unit, marks: Mapping[int, int]) -> None:
    """By visitor how far they have read; marks only move forward, and never past what was said."""
    if marks:
        given = [{"visitor": pk, "seq": marks[pk]} for pk in sorted(marks)]
        unit.session.connection().execute(_reading(), given)


@cache
def _reading() -> Update:
    """Who has read everything has nothing to be told by mail."""
    table = Visitor.__table__  # type: ignore[attr-defined]
    here, seq = table.c, bindparam("seq", type_=Integer)
    everything = case((here.next_seq == seq + 1, None), else_=here.unread_since)
    ahead = here.read_seq < seq, here.next_seq > seq
    return (
        update(table)
        .where(here.id == bindparam("visitor"), *ahead)
        .values(read_seq=seq, unread_since=everything)
    )


def _signed(
    unit: Unit, widget: Widget, hello: Hello, visitor: Visitor | None, token: str, seal: Seal
) -> tuple[Visitor, str]:
    """The user's own visitor, on whatever device; a talk begun as a stranger becomes theirs.

    One of whom an agent said that it is somebody else's stays so: the user begins anew.
    """
    if visitor and identity.is_apart(unit, visitor, hello.user):
        visitor, token = None, ""
    theirs = unit.session.exec(
        select(Visitor)
        .where(Visitor.account_id == widget.id, Visitor.user_id == hello.user)
        .order_by(col(Visitor.id).desc())
    ).first()
    if theirs and identity.is_apart(unit, theirs, hello.user):
        theirs = None
    if theirs and (visitor is None or (visitor.pk != theirs.pk and not _has_lines(unit, visitor))):
        visitor, token = theirs, ""
    token = token or tokens.new_token(widget.config.key, seal)
    token_hash = tokens.hash_of(token)
    if visitor is None:
        visitor = create(unit, widget, hello, token_hash)
    proof = unit.session.exec(select(VisitorToken).where(VisitorToken.token_hash == token_hash)).first()
    identity.join(unit, visitor, hello.user)
    if proof:
        proof.signed_until = unit.now + SIGNED_FOR
    else:
        add_token(unit, visitor, token_hash)
    return visitor, token


def _end_proof(unit: Unit, token: str) -> None:
    """Somebody signed out on this browser: what lies in it proves nothing any more."""
    unit.session.execute(
        update(VisitorToken)
        .where(col(VisitorToken.token_hash) == tokens.hash_of(token))
        .values(signed_until=None)
        .execution_options(synchronize_session=False)
    )


def _has_lines(unit: Unit, visitor: Visitor) -> bool:
    found = select(ChatLine.id).where(ChatLine.visitor_id == visitor.pk).limit(1)
    return unit.session.exec(found).first() is not None
