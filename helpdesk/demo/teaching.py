"""Agents set right what the classifier got wrong, as they come by. Most of the time: they have other work too."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from classifiers import TAG_IDS
from helpdesk.demo.kinds import Kind
from helpdesk.models import Agent, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import tag
from helpdesk.triage import learn, rank

SWAPS, ADDS, ACCEPTS = 0.9, 0.6, 0.05  # chances: a wrong tag strikes the eye, a missing one less


def set_tags_right(unit: Unit, ticket: Ticket, about: Sequence[str], rng: Random, *, by: Agent) -> None:
    """`about`: the right tag, and others that may be. A ticket that has one of them keeps what else it has."""
    tags = tag.list_tags(unit, [ticket.pk]).get(ticket.pk, [])
    said = [on.name for on in tags if on.source == "auto" and on.name in TAG_IDS]
    right, chance = [name for name in said if name in about], rng.random()
    if right:
        if chance < ACCEPTS:
            learn.correct_tag(unit, ticket, right[0], by=by, added=True)
    elif about and chance < (SWAPS if said else ADDS):
        for name in said:
            learn.correct_tag(unit, ticket, name, by=by, added=False)
        learn.correct_tag(unit, ticket, about[0], by=by, added=True)


def set_urgency_right(unit: Unit, ticket: Ticket, kind: Kind, *, by: Agent) -> None:
    """What will not wait was ranked low, or what can wait was ranked high."""
    level = rank.level(ticket.urgency)
    if kind.urgent and level in ("low", "normal"):
        learn.correct_urgency(unit, ticket, "high", by=by)
    elif not kind.urgent and level in ("high", "urgent"):
        learn.correct_urgency(unit, ticket, "normal", by=by)
