"""The lean serving path: scikit-learn's scores from plain NumPy. Safe to share between threads."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from classifiers import features, text, urgency
from classifiers.artifact import Artifact
from classifiers.cues import Cues, find_cues
from classifiers.explain import explain
from classifiers.language import detect, settle
from classifiers.results import Classification, Span, TagScore

Floats = NDArray[np.float64]
_REMEMBERED_WORDS = 20_000
_LOUD = ("angry", "threat")


class Model:
    """A trained model ready to serve. Immutable after construction, apart from a bounded memory of words."""

    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact
        self.tags = artifact.tags
        self._words = {word: at for at, word in enumerate(artifact.words)}
        self._chars = {term: at for at, term in enumerate(artifact.chars, len(artifact.words))}
        self._tag_count = len(self.tags)
        self._thresholds = [float(artifact.meta["thresholds"][tag]) for tag in self.tags]
        self._calibration: dict[str, dict[str, list[float]]] = artifact.meta["calibration"]
        self._temperature = float(artifact.meta["sentiment_temperature"])
        self._latin_ids = lru_cache(maxsize=_REMEMBERED_WORDS)(self._char_ids)

    def classify(self, message: str, subject: str = "", lang: str | None = None) -> Classification:
        """Tags, sentiment and urgency of one message. Never raises, whatever the text holds."""
        prepared = text.prepare(message, subject)
        margins = self.margins(prepared)
        cues = find_cues(prepared)
        scores = self.scores(margins, detect(prepared))
        sentiment = self._sentiment(margins, cues)
        values = scores.tolist()
        ranked = tuple(
            TagScore(self.tags[at], round(values[at], 4))
            for at in np.argsort(-scores, kind="stable").tolist()
        )
        shown = {self.tags[at] for at, least in enumerate(self._thresholds) if values[at] >= least}
        return Classification(
            lang=settle(lang, message if message.strip() else subject),
            tags=tuple(tag for tag in ranked if tag.tag in shown),
            ranked=ranked,
            sentiment=sentiment,
            urgency=urgency.assess(ranked, self._grade(margins), sentiment, cues),
        )

    def explain(self, tag: str, message: str, subject: str = "", most: int = 6) -> tuple[Span, ...]:
        """The spans of `message` that weighed most for or against `tag`; for display on demand."""
        return explain(self, tag, message, subject, most)

    def margins(self, prepared: str) -> Floats:
        """Every head's margin for a prepared text, as scikit-learn's decision functions give it."""
        at, values = self.vector(prepared)
        weighed: Floats = values @ self.artifact.weights[at].astype(np.float64) + self.artifact.bias
        return weighed

    def vector(self, prepared: str) -> tuple[NDArray[np.intp], Floats]:
        """The tf-idf vector of a prepared text: columns and values."""
        parts = features.tokens(prepared)
        words = [at for word in features.word_terms(parts) if (at := self._words.get(word)) is not None]
        chars: list[int] = []
        for part in parts:
            chars += self._latin_ids(part) if features.is_latin(part) else self._char_ids(part)
        blocks = [self._weighed(words, features.WORDS_WEIGHT), self._weighed(chars, 1.0)]
        return np.concatenate([at for at, _ in blocks]), np.concatenate([values for _, values in blocks])

    def scores(self, margins: Floats, script: str) -> Floats:
        """Calibrated probability of each tag for a text written in the `script` of this language."""
        which_of, scope_of = self._calibration[script]["tags"], self._calibration[script]["scope"]
        own = margins[: self._tag_count]
        standing = own - own.max()
        standing = standing - np.log(np.exp(standing).sum())
        which = which_of[0] * own + which_of[1] * standing + which_of[2]
        scope = scope_of[0] * margins[self._tag_count] + scope_of[1] * own.max() + scope_of[2]
        calibrated: Floats = 1.0 / (1.0 + np.exp(-which)) / (1.0 + np.exp(-scope))
        return calibrated

    def _char_ids(self, token: str) -> list[int]:
        find = self._chars.get
        return [at for term in features.char_terms(token) if (at := find(term)) is not None]

    def _weighed(self, found: list[int], weight: float) -> tuple[NDArray[np.intp], Floats]:
        counts = Counter(found)
        at = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
        times = np.fromiter(counts.values(), dtype=np.float64, count=len(counts))
        values = (1.0 + np.log(times)) * self.artifact.idf[at]
        length = float(np.sqrt(values @ values))
        return at, values * (weight / length) if length else values

    def _sentiment(self, margins: Floats, cues: Cues) -> str:
        heads = self.artifact.sentiments
        own = margins[self._tag_count + 1 : self._tag_count + 1 + len(heads)] / self._temperature
        best = heads[int(own.argmax())]
        if "legal" in cues and best != "positive":
            return "threat"
        return "angry" if "anger" in cues and best not in _LOUD else best

    def _grade(self, margins: Floats) -> float:
        reached: Floats = 1.0 / (1.0 + np.exp(-margins[-3:]))
        return float(reached.sum())
