from __future__ import annotations

from typing import Any

import pytest

from helpdesk.triage import promotion
from helpdesk.triage.promotion import Objection


def told(lost: int, won: int, n: int = 800, **tags: tuple[int, int]) -> dict[str, Any]:
    moved = {tag: {"lost": a, "won": b} for tag, (a, b) in tags.items()}
    return {"n": n, "lost": lost, "won": won, "tags": moved}


def decide(changes: dict[str, Any], **more: Any) -> list[Objection]:
    return promotion.decide({"changes": changes, **more})


def test_a_model_that_answers_the_same_may_serve() -> None:
    assert decide({"ja": told(0, 0), "en": told(0, 0, n=0)}) == []


def test_what_is_better_in_one_language_does_not_make_up_for_the_other() -> None:
    assert decide({"en": told(0, 60), "ja": told(30, 4)}) == [Objection("ja", "", 30, 4)]


def test_one_tag_that_got_worse_is_enough() -> None:
    changes = {"ja": told(9, 40, refund=(8, 0), order_status=(1, 40)), "en": told(0, 0)}
    assert decide(changes) == [Objection("ja", "refund", 8, 0)]


def test_a_loss_that_luck_explains_is_none_unless_it_is_large() -> None:
    assert decide({"ja": told(3, 1, refund=(3, 1))}) == []
    many = told(120, 100)  # no more than two standard deviations, but a fortieth of all rows
    assert decide({"ja": many}) == [Objection("ja", "", 120, 100)]


def test_a_model_that_keeps_silent_instead_may_not_serve() -> None:
    quiet = {**told(0, 30), "shown": {"lost": 60, "won": 10}}
    assert decide({"en": quiet}) == [Objection("en", "", 60, 10)]
    assert decide({"en": {**told(0, 0), "shown": {"lost": 40, "won": 0}}}) == []


def test_the_teams_rows_do_not_outvote_the_corpus() -> None:
    all_rows, corpus = told(12, 40, refund=(12, 40)), told(12, 0, refund=(9, 0))
    assert decide({"en": all_rows}) == []
    assert decide({"en": all_rows}, neutral={"en": corpus}) == [
        Objection("en", "", 12, 0),
        Objection("en", "refund", 9, 0),
    ]


def test_a_loss_that_both_show_is_told_once() -> None:
    lost = {"en": told(30, 4)}
    assert decide(lost, neutral=lost) == [Objection("en", "", 30, 4)]


def test_a_team_that_contradicts_itself_is_not_believed() -> None:
    same = {"en": told(0, 0)}
    assert decide(same, team={"n": 20, "right": 9}) == [Objection("", "", 11, 9, "team")]
    assert decide(same, team={"n": 20, "right": 10}) == []
    assert decide(same, team={"n": 19, "right": 0}) == []  # too few to tell


def test_a_team_that_calls_what_is_sure_something_else_is_not_believed() -> None:
    same, agreed = {"en": told(0, 0)}, {"n": 80, "right": 80}
    assert decide(same, team=agreed, sure={"n": 60, "right": 8}) == [Objection("", "", 52, 8, "sure")]
    assert decide(same, team=agreed, sure={"n": 60, "right": 30}) == []
    assert decide(same, team=agreed, sure={"n": 19, "right": 0}) == []


@pytest.mark.parametrize(
    ("lost", "won", "worse"), [(4, 0, False), (5, 0, True), (20, 12, False), (20, 5, True)]
)
def test_two_deviations_decide(lost: int, won: int, worse: bool) -> None:
    assert promotion.is_worse(lost, won, 2.0) is worse
