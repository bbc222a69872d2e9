"""Files carry the numbers of the screen, and no text in them runs as a formula."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from helpdesk.errors import Invalid
from helpdesk.reports import export
from helpdesk.reports.export import Sheet
from helpdesk.reports.measures import COUNTED, Scope
from helpdesk.reports.overview import Overview
from helpdesk.reports.period import Period
from helpdesk.reports.rising import Rise, Rising
from helpdesk.reports.times import Spread, Time
from helpdesk.reports.volume import DIMENSIONS, Figure, Row, Volume

PERIOD = Period(date(2026, 1, 5), date(2026, 1, 5), ZoneInfo("Asia/Tokyo"))


@pytest.fixture
def report() -> Overview:
    figures = {measure: Figure(3, 2) for measure in COUNTED}
    by = {dimension: [Row("", figures)] for dimension in DIMENSIONS if dimension != "day"}
    by |= {"day": [Row("2026-01-05", figures)], "category": [Row("=cmd|' /C calc'!A0", figures)]}
    time = Time(Spread(3, 60.4, 90.0), Spread())
    rise = Rise("return", 9, 4, 1.0, 0.0001, sure=True)
    return Overview(
        Scope((1,), PERIOD),
        Volume({**figures, "spam": Figure(1, 0)}, by),
        {"first_response": time, "resolution": Time(Spread(), Spread())},
        Rising(PERIOD, datetime(2026, 1, 5, 3, tzinfo=UTC), 4, 9, (rise,)),
        {"return": "返品"},
    )


@pytest.mark.parametrize("name", export.REPORTS)
def test_every_report_has_all_formats_with_as_many_rows(report: Overview, name: str) -> None:
    rows = len(export.make_sheet(report, name).rows)
    lines = list(csv.reader(io.StringIO(export.write(report, name, "day", "csv").decode("utf-8-sig"))))
    assert len(lines) == rows + 1
    assert len({len(line) for line in lines}) == 1
    assert len(json.loads(export.write(report, name, "day", "json"))["rows"]) == rows
    with zipfile.ZipFile(io.BytesIO(export.write(report, name, "day", "xlsx"))) as book:
        assert book.read("xl/worksheets/sheet1.xml").count(b"<row ") == rows + 1


def test_a_csv_begins_with_the_mark_that_spreadsheets_need(report: Overview) -> None:
    assert export.write(report, "times", "day", "csv").startswith(b"\xef\xbb\xbf")


def test_a_text_never_becomes_a_formula(report: Overview) -> None:
    text = export.write(report, "volume", "category", "csv").decode("utf-8-sig")
    assert "'=cmd" in text
    assert ",=cmd" not in text
    with zipfile.ZipFile(io.BytesIO(export.write(report, "volume", "category", "xlsx"))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_texts_that_a_spreadsheet_would_run_are_guarded(text: str) -> None:
    (_, line) = csv.reader(
        io.StringIO(export.to_csv(Sheet(("label",), [(text,)])).decode("utf-8-sig"), newline="")
    )
    assert line == [f"'{text}"]


def test_numbers_stay_numbers_even_when_they_fell() -> None:
    assert export.to_csv(Sheet(("change_percent",), [(-12.5,)])).endswith(b"\r\n-12.5\r\n")


def test_json_says_what_it_is_about(report: Overview) -> None:
    said = json.loads(export.write(report, "volume", "tag", "json"))
    assert (said["from"], said["to"], said["timezone"], said["by"]) == (
        "2026-01-05",
        "2026-01-05",
        "Asia/Tokyo",
        "tag",
    )
    assert said["rows"][0]["created_change_percent"] == 50.0


@pytest.mark.parametrize(
    ("name", "by", "form"), [("x", "day", "csv"), ("volume", "x", "csv"), ("times", "day", "pdf")]
)
def test_what_does_not_exist_is_refused(report: Overview, name: str, by: str, form: str) -> None:
    with pytest.raises(Invalid):
        export.write(report, name, by, form)
