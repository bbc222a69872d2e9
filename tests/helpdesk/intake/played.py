"""Pairs of messages, taken in one after the other: which of them became one ticket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from helpdesk.models import Agent, SharedSender, Ticket
from tests.helpdesk.intake.pairs import GOODS, Pair, Said
from tests.helpdesk.intake.ways import Person, Ways

OF_TWO = ("somebody_else", "claims", "by_hand")


@dataclass
class Found:
    same: int = 0
    joined: int = 0
    missed: list[Pair] = field(default_factory=list)
    wrong: list[Pair] = field(default_factory=list)


def play(ways: Ways, told: Iterable[Pair], *, agent: Agent) -> Found:
    ways.sell(*GOODS["ja"], *GOODS["en"])
    found = Found()
    for pair in told:
        together = _play(ways, pair, agent)
        found.same += pair.joined
        found.joined += pair.joined and together
        if together != pair.joined:
            (found.missed if pair.joined else found.wrong).append(pair)
    return found


def _play(ways: Ways, pair: Pair, agent: Agent) -> bool:
    person = ways.person(pair.name, visits=True)
    customer = ways.known(person)
    ways.buys(customer, pair.number, pair.goods[0])
    other = ways.person(pair.name, visits=True) if pair.kind in OF_TWO else person
    if other is person:
        ways.known(person, pair.first.channel, pair.second.channel)
    if pair.kind == "shared":
        with ways.database.write() as unit:
            unit.session.add(
                SharedSender(brand_id=ways.brand.pk, kind="email", value=person.mail, created_at=unit.now)
            )
    first = _said(ways, person, pair.first)
    if pair.kind == "by_hand":
        ways.put_together(person, other, pair.second.channel, agent=agent)
    more = {"group": "C1"} if pair.kind == "group" else {"vouched": pair.kind != "forged"}
    second = _said(ways, other, pair.second, **more)
    return first.pk == second.pk or _home(ways, first) == second.pk


def _home(ways: Ways, ticket: Ticket) -> int | None:
    with ways.database.read() as unit:
        return unit.session.get_one(Ticket, ticket.pk).merged_into_id


def _said(ways: Ways, person: Person, said: Said, **more: Any) -> Ticket:
    if said.channel != "email":
        more.pop("vouched", None)
    return ways.say(person, said.channel, said.text, subject=said.subject, **more)
