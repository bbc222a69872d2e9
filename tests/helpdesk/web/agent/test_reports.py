"""The reports page: every number on it opens as many tickets, and nothing of another brand is in it."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from helpdesk.models import Agent, Brand
from helpdesk.reports.measures import Scope
from helpdesk.reports.period import Period
from helpdesk.store.db import Database
from tests.helpdesk.reports import world
from tests.helpdesk.reports.world import Fact, recount

TOKYO = ZoneInfo("Asia/Tokyo")
DAYS = "from=2026-01-03&to=2026-01-05"
FIGURE = re.compile(r'<a class="figure num" href="([^"]+)"[^>]*>([\d,]+)<')
COUNT = re.compile(r'class="behind-count"><b class="num">([\d,]+)</b>')


@pytest.fixture
def facts(database: Database, brand: Brand, other_brand: Brand, agent: Agent) -> list[Fact]:
    world.fill(database, other_brand, agent, TOKYO, seed=2, n=15, weeks=1)
    return world.fill(database, brand, agent, TOKYO, seed=1, n=70, weeks=2)


def _count(page: str) -> int:
    found = COUNT.search(page)
    assert found, page
    return int(found[1].replace(",", ""))


def test_every_number_on_the_page_opens_as_many_tickets(client: TestClient, facts: list[Fact]) -> None:
    page = client.get(f"/reports?{DAYS}").text
    figures = {(html.unescape(href), int(shown.replace(",", ""))) for href, shown in FIGURE.findall(page)}
    assert len(figures) > 60
    for href, shown in sorted(figures):
        assert _count(client.get(href).text) == shown, href


def test_the_page_shows_the_recount_of_its_own_brand_alone(
    client: TestClient, facts: list[Fact], brand: Brand
) -> None:
    scope = Scope((brand.pk,), Period(date(2026, 1, 3), date(2026, 1, 5), TOKYO))
    page = client.get(f"/reports?{DAYS}").text
    _href, created = next(found for found in FIGURE.findall(page) if "measure=created&amp;origin" in found[0])
    assert int(created) == len(recount(facts, scope, "created"))
    assert "Foreign" not in page


def test_another_brand_is_not_there(lead_client: TestClient, facts: list[Fact], other_brand: Brand) -> None:
    for page in ("reports", "reports/tickets", "reports/totals.csv"):
        assert lead_client.get(f"/{page}?brand={other_brand.key}").status_code == 404


def test_files_are_for_those_who_may_export(client: TestClient, lead_client: TestClient) -> None:
    assert client.get("/reports/totals.csv").status_code == 403
    assert "totals.csv" not in client.get("/reports").text
    assert "totals.csv" in lead_client.get("/reports").text


def test_an_administrator_sees_all_brands_together_or_one(
    admin_client: TestClient, facts: list[Fact], brand: Brand, other_brand: Brand
) -> None:
    def created(query: str) -> int:
        lines = csv.reader(io.StringIO(admin_client.get(f"/reports/totals.csv?{DAYS}{query}").text))
        return int(next(line[2] for line in lines if line[0] == "created"))

    one, other = created(f"&brand={brand.key}"), created(f"&brand={other_brand.key}")
    assert one and other
    assert created("") == one + other


@pytest.mark.parametrize("by", ["day", "channel", "tag", "category", "language"])
def test_a_file_has_the_numbers_of_the_screen(lead_client: TestClient, facts: list[Fact], by: str) -> None:
    page = html.unescape(lead_client.get(f"/reports?{DAYS}").text)
    answer = lead_client.get(f"/reports/volume.csv?{DAYS}&by={by}")
    assert answer.headers["content-disposition"].startswith('attachment; filename="volume-')
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows
    for row in rows:
        name = row["Id"].removeprefix("'").replace("=", "%3D")
        found = re.search(
            rf"measure=created&by={by}&name={re.escape(name)}&origin=[^\"]*\"[^>]*>([\d,]+)<", page
        )
        assert found and found[1] == row["Created"], row


def test_the_page_asks_the_database_no_more_than_eight_times(
    client: TestClient, facts: list[Fact], database: Database
) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            asked.append(statement)

    event.listen(database._reader, "before_cursor_execute", note)
    try:
        assert client.get("/reports").status_code == 200
    finally:
        event.remove(database._reader, "before_cursor_execute", note)
    assert 0 < len(asked) <= 8, asked


def test_a_list_longer_than_a_page_goes_on(client: TestClient, facts: list[Fact]) -> None:
    address = "/reports/tickets?measure=created&from=2025-12-01&to=2026-01-05"
    first, keys = client.get(address).text, []
    while address:
        page = client.get(address).text
        keys += re.findall(r'class="behind-link" href="/tickets/([^"]+)"', page)
        more = re.search(r'id="more"><td colspan="5"><a class="button" href="([^"]+)"', page)
        address = html.unescape(more[1]) if more else ""
    assert len(keys) == len(set(keys)) == _count(first)


def test_more_rows_come_as_a_fragment_for_htmx(client: TestClient, facts: list[Fact]) -> None:
    address = "/reports/tickets?measure=created&from=2025-12-01&to=2026-01-05&after=2026-01-05T00:00:00%2B00:00~999999"
    part = client.get(address, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith("<tr>")


@pytest.mark.parametrize(
    "address",
    [
        "/reports?from=2026-03-18&to=2026-03-01",
        "/reports?from=never",
        "/reports/tickets?measure=mood",
        "/reports/tickets?by=day&name=x",
        "/reports/tickets?after=x",
        "/reports/tickets?weeks=x",
        "/reports/tickets?until=2026-01-01",
        "/reports/volume.csv?by=moon",
        "/reports/volume.pdf",
        "/reports/moon.csv",
    ],
)
def test_an_address_that_no_report_has_is_refused(lead_client: TestClient, address: str) -> None:
    assert lead_client.get(address).status_code == 422


def test_an_empty_shop_gets_an_honest_page(client: TestClient) -> None:
    page = client.get("/reports").text
    assert "No tickets in these days." in page
    assert "There are no weeks before to compare with yet." in page


def test_a_stranger_is_asked_to_sign_in(browser: Callable[..., TestClient]) -> None:
    assert browser().get("/reports").status_code == 303


def test_nothing_on_the_page_breaks_the_content_policy(client: TestClient, facts: list[Fact]) -> None:
    page = client.get(f"/reports?{DAYS}").text
    assert not re.search(r"\sstyle=|\son\w+=", page)
