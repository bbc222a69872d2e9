"""Mail word for word as scenes.yaml tells it: a question that is new to everybody, and what nobody may overlook.

Beside the stories, which are told by chance: here each scene happens once, to a customer whose order fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from helpdesk.demo import conversations, followup, mail, teaching
from helpdesk.demo.dice import dice
from helpdesk.demo.moments import after_work, at, day_of
from helpdesk.demo.orders import PlannedOrder
from helpdesk.demo.people import Person
from helpdesk.demo.shop import AGENTS
from helpdesk.demo.stage import Stage
from helpdesk.models import Agent, Ticket
from helpdesk.tickets import assign, close

TOLD = Path(__file__).with_suffix(".yaml")
LONGEST_AGO = timedelta(days=60)  # of a delivery that somebody still writes about


@dataclass(slots=True)
class Scene:
    """Who it happens to. `number` tells the scenes apart; `facts` are what its words may speak of."""

    number: int
    given: Mapping[str, Any]
    who: Person
    facts: Mapping[str, str]
    ticket_id: int | None = None
    letter: mail.Letter | None = field(default=None, repr=False)

    @property
    def seed(self) -> str:
        return f"scene:{self.number}"


@dataclass(frozen=True, slots=True)
class Turn:
    at: datetime
    scene: Scene
    number: int
    given: Mapping[str, Any]


def plan(people: Sequence[Person], orders: Sequence[PlannedOrder], now: datetime) -> Iterator[Turn]:
    """All turns until now. A scene for whose order there is none in the shop is left out."""
    taken: set[str] = set()
    for number, given in enumerate(_library()):
        begins = _begins(given["turns"][0], now)
        cast = _cast(number, given, people, orders, begins, taken)
        if cast is None:
            continue
        taken.add(cast.who.email)
        moment = begins
        for place, one in enumerate(given["turns"]):
            if place:
                moment = _follows(moment, one)
            if moment > now:
                break
            yield Turn(moment, cast, place, one)


def play(stage: Stage, turn: Turn) -> None:
    stage.clock.now = turn.at
    scene, given = turn.scene, turn.given
    if "them" in given:
        _write(stage, turn, str(given["them"]))
    elif "anew" in given and scene.letter:
        _write_anew(stage, turn, scene.letter)
    elif scene.ticket_id is not None:
        _act(stage, scene, given, scene.ticket_id)


def _cast(
    number: int,
    given: Mapping[str, Any],
    people: Sequence[Person],
    orders: Sequence[PlannedOrder],
    begins: datetime,
    taken: set[str],
) -> Scene | None:
    """Nobody plays in two scenes as long as there are others."""
    rng, language = dice(f"scene:{number}"), given["language"]
    if "order" not in given:
        speakers = [one for one in people if one.language == language]
        free = [one for one in speakers if one.email not in taken] or speakers
        who = rng.choice(free) if free else None
        return Scene(number, given, who, conversations.facts_of(who, None, {})) if who else None
    fitting = [one for one in orders if one.who.language == language and _fits(one, given, begins)]
    if not fitting:
        return None
    order = next((one for one in reversed(fitting) if one.who.email not in taken), fitting[-1])
    goods = next((one for one, _ in order.items if one.sku in given.get("goods", ())), order.product)
    facts = conversations.facts_of(order.who, order, {"goods": goods.name(language)})
    return Scene(number, given, order.who, facts)


def _fits(order: PlannedOrder, given: Mapping[str, Any], begins: datetime) -> bool:
    """What the scene says has come true by then: it came, it went back, or it should have been here."""
    if order.fate not in given["order"]:
        return False
    if "goods" in given:
        came = order.delivered_at
        sold = any(one.sku in given["goods"] for one, _ in order.items)
        return sold and came is not None and came + timedelta(hours=12) < begins < came + LONGEST_AGO
    if order.fate == "returning":
        return order.ended_at is not None and order.ended_at + timedelta(days=3) < begins
    return order.promised_on < day_of(begins)


def _begins(first: Mapping[str, Any], now: datetime) -> datetime:
    if "ago" in first:
        return now - timedelta(minutes=first["ago"])
    return at(day_of(now) - timedelta(days=first["days"]), time.fromisoformat(first["at"]))


def _follows(moment: datetime, given: Mapping[str, Any]) -> datetime:
    if "them" in given or "anew" in given:
        return moment + timedelta(minutes=given["after"])
    return after_work(moment, given["after"])


def _write(stage: Stage, turn: Turn, words: str) -> None:
    scene, who = turn.scene, turn.scene.who
    rng = dice(f"{scene.seed}:{turn.number}")
    text = conversations.in_manner(rng, who, words.format_map(scene.facts), first=not turn.number)
    if turn.number and scene.ticket_id is not None:
        with stage.intake.database.read() as unit:
            ticket = unit.session.get_one(Ticket, scene.ticket_id)
            letter = followup.answer(unit, stage.intake.seal, rng, ticket, who, text, turn.at)
        stage.receive(mail.write(rng, letter))
        return
    subject = str(scene.given["subject"]).format_map(scene.facts)
    scene.letter = mail.Letter(who.name, who.email, subject, text, turn.at, abroad=who.area == "abroad")
    scene.ticket_id = stage.receive(mail.write(rng, scene.letter))


def _write_anew(stage: Stage, turn: Turn, letter: mail.Letter) -> None:
    address = f"office.{letter.address}" if turn.given.get("elsewhere") else letter.address
    again = replace(letter, address=address, at=turn.at)
    stage.receive(mail.write(dice(f"{turn.scene.seed}:{turn.number}"), again))


def _act(stage: Stage, scene: Scene, given: Mapping[str, Any], ticket_id: int) -> None:
    with stage.intake.database.write() as unit:
        ticket = unit.session.get_one(Ticket, ticket_id)
        agent = unit.session.get_one(Agent, _agent(stage, scene).pk)
        if "us" in given:
            about = scene.given.get("about", ())
            teaching.set_tags_right(unit, ticket, about, dice(f"{scene.seed}:tags"), by=agent)
            stage.send(unit, ticket, agent, conversations.signed(agent.name, scene.who, given["us"]))
        elif "assign" in given:
            assign.to(unit, ticket, agent, by=agent)
        else:
            close.close(unit, ticket, by=agent)


def _agent(stage: Stage, scene: Scene) -> Agent:
    pairs = zip(stage.agents, AGENTS, strict=True)
    fitting = [agent for agent, one in pairs if one.answers == scene.who.language]
    return fitting[scene.number % len(fitting)]


@cache
def _library() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = yaml.safe_load(TOLD.read_text(encoding="utf-8"))
    return read
