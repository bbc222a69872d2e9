"""`helpdesk report` prints what the page shows."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from helpdesk.cli import main
from helpdesk.models import Agent, Brand
from helpdesk.store.db import Database
from tests.helpdesk.reports import world

SPAN = ["--from", "2025-12-20", "--to", "2026-01-05"]


@pytest.fixture
def data(
    database: Database,
    database_url: str,
    brand: Brand,
    agent: Agent,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> list[str]:
    world.fill(database, brand, agent, ZoneInfo("Asia/Tokyo"), seed=3, n=25, weeks=2)
    monkeypatch.setenv("HELPDESK_DATABASE_URL", database_url)
    return ["--data", str(tmp_path)]


@pytest.mark.parametrize("name", ["totals", "volume", "times", "rising"])
def test_it_prints_the_numbers_of_the_page(
    name: str, data: list[str], lead_client: TestClient, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["report", name, *SPAN, "--by", "tag", *data]) == 0
    printed = json.loads(capfdbinary.readouterr().out)
    shown = lead_client.get(f"/reports/{name}.json?from={SPAN[1]}&to={SPAN[3]}&by=tag").json()
    if name != "rising":  # its week ends now, and the command's clock is the real one
        assert printed == shown
    assert printed["from"] == "2025-12-20"


def test_a_workbook_goes_into_a_file(data: list[str], tmp_path: Path) -> None:
    target = tmp_path / "volume.xlsx"
    assert main(["report", "volume", *SPAN, "--format", "xlsx", "--output", str(target), *data]) == 0
    assert target.read_bytes().startswith(b"PK")


def test_a_brand_that_is_not_there_is_told(data: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "totals", *SPAN, "--brand", "Nobody", *data]) == 1
    assert capsys.readouterr().err.startswith("helpdesk: there is no brand Nobody; choose one of: 青葉商店")


def test_a_date_that_is_none_is_told(data: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "totals", "--from", "soon", "--to", "2026-01-05", *data]) == 1
    assert "write it like 2026-01-31" in capsys.readouterr().err


def test_a_report_that_does_not_exist_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["report", "moon", *SPAN])
    assert ended.value.code == 2
