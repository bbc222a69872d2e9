"""Flows are read however they were told, and what no visitor could walk through is found when it is saved."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.channels.chat import flow_check, flows

RETURNS = {
    "key": "returns",
    "titles": {"ja": "返品", "en": "Returns"},
    "start": "what",
    "steps": {
        "what": {
            "texts": {"ja": "どうしましたか", "en": "What happened?"},
            "buttons": [
                {"labels": {"ja": "未使用", "en": "Unused"}, "to": "free"},
                {"labels": {"en": "Broken"}, "say": {"en": "It arrived broken."}},
                {"labels": {"en": "Where is it?"}, "open": "orders"},
                {"labels": {"en": "Read"}, "url": "https://shop.example/returns"},
            ],
        },
        "free": {"texts": {"en": "Returns are free."}, "buttons": [], "end": "answer"},
    },
}


def flow(**steps: Any) -> dict[str, Any]:
    return flows.normal({"key": "f", "title": "F", "start": "a", "steps": steps})


def test_a_flow_is_told_in_the_language_asked_for_and_else_in_the_other() -> None:
    told = flows.told(RETURNS, "ja")
    assert told["title"] == "返品"
    assert told["steps"]["what"]["buttons"][0] == {"label": "未使用", "to": "free"}
    assert told["steps"]["what"]["buttons"][1] == {"label": "Broken", "say": "It arrived broken."}
    assert told["steps"]["free"] == {"text": "Returns are free.", "end": "answer"}


def test_a_flow_told_for_each_language_apart_becomes_one() -> None:
    apart = {language: {**flows.told(RETURNS, language)} for language in ("ja", "en")}
    joined = flows.normal(apart)
    assert joined["titles"] == RETURNS["titles"]
    assert joined["steps"]["what"]["buttons"][0] == {"labels": {"ja": "未使用", "en": "Unused"}, "to": "free"}
    assert flows.told(joined, "en") == flows.told(RETURNS, "en")


def test_a_flow_in_one_language_alone_is_told_in_both() -> None:
    plain = flows.told(RETURNS, "en")
    assert flows.told(plain, "ja") == plain
    assert flow_check.problems(flows.normal(plain)) == []


def test_what_is_no_flow_is_an_empty_one_with_problems() -> None:
    broken: list[Any] = [None, 3, [], {"steps": 3}, {"key": "x", "steps": {"a": 3}, "start": []}]
    for given in broken:
        assert flow_check.problems(flows.normal(given))


def test_one_that_is_switched_off_is_not_told() -> None:
    assert flows.told_all([RETURNS, {**RETURNS, "active": False}], "en") == [flows.told(RETURNS, "en")]


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ({"a": {"text": "x"}}, "Step “a” is a dead end"),
        (
            {"a": {"text": "x", "buttons": [{"label": "y", "to": "b"}]}},
            "leads to step “b”, which does not exist",
        ),
        (
            {"a": {"text": "x", "buttons": [{"label": "y", "to": "a"}]}},
            "From step “a” one only walks in circles",
        ),
        (
            {"a": {"text": "x", "end": "answer"}, "b": {"text": "y", "end": "answer"}},
            "Nothing leads to step “b”",
        ),
        ({"b": {"text": "x", "end": "answer"}}, "begins with step “a”, which does not exist"),
        ({"a": {"text": "x", "buttons": [{"label": "y"}]}}, "The button “y” does nothing"),
        (
            {"a": {"text": "x", "buttons": [{"label": "y", "url": "javascript:1"}]}},
            "address that begins with https",
        ),
        ({"a": {"text": "x", "buttons": [{"label": "y", "open": "door"}]}}, "opens something unknown"),
        ({"a": {"text": "x", "buttons": [{"say": "z"}]}}, "has no words"),
        ({"a": {"end": "answer"}}, "Step “a” says nothing"),
        ({"a": {"text": "x" * 1001, "end": "answer"}}, "too long"),
        ({"answered": {"text": "x", "end": "answer"}}, "needs a name"),
    ],
)
def test_what_cannot_be_walked_through_is_named(steps: dict[str, Any], problem: str) -> None:
    found = flow_check.problems(flow(**steps))
    assert any(problem in one for one in found), found


def test_a_circle_with_a_way_out_is_no_problem() -> None:
    again = {"text": "x", "buttons": [{"label": "again", "to": "a"}, {"label": "out", "say": "help"}]}
    assert flow_check.problems(flow(a=again)) == []


def test_only_what_can_have_happened_is_counted() -> None:
    assert flows.knows(RETURNS, "what", "")
    assert flows.knows(RETURNS, "free", "what")
    assert flows.knows(RETURNS, "answered", "free")
    assert flows.knows(RETURNS, "opened", "what")
    assert not flows.knows(RETURNS, "answered", "what")
    assert not flows.knows(RETURNS, "opened", "free")
    assert not flows.knows(RETURNS, "made-up", "")
    assert not flows.knows(RETURNS, "free", "made-up")
    assert not flows.knows(RETURNS, "ticket", "free")
