"""Why a tag: the weights of all terms, laid over the characters they cover and joined to readable spans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from classifiers import features
from classifiers.artifact import Artifact
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
    prepared, ranges = prepare_aligned(joined)
    if prepared != prepare(message, subject):
        # Rare marks compose differently in context; no span is better than a wrong one.
        return ()
    skipped = len(joined) - len(join(message))
    heat = _heat(model, model.tags.index(tag), prepared)
    spans = [
        Span(ranges[start][0] - skipped, ranges[end - 1][1] - skipped, round(float(heat[start:end].sum()), 4))
        for start, end in _runs(prepared, heat)
    ]
    inside = [span for span in spans if span.start >= 0]
    return tuple(sorted(inside, key=lambda span: -abs(span.weight))[:most])


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
