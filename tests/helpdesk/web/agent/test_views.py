"""`/views`: saved, shared, ordered, changed and deleted; the list says honestly where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.models import Agent, Brand, Team, TeamAgent, View
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_ticket

SHARED = {"name": "Fire", "filter": "?urgency=urgent", "audience": "everyone"}


def only(database: Database) -> View:
    with database.read() as unit:
        return unit.session.exec(select(View)).one()


def names(page: str) -> list[str]:
    return re.findall(r'class="view view-saved"[^>]*>.*?<span>([^<]+)</span>', page)


def test_a_filter_is_saved_and_stands_beside_the_list_with_its_number(
    database: Database, brand: Brand, client: TestClient
) -> None:
    add_ticket(database, brand, urgency=90)
    add_ticket(database, brand, urgency=10)
    saved = client.post("/views", data={"name": " Fire  now ", "filter": "?urgency=urgent&columns=number"})
    view = only(database)
    assert saved.headers["location"] == f"/?urgency=urgent&sort=urgency&columns=number&saved={view.key}"
    page = client.get(saved.headers["location"]).text
    assert names(page) == ["Fire now"]
    assert re.search(r"<span>Fire now</span><b class=\"num\">1</b>", page)
    assert '<h2 class="pane-title">Fire now</h2>' in page
    assert "Back to the view" not in page


def test_a_changed_list_can_be_saved_under_its_view_or_left(
    database: Database, brand: Brand, client: TestClient
) -> None:
    client.post("/views", data={"name": "Fire", "filter": "?urgency=urgent"})
    key = only(database).key
    page = client.get(f"/?urgency=urgent&language=en&saved={key}").text
    assert "Back to the view" in page
    assert "Save changes" in page
    client.post(f"/views/{key}/filter", data={"filter": f"?language=en&view=all&sort=oldest&saved={key}"})
    view = only(database)
    assert (view.filter, view.sort) == ({"view": "all", "language": "en"}, "oldest")


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_view_needs_a_name(database: Database, brand: Brand, client: TestClient, name: str) -> None:
    answer = client.post("/views", data={"name": name, "filter": "?tag=refund"})
    assert answer.status_code == 422
    assert 'value="?tag=refund"' in answer.text
    with database.read() as unit:
        assert unit.session.exec(select(View)).all() == []


def test_only_leads_share_with_everyone(
    database: Database, brand: Brand, client: TestClient, lead_client: TestClient
) -> None:
    assert client.post("/views", data=SHARED).status_code == 403
    assert lead_client.post("/views", data=SHARED).status_code == 303
    assert names(client.get("/").text) == ["Fire"]
    key = only(database).key
    assert client.post(f"/views/{key}/delete").status_code == 403
    assert client.post(f"/views/{key}", data={"name": "Mine", "audience": "everyone"}).status_code == 403
    assert lead_client.post(f"/views/{key}", data={"name": "Hot", "audience": "private"}).status_code == 303
    assert names(client.get("/").text) == []
    assert client.post(f"/views/{key}/delete").status_code == 404


def test_a_teams_view_is_the_teams(
    database: Database,
    brand: Brand,
    lead: Agent,
    lead_client: TestClient,
    make_agent: Callable[..., Agent],
    browser: Callable[..., TestClient],
) -> None:
    member, other = make_agent("Mika Member"), make_agent("Otto Other")
    with database.write() as unit:
        team, foreign = Team(brand_id=brand.pk, name="夜勤"), Team(brand_id=brand.pk, name="朝")
        unit.session.add_all([team, foreign])
        unit.session.flush()
        unit.session.add_all(TeamAgent(team_id=team.pk, agent_id=who.pk) for who in (lead, member))
    assert lead_client.post("/views", data={**SHARED, "audience": f"team:{foreign.pk}"}).status_code == 422
    assert lead_client.post("/views", data={**SHARED, "audience": f"team:{team.pk}"}).status_code == 303
    assert names(browser(member).get("/").text) == ["Fire"]
    assert names(browser(other).get("/").text) == []


def test_everybody_has_an_order_of_their_own(
    database: Database, brand: Brand, client: TestClient, lead_client: TestClient
) -> None:
    for name in ("A", "B", "C"):
        lead_client.post("/views", data={**SHARED, "name": name})
    with database.read() as unit:
        keys = {view.name: view.key for view in unit.session.exec(select(View))}
    client.post(f"/views/{keys['C']}/move", data={"to": "up"})
    assert names(client.get("/").text) == ["A", "C", "B"]
    client.post("/views/order", data={"keys": f"{keys['B']},{keys['A']},nonsense!"})
    assert names(client.get("/").text) == ["B", "A", "C"]
    client.post(f"/views/{keys['B']}/move", data={"to": "up"})
    client.post(f"/views/{keys['B']}/move", data={"to": "down"})
    assert names(client.get("/").text) == ["A", "B", "C"]
    assert names(lead_client.get("/").text) == ["A", "B", "C"]


def test_the_page_of_views_tells_what_each_shows(
    database: Database, brand: Brand, client: TestClient
) -> None:
    client.post("/views", data={"name": "Night", "filter": "?view=all&language=en&waiting=4h&tag=refund"})
    page = client.get("/views").text
    for words in ("Night", "All tickets", "English", "Waiting longer than 4h", "refund", "Recently updated"):
        assert words in page
    client.post(f"/views/{only(database).key}/delete")
    assert "No saved views yet" in client.get("/views").text


def test_a_filter_shows_what_is_set_and_how_to_take_it_away(
    database: Database, brand: Brand, client: TestClient, agent: Agent
) -> None:
    page = client.get(f"/?tag=refund,vip&assignee={agent.key}&least=999&status=merged").text
    assert 'href="/?tag=vip&amp;assignee=' in page
    assert "Misaki Takahashi" in page
    assert "Not understood and left out: Status, Urgency" in page
    assert "Nothing matches" in page


def test_the_filter_is_a_form_that_needs_no_script(
    database: Database, brand: Brand, client: TestClient
) -> None:
    ticket = add_ticket(database, brand, language="en")
    form = client.get("/inbox/filter?language=en").text
    assert re.search(r'name="language" value="en" checked', form)
    sent = "/?view=unanswered&language=en&waiting=&tier=&orders=&least=&q=&sort=&saved=&columns=none&columns=tags"
    assert f"/tickets/{ticket.key}?language=en&amp;columns=tags" in client.get(sent).text
    assert "<html" not in client.get("/inbox/filter", headers={"HX-Request": "true"}).text


def test_a_ticket_marked_unread_is_bold_for_its_agent_alone(
    database: Database, brand: Brand, client: TestClient, lead_client: TestClient
) -> None:
    ticket = add_ticket(database, brand, status="pending")
    unread = "/?view=waiting&unread=1"
    assert ticket.key not in client.get(unread).text
    client.post(f"/tickets/{ticket.key}/unread")
    assert ticket.key in client.get(unread).text
    assert ticket.key not in lead_client.get(unread).text
    client.get(f"/tickets/{ticket.key}")
    assert ticket.key not in client.get(unread).text
