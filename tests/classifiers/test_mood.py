from __future__ import annotations

import pytest

from classifiers.mood import hear, is_grave, is_harm, settle
from classifiers.results import TagScore
from classifiers.tags import SENTIMENTS

LAWYER, ITCH = {"legal": "lawyer"}, {"safety": "allerg"}


@pytest.mark.parametrize(
    ("voice", "cues", "hints", "sentiment", "counted"),
    [
        ("neutral", {}, {}, "neutral", set()),
        ("neutral", LAWYER, {}, "threat", {"legal"}),
        ("neutral", {}, LAWYER, "neutral", set()),
        ("negative", {}, LAWYER, "negative", set()),
        ("angry", {}, LAWYER, "threat", {"legal"}),
        ("threat", {}, {}, "threat", set()),
        ("neutral", {}, ITCH, "neutral", {"health"}),
        ("positive", {}, ITCH, "positive", {"health"}),
        ("negative", {}, ITCH, "negative", {"safety"}),
        ("angry", {}, ITCH, "angry", {"safety"}),
        ("neutral", {"safety": "burnt my hand"}, {}, "negative", {"safety"}),
        ("positive", {"safety": "burnt my hand", "anger": "wtf"}, {}, "angry", {"safety", "anger"}),
        ("neutral", {"anger": "wtf"}, {}, "angry", {"anger"}),
        ("positive", {"anger": "sick of"}, {}, "positive", {"anger"}),
    ],
)
def test_voice_and_words_together_tell_the_mood(
    voice: str, cues: dict[str, str], hints: dict[str, str], sentiment: str, counted: set[str]
) -> None:
    told, found = settle(voice, cues, hints)
    assert (told, set(found)) == (sentiment, counted)


def test_what_was_found_is_not_changed() -> None:
    cues = {"legal": "lawyer"}
    settle("angry", cues, ITCH)
    assert cues == {"legal": "lawyer"}


@pytest.mark.parametrize(
    ("grade", "tag", "score", "grave"),
    [
        (2.9, "damaged_item", 0.9, True),
        (2.9, "damaged_item", 0.1, False),
        (1.5, "damaged_item", 0.9, False),
        (2.9, "complaint", 0.9, False),
    ],
)
def test_words_that_nobody_listed_are_grave_by_their_grade(
    grade: float, tag: str, score: float, grave: bool
) -> None:
    assert is_grave(grade, [TagScore(tag, score)]) is grave


@pytest.mark.parametrize(
    ("margin", "voice", "grave", "harm"),
    [
        (1.2, "neutral", False, True),
        (1.2, "negative", False, True),
        (3.0, "positive", True, False),
        (0.5, "negative", False, False),
        (0.5, "negative", True, True),
        (0.5, "neutral", True, False),
        (-0.5, "angry", True, False),
    ],
)
def test_harm_must_be_heard_plainly_unless_the_whole_is_grave(
    margin: float, voice: str, grave: bool, harm: bool
) -> None:
    assert is_harm(margin, voice, grave=grave) is harm


def test_who_was_heard_to_come_to_harm_is_neither_calm_nor_happy() -> None:
    assert settle("neutral", {}, {}, harm=True) == ("negative", {"safety": ""})
    assert settle("angry", {}, {}, harm=True) == ("angry", {"safety": ""})


@pytest.mark.parametrize(
    ("threat", "hints", "voice"),
    [(0.5, {}, "negative"), (0.5, LAWYER, "threat"), (0.5, ITCH, "negative"), (1.5, {}, "threat")],
)
def test_a_threat_that_no_word_tells_must_be_heard_plainly(
    threat: float, hints: dict[str, str], voice: str
) -> None:
    assert hear(SENTIMENTS, [-2.0, -1.0, 0.2, -0.5, threat], hints) == voice
