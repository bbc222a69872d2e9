from __future__ import annotations

from datetime import UTC, datetime

from helpdesk.triage.drift import Week
from helpdesk.web.agent.settings import model_charts

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def test_a_dot_stands_where_it_is_sure_and_right() -> None:
    drawn = model_charts.curve([{"sure": 0.5, "right": 0.25, "n": 40}, {"sure": 1.0, "right": 1.0, "n": 160}])
    first, second = drawn.dots
    assert (first.x, first.y) == (100.0, 150.0)
    assert (second.x, second.y, second.r) == (200.0, 0.0, model_charts.MOST_DOT)
    assert model_charts.LEAST_DOT < first.r < second.r
    assert drawn.line == "100.0,150.0 200.0,0.0"


def test_no_line_leads_to_a_dot_of_few_messages() -> None:
    drawn = model_charts.curve([{"sure": 0.1, "right": 1.0, "n": 3}, {"sure": 0.9, "right": 0.9, "n": 50}])
    assert [dot.few for dot in drawn.dots] == [True, False]
    assert drawn.line == "180.0,20.0"
    assert model_charts.curve([]).dots == ()


def test_weeks_without_tickets_are_passed_over() -> None:
    weeks = [Week(MONDAY, 10, 1, 0), Week(MONDAY, 0, 0, 0), Week(MONDAY, 20, 5, 2)]
    drawn = model_charts.trend(weeks)
    assert drawn.top == 0.3
    assert drawn.silence == "0.0,80.0 640.0,20.0"
    assert drawn.last == (640.0, 20.0, 80.0)
    assert model_charts.trend([Week(MONDAY, 0, 0, 0)]).last is None
