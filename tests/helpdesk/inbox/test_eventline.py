"""Whatever is logged about a ticket is told in words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import helpdesk
from helpdesk.inbox.eventline import ICONS, SHOWN_BY_THE_MESSAGE, WORDS, lines

SOURCES = Path(helpdesk.__file__).parent
LOGS = ("log.write", "_log", "changing")


def test_every_logged_event_has_words_and_an_icon() -> None:
    names = {name for path in SOURCES.rglob("*.py") for name in _logged(ast.parse(path.read_text("utf-8")))}
    assert {"opened", "answered", "unspammed", "delivery_failed", "points_granted"} <= names
    assert names - set(SHOWN_BY_THE_MESSAGE) - set(WORDS) == set()
    assert set(WORDS) - set(ICONS) - {"status_changed"} == set()


def test_a_failed_delivery_says_why_in_the_servers_words() -> None:
    failed = _line("delivery_failed", reason="550 quota 98%(high)", partly=False)
    assert failed == "Sending failed: 550 quota 98%(high)"
    assert "did not reach every address: 550" in _line("delivery_failed", reason="550", partly=True)
    assert _line("delivery_retried", message=1) == "Sending was tried again"


def test_an_event_that_lacks_a_fact_is_still_told() -> None:
    assert "Sending failed" in _line("delivery_failed")
    assert _line("unheard_of") == "Unheard of"
    assert _line("unheard_of", order="HK-1", inner=7) == "Unheard of · order HK-1"


def test_a_line_says_by_which_rule_or_macro_it_happened() -> None:
    assert _line("closed", rule_name="Thanks only") == "Closed · Rule: Thanks only"
    assert _line("snoozed", until="2026-01-06T00:00:00+00:00") == "Snoozed until Tue, Jan 6, 2026 9:00 AM"


def test_the_other_ticket_of_a_merge_can_be_opened() -> None:
    (found,) = lines(
        [(1, datetime(2026, 1, 5, tzinfo=UTC), "merged", {"number": 7, "key": "abc"}, "Mika")], {}
    )
    assert (found.text, found.link, found.by) == ("Joined with #7", "abc", "Mika")


def test_what_was_undone_is_told_by_its_own_words() -> None:
    assert _line("undone", of="closed") == "Undone: Closed"


def _line(name: str, **data: Any) -> str:
    (found,) = lines([(1, datetime(2026, 1, 5, tzinfo=UTC), name, data, None)], {})
    return found.text


def _logged(tree: ast.AST) -> Iterator[str]:
    """Names given to the log as they stand, or by way of a variable called `name`."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) in LOGS]
    for call in calls:
        if len(call.args) > 2 and isinstance(call.args[2], ast.Constant):
            yield call.args[2].value
    if any(isinstance(call.args[2], ast.Name) for call in calls if len(call.args) > 2):
        named = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
        for node in named:
            if ast.unparse(node.targets[0]) == "name" and isinstance(node.value, ast.IfExp):
                yield from (one.value for one in (node.value.body, node.value.orelse))  # type: ignore[attr-defined]
