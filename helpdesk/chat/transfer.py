"""A conversation passed on with a word about it: to a colleague, or to a team whose free member gets the chat."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from helpdesk.chat.assignment import assign_waiting
from helpdesk.chat.live import count_live
from helpdesk.chat.takers import state_of
from helpdesk.errors import Invalid
from helpdesk.models import Agent, Message, Team, TeamAgent, Ticket
from helpdesk.people import colleagues
from helpdesk.people.availability import is_here
from helpdesk.people.notify import TRANSFERRED, notify
from helpdesk.store.db import Unit
from helpdesk.store.files import Files
from helpdesk.tickets import note
from helpdesk.tickets.assign import list_teams
from helpdesk.tickets.change import changing


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague to choose. `state`: available, full, away or gone."""

    key: str
    name: str
    state: str
    live: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Group:
    """A team to choose, with how many of it take chats now."""

    key: str
    name: str
    available: int


@dataclass(frozen=True, slots=True)
class Choices:
    people: tuple[Person, ...]
    teams: tuple[Group, ...]


def list_choices(unit: Unit, ticket: Ticket, *, by: int) -> Choices:
    """Everybody of the brand except the one who asks and whose it is; those who have room first."""
    everybody = colleagues.list_colleagues(unit, ticket.brand_id)
    live = count_live(unit, [one.pk for one in everybody])
    people = [
        _person(one, live.get(one.pk, 0), unit.now)
        for one in everybody
        if one.pk not in (by, ticket.assignee_id)
    ]
    here = {one.pk for one in everybody if is_here(one, unit.now) and one.chat_capacity and one.pk != by}
    teams = list_teams(unit, ticket.brand_id)
    members = _members(unit, [team.pk for team in teams])
    order = ("available", "full", "away", "gone")
    return Choices(
        tuple(sorted(people, key=lambda one: (order.index(one.state), one.live, one.name))),
        tuple(Group(team.key, team.name, len(members.get(team.pk, set()) & here)) for team in teams),
    )


def transfer(
    unit: Unit,
    ticket: Ticket,
    *,
    agent: Agent | None = None,
    team: Team | None = None,
    by: Agent,
    body: str,
    files: Files,
) -> str:
    """To one of the two; the name of who has it now. Nobody is asked whether they have room for what a colleague
    gives them; a team's chat waits for a member who has, and all are told where none takes it at once."""
    if (agent is None) is (team is None):
        raise Invalid("choose a colleague or a team", field="to")
    written = note.add(unit, ticket, by=by, body=body, files=files) if body.strip() else None
    to = agent or team
    assert to is not None
    names = {"agent": agent.pk, "agent_name": agent.name} if agent else {"team": to.pk, "team_name": to.name}
    with changing(unit, ticket, "transferred", by=by, to=to.name, **names):
        ticket.assignee_id = agent.pk if agent else None
        ticket.team_id = team.pk if team else ticket.team_id
    if agent is not None:
        notify(unit, agent.pk, TRANSFERRED, ticket, by=by, message=written)
    else:
        assign_waiting(unit, ticket.brand_id)
        if ticket.assignee_id is None:
            _tell_members(unit, ticket, to.pk, by=by, message=written)
    return to.name


def _person(agent: Agent, live: int, now: datetime) -> Person:
    return Person(agent.key, agent.name, state_of(agent, live, now), live, agent.chat_capacity)


def _members(unit: Unit, team_ids: Collection[int]) -> dict[int, set[int]]:
    rows = select(col(TeamAgent.team_id), col(TeamAgent.agent_id)).where(col(TeamAgent.team_id).in_(team_ids))
    found: dict[int, set[int]] = {}
    for team_id, agent_id in unit.rows(rows) if team_ids else ():
        found.setdefault(team_id, set()).add(agent_id)
    return found


def _tell_members(unit: Unit, ticket: Ticket, team_id: int, *, by: Agent, message: Message | None) -> None:
    for agent_id in sorted(_members(unit, [team_id]).get(team_id, set())):
        notify(unit, agent_id, TRANSFERRED, ticket, by=by, message=message)
