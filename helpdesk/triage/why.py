"""Why a tag or a mood: the words of the customer that counted, in their place. Pure; asked for when somebody looks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from classifiers import Model, Span
from classifiers.explain import explain_harm, explain_sentiment, find_cue_spans
from classifiers.risks import SAFETY
from classifiers.text import join
from helpdesk.triage.goods import Catalogue

AROUND = 40  # characters beside a word that counted
WHOLE = 300  # characters of a message that is shown uncut
OFTEN = 0.3  # of margin, nearly twice as often as the corpus has it: worth telling
FAINT = 0.15  # of the heaviest word: below it a word is not worth naming
MOST_WORDS = 6
KANA = re.compile(r"[ぁ-ゖー]?")
RUNS = (re.compile(r"[一-鿿々]"), re.compile(r"[ァ-ヺー]"), re.compile(r"[A-Za-z0-9]"))


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the customer's."""

    key: str
    at: datetime
    subject: str
    text: str

    @property
    def whole(self) -> str:
        """As the classifier reads it."""
        return join(self.text, self.subject)


@dataclass(frozen=True, slots=True)
class Bit:
    """A stretch of the message: `sign` 1 where it spoke for, -1 where against, 0 where neither."""

    text: str
    sign: int = 0


@dataclass(frozen=True, slots=True)
class Why:
    """`score` is what is thought of that message now, `least` from where on the tag is set.

    `words` spoke for it, `against` against it, heaviest first. `often`: 1 where the shop is asked it much more often
    than most are, which made it surer, -1 where hardly ever.
    """

    heard: Heard
    bits: tuple[Bit, ...]
    words: tuple[str, ...]
    against: tuple[str, ...] = ()
    score: float | None = None
    least: float | None = None
    often: int = 0


def of_tag(model: Model, names: Collection[str], heard: Sequence[Heard]) -> Why | None:
    """`names`: the tag's own and those of tags that went into it. By the newest message that would get it,
    else by the one that comes nearest; None where the model does not know the tag."""
    known = [name for name in names if name in model.tags]
    best: tuple[float, str, Heard] | None = None
    for one in heard if known else ():
        score, name = max((score, tag) for tag, score in _scores(model, one).items() if tag in known)
        if best is None or score > best[0]:
            best = score, name, one
        if score >= _least(model, name):
            best = score, name, one
            break
    if best is None:
        return None
    score, name, found = best
    spans = model.explain(name, found.whole, most=12)
    mix = float(model.artifact.mix[model.tags.index(name)])
    often = (mix >= OFTEN) - (mix <= -OFTEN)
    return replace(_why(found, spans), score=score, least=_least(model, name), often=often)


def of_goods(catalogue: Catalogue, category: str, heard: Sequence[Heard]) -> Why | None:
    """By the words that only this category's goods have."""
    words = [word for word, home in catalogue.words.items() if home == category]
    for one in heard:
        spans = [
            Span(found.start(), found.end(), 1.0)
            for word in words
            if (found := re.search(re.escape(word), one.whole, re.IGNORECASE))
        ]
        if spans:
            return _why(one, spans)
    return None


def of_mood(model: Model, sentiment: str, cues: Collection[str], heard: Sequence[Heard]) -> Why | None:
    """By the newest message in which words of these kinds stand, else by the newest in this mood, or of harm."""
    for one in heard:
        spans = [span for kind, span in find_cue_spans(one.whole).items() if kind in cues]
        if spans:
            return _why(one, spans)
    for one in heard:
        if sentiment and model.classify(one.text, subject=one.subject).sentiment == sentiment:
            return _why(one, explain_sentiment(model, sentiment, one.whole, 12))
    for one in heard:
        if SAFETY in cues and _tells(model, one, SAFETY):
            return _why(one, explain_harm(model, one.whole, 12))
    return None


def _tells(model: Model, one: Heard, cue: str) -> bool:
    found = model.classify(one.text, subject=one.subject).urgency.reasons
    return any(reason.code == f"cue:{cue}" for reason in found)


def _scores(model: Model, one: Heard) -> dict[str, float]:
    return dict(model.classify(one.text, subject=one.subject).ranked)


def _least(model: Model, name: str) -> float:
    return float(model.artifact.meta["thresholds"][name])


def _why(heard: Heard, spans: Iterable[Span]) -> Why:
    text = heard.whole
    readable = _readable(text, spans)
    return Why(
        heard,
        bits=tuple(_bits(text, readable)),
        words=_named(text, readable, 1),
        against=_named(text, readable, -1),
    )


def _readable(text: str, spans: Iterable[Span]) -> list[Span]:
    """Whole words instead of their most telling characters, without faint ones, heaviest first."""
    found = [one for one in spans if one.weight and text[one.start : one.end].strip()]
    heaviest = max((abs(one.weight) for one in found), default=0.0)
    kept: list[Span] = []
    for one in sorted(found, key=lambda span: -abs(span.weight)):
        if abs(one.weight) < FAINT * heaviest or KANA.fullmatch(text[one.start : one.end].strip()):
            continue
        start, end = _grown(text, one.start, one.end)
        if all(end <= other.start or start >= other.end for other in kept):
            kept.append(Span(start, end, one.weight))
    return kept[: 2 * MOST_WORDS]


def _grown(text: str, start: int, end: int) -> tuple[int, int]:
    """To where the run of kanji, katakana or Latin letters ends that was cut."""
    for run in RUNS:
        while start > 0 and run.match(text[start]) and run.match(text[start - 1]):
            start -= 1
        while end < len(text) and run.match(text[end - 1]) and run.match(text[end]):
            end += 1
    return start, end


def _named(text: str, spans: Iterable[Span], sign: int) -> tuple[str, ...]:
    said = (" ".join(text[one.start : one.end].split()) for one in spans if one.weight * sign > 0)
    return tuple(dict.fromkeys(said))[:MOST_WORDS]


def _bits(text: str, spans: Iterable[Span]) -> Iterable[Bit]:
    """The message in its order; of a long one only what stands around the words."""
    end = 0
    for one in sorted(spans, key=lambda span: span.start):
        yield from _between(text, end, one.start, first=end == 0)
        yield Bit(text[one.start : one.end], 1 if one.weight > 0 else -1)
        end = one.end
    yield from _between(text, end, len(text), first=end == 0, last=True)


def _between(text: str, start: int, end: int, *, first: bool, last: bool = False) -> Iterable[Bit]:
    if start == end:
        return
    if len(text) <= WHOLE or end - start <= 2 * AROUND:
        yield Bit(text[start:end])
        return
    head = "" if first and not last else text[start : start + (WHOLE if first else AROUND)]
    tail = "" if last else text[end - AROUND : end]
    yield Bit(f"{head} … {tail}".strip(" ") if head or tail else "…")
