"""Why a tag: the weights of all terms, laid over the characters they cover and joined to readable spans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from classifiers import features
from classifiers.artifact import Artifact
from classifiers.cues import find_all
from classifiers.results import Span
from classifiers.text import join, prepare, prepare_aligned

_SHARE_OF_PEAK = 0.3


class Weighs(Protocol):
    """The part of a model that explaining needs."""

    artifact: Artifact
    tags: tuple[str, ...]

    def vector(self, prepared: str) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Columns and values of a prepared text."""


def explain(model: Weighs, tag: str, message: str, subject: str, most: int) -> tuple[Span, ...]:
    """Spans of `message`, heaviest first; empty when `tag` is unknown or nothing in the message is known."""
    if tag not in model.tags:
        return ()
    joined = join(message, subject)
    skipped = len(joined) - len(join(message))
    found = _spans(model, model.tags.index(tag), joined, prepare(message, subject))
    inside = [
        Span(one.start - skipped, one.end - skipped, one.weight) for one in found if one.start >= skipped
    ]
    return tuple(inside[:most])


def explain_sentiment(model: Weighs, sentiment: str, text: str, most: int = 6) -> tuple[Span, ...]:
    """The same for a sentiment (`angry`), in a text that stands alone."""
    heads = model.artifact.sentiments
    if sentiment not in heads:
        return ()
    joined = join(text)
    return tuple(_spans(model, len(model.tags) + 1 + heads.index(sentiment), joined, prepare(text))[:most])


def explain_harm(model: Weighs, text: str, most: int = 6) -> tuple[Span, ...]:
    """The same for harm that is told in words of which no list knows."""
    return tuple(_spans(model, model.artifact.harm_column, join(text), prepare(text))[:most])


def find_cue_spans(text: str) -> dict[str, Span]:
    """Kind of cue → where in the text the words stand that gave it, or only hint at it."""
    joined = join(text)
    prepared, ranges = prepare_aligned(joined)
    if prepared != prepare(text):
        return {}
    found = {}
    cues, hints = find_all(prepared)
    for kind, words in {**hints, **cues}.items():
        if place := _place_of(words, prepared):
            found[kind] = Span(ranges[place[0]][0], ranges[place[1] - 1][1], 1.0)
    return found


def _spans(model: Weighs, column: int, joined: str, expected: str) -> list[Span]:
    prepared, ranges = prepare_aligned(joined)
    if prepared != expected:
        # Rare marks compose differently in context; no span is better than a wrong one.
        return []
    heat = _heat(model, column, prepared)
    spans = [
        Span(ranges[start][0], ranges[end - 1][1], round(float(heat[start:end].sum()), 4))
        for start, end in _runs(prepared, heat)
    ]
    return sorted(spans, key=lambda span: -abs(span.weight))


def _place_of(words: str, prepared: str) -> tuple[int, int] | None:
    """Latin words begin where a word begins; marks between words do not matter."""
    edge = r"(?<![a-z])" if words[:1].isascii() else ""
    pattern = edge + r"\W+".join(re.escape(part) for part in words.split())
    found = re.search(pattern, prepared) if words.strip() else None
    return found.span() if found else None


def _heat(model: Weighs, column: int, prepared: str) -> NDArray[np.float64]:
    known = _term_weights(model, column, prepared)
    heat = np.zeros(len(prepared), dtype=np.float64)
    places = list(_places(prepared))
    counts: dict[tuple[bool, str], int] = {}
    for is_word, term, _, _ in places:
        counts[is_word, term] = counts.get((is_word, term), 0) + 1
    for is_word, term, start, end in places:
        weight = known.get((is_word, term), 0.0) / counts[is_word, term]
        if weight:
            heat[start:end] += weight / (end - start)
    return heat


def _term_weights(model: Weighs, column: int, prepared: str) -> dict[tuple[bool, str], float]:
    artifact = model.artifact
    words = len(artifact.words)
    at, values = model.vector(prepared)
    weighed = values * artifact.weights[at, column]
    return {
        (where < words, artifact.words[where] if where < words else artifact.chars[where - words]): float(
            weight
        )
        for where, weight in zip(at.tolist(), weighed, strict=True)
    }


def _places(prepared: str) -> Iterator[tuple[bool, str, int, int]]:
    """Every occurrence of every term: is it a word term, the term, start, end."""
    previous: tuple[str, int] | None = None
    for match in features.TOKEN.finditer(prepared):
        token, start = match.group(), match.start()
        if token == features.NUMBER or features.is_latin(token):
            yield True, token, start, match.end()
            if previous:
                yield True, f"{previous[0]} {token}", previous[1], match.end()
            previous = (token, start)
        edge = 1 if features.is_latin(token) else 0
        for term, offset in features.placed_char_terms(token):
            begin = max(start, start + offset - edge)
            end = min(match.end(), start + offset - edge + len(term))
            if end > begin:
                yield False, term, begin, end


def _runs(prepared: str, heat: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """Whole Latin words, and runs of other characters that are hot enough and of one sign."""
    if not heat.size:
        return
    least = _SHARE_OF_PEAK * float(np.abs(heat).max())
    for match in features.TOKEN.finditer(prepared):
        start, end = match.span()
        if features.is_latin(match.group()):
            if least and float(np.abs(heat[start:end]).max()) >= least:
                yield start, end
            continue
        yield from _hot(heat, start, end, least)


def _hot(heat: NDArray[np.float64], start: int, end: int, least: float) -> Iterator[tuple[int, int]]:
    signs = [0 if not least or abs(value) < least else int(np.sign(value)) for value in heat[start:end]]
    begin = 0
    for at in range(1, len(signs) + 1):
        if at == len(signs) or signs[at] != signs[begin]:
            if signs[begin]:
                yield start + begin, start + at
            begin = at
