"""The numbers of the screen as CSV, JSON or a workbook; nothing a customer wrote becomes a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass

from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.reports.labels import label
from helpdesk.reports.measures import COUNTED, DEFINITIONS, NAMES, TIMED
from helpdesk.reports.overview import Overview
from helpdesk.reports.times import Spread
from helpdesk.reports.volume import DIMENSIONS, Figure, Row

Cell = str | int | float | bool | None
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
HEADINGS = {
    "name": lazy("Id"),
    "label": lazy("Name"),
    "now": lazy("This period"),
    "before": lazy("Period before"),
    "change_percent": lazy("Change in percent"),
    "tickets": lazy("Tickets"),
    "median_seconds": lazy("Median in seconds"),
    "p90_seconds": lazy("90th percentile in seconds"),
    "tickets_before": lazy("Tickets, period before"),
    "median_seconds_before": lazy("Median in seconds, period before"),
    "p90_seconds_before": lazy("90th percentile in seconds, period before"),
    "this_week": lazy("This week"),
    "weeks_before": lazy("Weeks compared with"),
    "tickets_weeks_before": lazy("Tickets in those weeks"),
    "usual": lazy("Usual in a week"),
    "chance": lazy("Chance of an accident"),
    "sure": lazy("Clear rise"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: stable names of its columns, and rows as long."""

    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


def write(overview: Overview, name: str, by: str, form: str) -> bytes:
    """Raises Invalid for a report, dimension or format that does not exist."""
    if form not in FORMATS:
        raise Invalid("there is no format %(form)s; choose csv, json or xlsx", field="format", form=form)
    sheet = make_sheet(overview, name, by)
    if form == "csv":
        return to_csv(sheet)
    return to_json(overview, name, by, sheet) if form == "json" else to_xlsx(overview, sheet)


def make_sheet(overview: Overview, name: str, by: str = "day") -> Sheet:
    if name not in REPORTS:
        raise Invalid(
            "there is no report %(name)s; choose one of: %(known)s",
            field="name",
            name=name,
            known=", ".join(REPORTS),
        )
    if by not in DIMENSIONS:
        raise Invalid(
            "there is no dimension %(by)s; choose one of: %(known)s",
            field="by",
            by=by,
            known=", ".join(DIMENSIONS),
        )
    return REPORTS[name](overview, by)


def to_csv(sheet: Sheet) -> bytes:
    """UTF-8 with the mark that makes spreadsheets read it as such."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([heading(column) for column in sheet.columns])
    writer.writerows([guarded(cell) for cell in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def to_json(overview: Overview, name: str, by: str, sheet: Sheet) -> bytes:
    period = overview.scope.period
    said = {
        "report": name,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "timezone": str(period.zone),
        "rows": [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows],
    }
    if name == "volume":
        said["by"] = by
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()


def to_xlsx(overview: Overview, sheet: Sheet) -> bytes:
    """The table, and a second sheet that says what the numbers mean."""
    import xlsxwriter  # a tenth of a second that no start of the helpdesk needs

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True})
    page = book.add_worksheet(_("Report"))
    page.write_row(0, 0, [heading(column) for column in sheet.columns], bold)
    for line, row in enumerate(sheet.rows, 1):
        page.write_row(line, 0, row)
    page.freeze_panes(1, 0)
    page.autofit()
    about = book.add_worksheet(_("Definitions"))
    period = overview.scope.period
    about.write_row(0, 0, [_("Days"), f"{period.first} – {period.last} ({period.zone})"])
    for line, (measure, words) in enumerate(DEFINITIONS.items(), 1):
        about.write_row(line, 0, [_(NAMES[measure]), _(words)])
    about.set_column(0, 0, 24, bold)
    book.close()
    return out.getvalue()


def heading(column: str) -> str:
    for measure in COUNTED:
        if column.startswith(measure):
            kind = column.removeprefix(measure).lstrip("_")
            return f"{_(NAMES[measure])} · {_(HEADINGS[kind])}" if kind else _(NAMES[measure])
    return _(HEADINGS[column])


def guarded(cell: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _totals(overview: Overview, _by: str) -> Sheet:
    measures = (*COUNTED, "spam")
    rows = [(one, _(NAMES[one]), *_figure(overview.volume.totals[one])) for one in measures]
    return Sheet(("name", "label", "now", "before", "change_percent"), rows)


def _volume(overview: Overview, by: str) -> Sheet:
    columns = [f"{measure}{end}" for measure in COUNTED for end in ("", "_before", "_change_percent")]
    rows = [_volume_row(overview, by, row) for row in overview.volume.by[by]]
    return Sheet(("name", "label", *columns), rows)


def _volume_row(overview: Overview, by: str, row: Row) -> tuple[Cell, ...]:
    cells = [cell for measure in COUNTED for cell in _figure(row.figures[measure])]
    return row.name, label(by, row.name, overview.tags), *cells


def _times(overview: Overview, _by: str) -> Sheet:
    ends = ("", "_before")
    columns = [f"{column}{end}" for end in ends for column in ("tickets", "median_seconds", "p90_seconds")]
    rows: list[tuple[Cell, ...]] = []
    for measure in TIMED:
        time = overview.times[measure]
        cells = [cell for one in (time.now, time.before) for cell in _spread(one)]
        rows.append((measure, _(NAMES[measure]), *cells, _percent(time.change)))
    return Sheet(("name", "label", *columns, "change_percent"), rows)


def _rising(overview: Overview, _by: str) -> Sheet:
    weeks = overview.rising.weeks
    rows: list[tuple[Cell, ...]] = [
        (
            rise.name, label("tag", rise.name, overview.tags), rise.count, weeks, rise.baseline,
            round(rise.usual, 2), round(rise.chance, 6), rise.sure,
        )
        for rise in overview.rising.rises
    ]  # fmt: skip
    columns = ("this_week", "weeks_before", "tickets_weeks_before", "usual", "chance", "sure")
    return Sheet(("name", "label", *columns), rows)


REPORTS: dict[str, Callable[[Overview, str], Sheet]] = {
    "totals": _totals,
    "volume": _volume,
    "times": _times,
    "rising": _rising,
}


def _spread(spread: Spread) -> tuple[Cell, ...]:
    whole = [None if one is None else round(one) for one in (spread.median, spread.p90)]
    return spread.count, *whole


def _figure(figure: Figure) -> tuple[Cell, ...]:
    return figure.now, figure.before, _percent(figure.change)


def _percent(change: float | None) -> float | None:
    return None if change is None else round(change * 100, 1)
