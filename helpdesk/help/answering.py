"""Articles for an agent's answer: those that fit what a customer wrote, and their words as a letter takes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from helpdesk.help import reading, search
from helpdesk.help.search import Hit
from helpdesk.models import Direction, Message, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import rich

_HEADING = re.compile(r"<h3>(.*?)</h3>(\s*<p>)?", re.DOTALL)
_UNFIT = re.compile(r"<(?:img|hr)\b[^>]*>")


@dataclass(frozen=True, slots=True)
class Words:
    """An article to be put into an answer, formatted and plain; `url` is where it stands on the shop's site."""

    key: str
    title: str
    html: str
    text: str
    url: str
    language: str


def fitting(unit: Unit, ticket: Ticket, *, limit: int = 2) -> list[Hit]:
    """For the customer's newest message."""
    said = (
        select(col(Message.reply))
        .where(col(Message.ticket_id) == ticket.pk, col(Message.direction) == Direction.IN)
        .order_by(col(Message.id).desc())
        .limit(1)
    )
    words = f"{ticket.subject} {unit.session.scalar(said) or ''}"
    return search.find(unit, [ticket.brand_id], words, language=ticket.language, limit=limit)


def matching(unit: Unit, ticket: Ticket, words: str, *, limit: int = 5) -> list[Hit]:
    """For the agent's own words, in the customer's language."""
    return search.find(unit, [ticket.brand_id], words, language=ticket.language, limit=limit)


def words_of(unit: Unit, ticket: Ticket, key: str, *, language: str = "") -> Words:
    """Raises NotFound for what is no live article of the ticket's brand. Mails hold neither headings nor pictures."""
    told = reading.get_live(unit, ticket.brand_id, key, language=language or ticket.language)
    html = _UNFIT.sub("", _HEADING.sub(_as_line, told.html)).replace("<p></p>", "")
    return Words(told.key, told.title, html, rich.text_of(html), told.url, told.language)


def _as_line(heading: re.Match[str]) -> str:
    """Bold, on the line above the paragraph that it heads."""
    return f"<p><b>{heading[1]}</b>{'<br>' if heading[2] else '</p>'}"
