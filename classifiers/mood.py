"""Between the model's voice of a message and the words in it: the sentiment that is told, and the cues that count."""

from __future__ import annotations

from collections.abc import Sequence

from classifiers.cues import Cues
from classifiers.results import TagScore
from classifiers.risks import SAFETY, THREATS

CALM = ("positive", "neutral")
LOUD = ("angry", "threat")
LEAST_THREAT = 1.0  # margin; a threat that no word tells must be heard plainly, else seven of ten are none
HEALTH = "health"  # speaks of health or safety, but nobody came to harm
LEAST_HARM = 1.0  # margin; of ordinary messages fewer than one in 500 are heard so, held out
LEAST_GRAVE_HARM = 0.0  # margin; where the whole is worded as gravely as harm is
GRAVE, ABOUT_GOODS = 2.4, 0.3  # expected grade of the text, 0 to 3; probability of damaged_item


def hear(kinds: Sequence[str], heard: Sequence[float], hints: Cues) -> str:
    """The strongest voice; by how strongly the model heard each of the `kinds`."""
    loudest = max(zip(heard, kinds, strict=True))
    if loudest[1] == "threat" and loudest[0] < LEAST_THREAT and not any(kind in hints for kind in THREATS):
        loudest = max(one for one in zip(heard, kinds, strict=True) if one[1] != "threat")
    return loudest[1]


def settle(voice: str, cues: Cues, hints: Cues, *, harm: bool = False) -> tuple[str, Cues]:
    """The sentiment and all cues, by the `voice` that the model heard. Whoever came to harm is not happy.

    `harm` says that the model heard of harm, whichever words are in it.
    """
    counted = {**_heard(voice, hints), **cues}
    if harm:
        counted.setdefault(SAFETY, "")
    if SAFETY in hints and SAFETY not in counted:
        counted[HEALTH] = hints[SAFETY]
    return _sentiment(voice, counted), counted


def is_grave(grade: float, ranked: Sequence[TagScore]) -> bool:
    """As messages about harm are worded: of nearly the highest grade, and about goods with a fault."""
    about = any(tag == "damaged_item" and score >= ABOUT_GOODS for tag, score in ranked[:3])
    return about and grade >= GRAVE


def is_harm(margin: float, voice: str, *, grave: bool) -> bool:
    """Told in words that nobody listed: most who came to harm say what happened, not what it is called."""
    least = LEAST_GRAVE_HARM if grave and voice not in CALM else LEAST_HARM
    return margin >= least and voice != "positive"


def _heard(voice: str, hints: Cues) -> Cues:
    """A lawyer whose bag broke threatens nobody; an itch of somebody unhappy is no question about an itch."""
    if voice in LOUD:
        return hints
    return {kind: words for kind, words in hints.items() if kind == SAFETY and voice not in CALM}


def _sentiment(voice: str, cues: Cues) -> str:
    if any(kind in cues for kind in THREATS):
        return "threat"
    if SAFETY in cues and voice in CALM:
        voice = "negative"
    return "angry" if "anger" in cues and voice not in (*LOUD, "positive") else voice
