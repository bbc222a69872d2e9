from __future__ import annotations

from dataclasses import replace

from classifiers.judged import Judged, changes, figures
from classifiers.results import Classification, TagScore, Urgency
from classifiers.rows import Row


def judged(row: Row, *ranked: tuple[str, float], least: float = 0.5) -> Judged:
    scores = tuple(TagScore(*one) for one in ranked)
    shown = tuple(one for one in scores if one.score >= least)
    return Judged(row, Classification("en", shown, scores, "neutral", Urgency(0, "low", ())))


REFUND = Row("money back", "en", ("refund",))
NOTHING = Row("hello", "en", ())


def test_right_is_the_best_guess_where_there_is_a_tag_and_silence_where_there_is_none() -> None:
    assert judged(REFUND, ("refund", 0.2), ("spam", 0.1)).right()
    assert not judged(REFUND, ("spam", 0.2), ("refund", 0.1)).right()
    assert judged(NOTHING, ("spam", 0.2)).right()
    assert not judged(NOTHING, ("spam", 0.9)).right()


def test_what_was_lost_and_won_is_told_by_language_and_tag() -> None:
    good, bad = (("refund", 0.9), ("spam", 0.1)), (("spam", 0.9), ("refund", 0.1))
    found = changes(
        [judged(REFUND, *good), judged(REFUND, *good), judged(REFUND, *bad)],
        [judged(REFUND, *bad), judged(REFUND, *good), judged(REFUND, *good)],
    )
    assert {name: found["en"][name] for name in ("n", "lost", "won")} == {"n": 3, "lost": 1, "won": 1}
    assert found["en"]["shown"] == {"lost": 1, "won": 1}
    assert found["en"]["tags"] == {"refund": {"lost": 1, "won": 1}, "spam": {"lost": 1, "won": 1}}
    assert found["ja"] == {"n": 0, "lost": 0, "won": 0, "shown": {"lost": 0, "won": 0}, "tags": {}}


def test_of_what_nobody_said_nothing_is_held_against_a_model() -> None:
    row = replace(REFUND, denied=("spam",))
    before, after = (
        judged(row, ("refund", 0.9)),
        judged(row, ("refund", 0.9), ("size_fit", 0.8), ("spam", 0.7)),
    )
    found = changes([before], [after])["en"]
    assert found["n"] == 0 and found["tags"] == {
        "refund": {"lost": 0, "won": 0}, "size_fit": {"lost": 0, "won": 0}, "spam": {"lost": 1, "won": 0},
    }  # fmt: skip


def test_figures_tell_what_is_taken_for_what() -> None:
    told = figures([judged(REFUND, ("spam", 0.9), ("refund", 0.1)), judged(REFUND, ("refund", 0.95))])["en"]
    assert (told["n"], told["top1"], told["precision"]) == (2, 0.5, 0.5)
    assert told["confusions"] == [{"wanted": "refund", "said": "spam", "n": 1}]
    assert told["curve"] == [{"n": 2, "sure": 0.925, "right": 0.5}]
    assert told["per_tag"]["refund"]["recall"] == 0.5
    assert figures([])["ja"] == {"n": 0}
