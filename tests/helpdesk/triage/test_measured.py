from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import classifiers
from helpdesk.models import ModelVersion
from helpdesk.triage import measured

CALLED = {"refund": "Refund", "spam": "Advertising"}


def reached(n: int, shown: int, hits: int) -> dict[str, Any]:
    precision = hits / shown if shown else None
    return {
        "n": n, "shown": shown, "hits": hits, "precision": precision, "recall": hits / n if n else None,
        "f1": round(2 * hits / (n + shown), 4),
    }  # fmt: skip


def version(number: int, *, f1: float = 0.5, base: int = 0, **given: Any) -> ModelVersion:
    per_tag = {"refund": {**reached(30, 28, 20), "f1": f1}, "spam": reached(8, 20, 8)}
    part = {"n": 60, "top1": 0.8, "per_tag": per_tag}
    before = {"n": 60, "top1": 0.7, "per_tag": {"refund": {**reached(30, 28, 20), "f1": 0.25}}}
    figures = {"figures": {"en": part}, "before": {"en": before}, "tags": ["refund", "spam"], "base": base}
    return ModelVersion(
        brand_id=1, version=number, figures=figures, created_at=datetime(2026, 1, 5, tzinfo=UTC), **given
    )


def test_tags_stand_by_need_by_name_or_by_a_languages_weakest() -> None:
    found = measured.of_version(version(1, f1=0.9))

    def order(by: str) -> list[str]:
        return [line.name for line in measured.tag_lines(found, {}, by, CALLED)]

    assert order("need") == ["refund", "spam"]  # 18 mistakes against 12
    assert order("name") == ["spam", "refund"]
    assert order("en") == ["spam", "refund"]
    assert order("anything else") == order("need")


def test_a_tag_asked_of_few_messages_is_marked() -> None:
    lines = {
        line.name: line.by["en"] for line in measured.tag_lines(measured.of_version(version(1)), {}, "", {})
    }
    assert (lines["refund"].few, lines["spam"].few) == (False, True)
    assert lines["spam"].mistakes == 12


def test_what_was_won_and_lost_goes_along() -> None:
    changes = {"en": {"tags": {"refund": {"won": 3, "lost": 1}}}}
    (line,) = [
        one
        for one in measured.tag_lines(measured.of_version(version(1)), changes, "", {})
        if one.name == "refund"
    ]
    assert (line.by["en"].won, line.by["en"].lost) == (3, 1)


def test_ordinary_messages_are_preferred_where_they_were_counted() -> None:
    row = version(1)
    assert measured.of_version(row).usual("en")["top1"] == 0.8
    row.figures["figures"]["en"]["ordinary"] = {"n": 12, "top1": 0.95}
    assert measured.of_version(row).usual("en")["top1"] == 0.95
    assert measured.of_version(row).usual("ja") == {}


def test_two_that_followed_each_other_are_compared_on_the_same_messages() -> None:
    first, second, third = version(1, f1=0.6), version(2, f1=0.5, base=1), version(3, f1=0.4, base=1)
    rows = [first, second, third]
    old, new = measured.same_messages(measured.of_version(first), measured.of_version(second), rows)
    assert (old.part("en")["top1"], new.part("en")["top1"]) == (0.7, 0.8)
    swapped = measured.same_messages(measured.of_version(second), measured.of_version(first), rows)
    assert (swapped[0], swapped[1]) == (new, old)
    apart = measured.same_messages(measured.of_version(second), measured.of_version(third), rows)
    assert apart == (measured.of_version(second), measured.of_version(third))


def test_differences_name_the_largest_first_and_what_is_missing() -> None:
    first, second = measured.of_version(version(1, f1=0.6)), measured.of_version(version(2, f1=0.5))
    second.figures["en"]["per_tag"]["own"] = reached(9, 9, 9)
    told = [(one.name, one.first, one.second) for one in measured.differences(first, second)]
    assert told[0] == ("refund", 0.6, 0.5)
    assert ("own", None, 1.0) in told
    assert measured.new_tags(["refund"], ["refund", "own"]) == ["own"]


def test_the_builtin_models_own_figures_have_the_same_shape() -> None:
    found = measured.of_builtin(classifiers.builtin().artifact)
    assert (found.version, found.own_rows) == (0, 0) and found.rows > 1000
    lines = measured.tag_lines(found, {}, "need", {})
    assert {line.name for line in lines} == set(classifiers.TAG_IDS)
    assert all(set(line.by) == {"ja", "en"} for line in lines)
