"""The lean serving path: scikit-learn's scores from plain NumPy. Safe to share between threads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifiers import features, mood, text, urgency
from classifiers.artifact import Artifact
from classifiers.cues import find_all
from classifiers.explain import explain
from classifiers.language import detect, settle
from classifiers.results import Classification, Span, TagScore
from classifiers.scores import tag_scores
from classifiers.vectors import Vectors

Floats = NDArray[np.float64]
_DECIMALS = 4


class Message(NamedTuple):
    """What a customer wrote; `lang` where it is known."""

    text: str
    subject: str = ""
    lang: str | None = None


class Model:
    """A trained model ready to serve. Immutable after construction, apart from a bounded memory of words."""

    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact
        self.tags = artifact.tags
        self._vectors = Vectors(artifact.words, artifact.chars, artifact.idf)
        # Row by row: reading a term touches all heads.
        self._weights = np.ascontiguousarray(artifact.weights)
        self._mix = artifact.mix
        self._thresholds = np.array([artifact.meta["thresholds"][tag] for tag in self.tags], dtype=np.float64)

    def classify(self, message: str, subject: str = "", lang: str | None = None) -> Classification:
        """Tags, sentiment and urgency of one message. Never raises, whatever the text holds."""
        return self.classify_all([Message(message, subject, lang)])[0]

    def classify_all(self, messages: Sequence[Message]) -> list[Classification]:
        """In the order of the messages; each is answered as if it came alone, a few dozen at once sooner."""
        if not messages:
            return []
        prepared = [text.prepare(one.text, one.subject) for one in messages]
        margins = self._margins(prepared)
        scores = self.scores(margins, prepared)
        best = np.argsort(-scores, axis=1, kind="stable")
        ranked = np.take_along_axis(np.round(scores, _DECIMALS), best, axis=1).tolist()
        shown = np.take_along_axis(scores >= self._thresholds, best, axis=1).tolist()
        voices, grades = self._voices(margins), self._grades(margins)
        harm: list[float] = margins[:, self.artifact.harm_column].tolist()
        return [
            self._answer(*one)
            for one in zip(
                messages, prepared, best.tolist(), ranked, shown, voices, harm, grades, strict=True
            )
        ]

    def explain(self, tag: str, message: str, subject: str = "", most: int = 6) -> tuple[Span, ...]:
        """The spans of `message` that weighed most for or against `tag`; for display on demand."""
        return explain(self, tag, message, subject, most)

    def margins(self, prepared: str) -> Floats:
        """Every head's margin for a prepared text, as scikit-learn's decision functions give it."""
        return np.asarray(self._margins([prepared])[0], dtype=np.float64)

    def vector(self, prepared: str) -> tuple[NDArray[np.intp], Floats]:
        """The tf-idf vector of a prepared text: columns and values."""
        return next(self._vectors.of([prepared]))

    def scores(self, margins: Floats, prepared: Sequence[str]) -> Floats:
        """Calibrated probability of each tag: texts × tags."""
        short = np.array([features.brevity(one) for one in prepared])
        langs = [detect(one) for one in prepared]
        calibration = self.artifact.meta["calibration"]
        return tag_scores(margins, len(self.tags), calibration, langs, short, self._mix)

    def _margins(self, prepared: Sequence[str]) -> Floats:
        margins = np.empty((len(prepared), self._weights.shape[1]))
        for row, (at, values) in enumerate(self._vectors.of(prepared)):
            margins[row] = values @ self._weights.take(at, axis=0).astype(np.float64)
        margins += self.artifact.bias
        return margins

    def _answer(
        self,
        message: Message,
        prepared: str,
        best: Sequence[int],
        scores: Sequence[float],
        shown: Sequence[bool],
        heard: Sequence[float],
        harm: float,
        grade: float,
    ) -> Classification:
        ranked = tuple(map(TagScore, map(self.tags.__getitem__, best), scores))
        cues, hints = find_all(prepared)
        voice = mood.hear(self.artifact.sentiments, heard, hints)
        hurt = mood.is_harm(harm, voice, grave=mood.is_grave(grade, ranked))
        sentiment, cues = mood.settle(voice, cues, hints, harm=hurt)
        return Classification(
            lang=settle(message.lang, message.text if message.text.strip() else message.subject),
            tags=tuple(tag for tag, sure in zip(ranked, shown, strict=True) if sure),
            ranked=ranked,
            sentiment=sentiment,
            urgency=urgency.assess(ranked, grade, sentiment, cues),
        )

    def _voices(self, margins: Floats) -> list[list[float]]:
        """How strongly the model hears each sentiment in each text."""
        first = len(self.tags) + 1
        heard: list[list[float]] = margins[:, first : first + len(self.artifact.sentiments)].tolist()
        return heard

    def _grades(self, margins: Floats) -> list[float]:
        """How urgent each text sounds, 0 to 3."""
        reached: Floats = 1.0 / (1.0 + np.exp(-margins[:, -3:]))
        return [float(grade) for grade in reached.sum(axis=1)]
