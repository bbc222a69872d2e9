from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from classifiers.results import Reason, TagScore
from classifiers.urgency import CUE_POINTS, assess, fit_to_scale, level

CALM = [TagScore("size_fit", 0.9)]
PRESSING = [TagScore("cancel_order", 0.9)]
kinds = st.dictionaries(st.sampled_from(sorted(CUE_POINTS)), st.just("x"))


@given(
    score=st.floats(0, 1),
    grade=st.floats(0, 3),
    sentiment=st.sampled_from(["positive", "neutral", "negative", "angry", "threat"]),
    cues=kinds,
)
def test_points_add_up_to_the_score(score: float, grade: float, sentiment: str, cues: dict[str, str]) -> None:
    urgency = assess([TagScore("cancel_order", score)], grade, sentiment, cues)
    assert sum(points for _, points in urgency.reasons) == urgency.score
    assert 0 <= urgency.score <= 100
    assert all(points for _, points in urgency.reasons)


@given(st.lists(st.builds(Reason, st.just("x"), st.integers(-50, 80)), max_size=8))
def test_any_parts_are_trimmed_to_the_scale(reasons: list[Reason]) -> None:
    assert 0 <= sum(reason.points for reason in fit_to_scale(reasons)) <= 100


def test_a_pressing_intent_stands_above_a_calm_one() -> None:
    assert assess(PRESSING, 1, "neutral", {}).score > assess(CALM, 1, "neutral", {}).score


def test_every_cue_but_calm_raises_the_score() -> None:
    plain = assess(CALM, 1, "neutral", {}).score
    for kind in CUE_POINTS:
        raised = assess(CALM, 1, "neutral", {kind: "x"}).score > plain
        assert raised == (kind != "calm")


def test_reasons_are_machine_readable_and_heaviest_first() -> None:
    reasons = assess(PRESSING, 2, "angry", {"legal": "lawyer"}).reasons
    assert {code for code, _ in reasons} == {
        "intent:cancel_order",
        "text:grade",
        "sentiment:angry",
        "cue:legal",
    }
    assert [points for _, points in reasons] == sorted((points for _, points in reasons), reverse=True)


def test_a_brands_own_tag_has_a_mild_prior() -> None:
    assert 0 < assess([TagScore("own", 1.0)], 0, "neutral", {}).score < 20


def test_levels_cover_the_scale() -> None:
    assert [level(score) for score in (0, 19, 20, 40, 60, 100)] == [
        "low",
        "low",
        "normal",
        "high",
        "urgent",
        "urgent",
    ]


def test_a_second_threat_beside_a_heavier_one_weighs_little() -> None:
    one = assess(CALM, 0, "neutral", {"legal": "x"}).score
    both = assess(CALM, 0, "neutral", {"exposure": "x", "legal": "x"})
    assert one < both.score < one + CUE_POINTS["exposure"]
    assert ("cue:legal", CUE_POINTS["legal"]) in both.reasons
