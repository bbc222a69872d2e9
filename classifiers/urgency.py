"""How soon should a person read this? Points from the text alone, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from classifiers.cues import Cues
from classifiers.results import Reason, TagScore, Urgency
from classifiers.risks import THREATS
from classifiers.tags import BY_ID

HIGHEST = 100
# Proportions follow a regression of the corpus grades on these parts, held out; see docs/classifiers.md.
INTENT_POINTS = (0, 6, 14, 20)
GRADE_POINTS = 12.0
SENTIMENT_POINTS = {"negative": 5, "angry": 16, "threat": 22}
CUE_POINTS = {
    "legal": 18,
    "consumer": 18,
    "chargeback": 16,
    "exposure": 14,
    "safety": 28,
    "health": 8,
    "fraud": 15,
    "urgent": 12,
    "deadline": 12,
    "occasion": 10,
    "repeated": 7,
    "anger": 10,
    "calm": -8,
}
LEVELS = ((60, "urgent"), (40, "high"), (20, "normal"), (0, "low"))
FURTHER_THREAT = 4  # one that is announced beside a heavier one
_OWN_TAG_URGENCY = 1
_CREDIBLE = 0.3


def assess(ranked: Sequence[TagScore], grade: float, sentiment: str, cues: Cues) -> Urgency:
    """Score, level and reasons. `grade` is the expected urgency 0–3 as the model read it."""
    reasons = fit_to_scale(collect_reasons(ranked, grade, sentiment, cues))
    score = sum(reason.points for reason in reasons)
    return Urgency(score, level(score), reasons)


def collect_reasons(ranked: Sequence[TagScore], grade: float, sentiment: str, cues: Cues) -> list[Reason]:
    """Every part with points, heaviest first."""
    reasons = [_intent(ranked), Reason("text:grade", round(GRADE_POINTS * grade))]
    reasons.append(Reason(f"sentiment:{sentiment}", SENTIMENT_POINTS.get(sentiment, 0)))
    reasons += _cues(cues)
    return sorted(
        (reason for reason in reasons if reason.points), key=lambda reason: (-reason.points, reason.code)
    )


def fit_to_scale(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Trims the lightest parts first until the sum lies within 0–100."""
    over = sum(reason.points for reason in reasons) - HIGHEST
    under = -sum(reason.points for reason in reasons)
    kept: list[Reason] = []
    for reason in reversed(reasons):
        points = reason.points
        if over > 0 and points > 0:
            cut = min(over, points)
            points, over = points - cut, over - cut
        elif under > 0 and points < 0:
            cut = min(under, -points)
            points, under = points + cut, under - cut
        if points:
            kept.append(Reason(reason.code, points))
    return tuple(reversed(kept))


def level(score: int) -> str:
    """low, normal, high or urgent."""
    return next(name for least, name in LEVELS if score >= least)


def _intent(ranked: Sequence[TagScore]) -> Reason:
    credible = [tag for tag in ranked if tag.score >= _CREDIBLE] or list(ranked[:1])
    if not credible:
        return Reason("intent:none", 0)
    best = max(credible, key=lambda tag: _prior(tag.tag) * tag.score)
    return Reason(f"intent:{best.tag}", round(_prior(best.tag) * best.score))


def _cues(cues: Cues) -> list[Reason]:
    """The heaviest threat weighs whole, further ones little: a letter with two is not twice as urgent."""
    threats = sorted((kind for kind in cues if kind in THREATS), key=lambda kind: -CUE_POINTS[kind])
    return [
        Reason(f"cue:{kind}", FURTHER_THREAT if kind in threats[1:] else CUE_POINTS[kind]) for kind in cues
    ]


def _prior(tag_id: str) -> int:
    tag = BY_ID.get(tag_id)
    return INTENT_POINTS[tag.base_urgency if tag else _OWN_TAG_URGENCY]
