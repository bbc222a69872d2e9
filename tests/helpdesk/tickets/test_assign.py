"""Tickets of agents and teams, and who hears of it."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from helpdesk.errors import Invalid
from helpdesk.models import Agent, Brand, Notification, Team, TeamAgent, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets import assign
from tests.helpdesk.desk import add_ticket
from tests.helpdesk.stories import only, rows

HTMX = {"HX-Request": "true", "HX-Target": "head"}


@pytest.fixture
def team(database: Database, brand: Brand, lead: Agent) -> Team:
    """Returns, with the lead in it."""
    with database.write() as unit:
        team = Team(brand_id=brand.pk, name="Returns")
        unit.session.add(team)
        unit.session.flush()
        unit.session.add(TeamAgent(team_id=team.pk, agent_id=lead.pk))
    return team


def test_the_new_holder_hears_of_it_unless_they_took_it_themselves(
    database: Database, brand: Brand, agent: Agent, lead: Agent
) -> None:
    ticket = add_ticket(database, brand)
    with database.write() as unit:
        row = unit.session.get_one(Ticket, ticket.pk)
        assign.to(unit, row, agent, by=agent)
        assign.to(unit, row, lead, by=agent)
    told = only(database, Notification)
    assert (told.agent_id, told.name, told.by_id) == (lead.pk, "assigned", agent.pk)


def test_a_team_takes_the_ticket_from_who_is_not_of_it(
    database: Database, brand: Brand, agent: Agent, lead: Agent, team: Team
) -> None:
    ticket = add_ticket(database, brand)
    for holder, left in ((agent, None), (lead, lead.pk)):
        with database.write() as unit:
            row = unit.session.get_one(Ticket, ticket.pk)
            assign.to_team(unit, row, None, by=lead)
            assign.to(unit, row, holder, by=lead)
            assign.to_team(unit, row, team, by=lead)
            assert (row.team_id, row.assignee_id) == (team.pk, left)


def test_another_brands_team_is_refused(
    database: Database, brand: Brand, other_brand: Brand, agent: Agent
) -> None:
    ticket = add_ticket(database, brand)
    with database.write() as unit, pytest.raises(Invalid):
        foreign = Team(brand_id=other_brand.pk, name="Elsewhere")
        unit.session.add(foreign)
        unit.session.flush()
        assign.to_team(unit, unit.session.get_one(Ticket, ticket.pk), foreign, by=agent)


def test_the_menu_gives_to_teams_and_takes_back(
    database: Database, brand: Brand, client: TestClient, team: Team
) -> None:
    ticket = add_ticket(database, brand)
    assert "Returns" in client.get(f"/tickets/{ticket.key}/assign", headers=HTMX).text
    given = client.post(f"/tickets/{ticket.key}/assign", data={"team": team.key}, headers=HTMX)
    assert "Returns" in given.text
    undo = json.loads(given.headers["hx-trigger"])["notice"]["action"]
    assert (undo["label"], undo["seconds"]) == ("Undo", 10)
    client.post(undo["url"], headers={"HX-Request": "true"})
    assert rows(database, Ticket)[0].team_id is None
    assert (
        client.post(f"/tickets/{ticket.key}/assign", data={"team": "none"}, headers=HTMX).status_code == 422
    )
