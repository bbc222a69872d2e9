"""Third step while serving: the tf-idf vectors of prepared texts, as scikit-learn makes them, many at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from classifiers import features

Floats = NDArray[np.float64]
Columns = NDArray[np.intp]
_REMEMBERED_WORDS = 20_000


class Vectors:
    """The vocabulary of a model. Immutable, apart from a bounded memory of words."""

    def __init__(self, words: Sequence[str], chars: Sequence[str], idf: Floats) -> None:
        self._words = {word: at for at, word in enumerate(words)}
        self._chars = {term: at for at, term in enumerate(chars, len(words))}
        self._idf = idf
        self._latin_ids = lru_cache(maxsize=_REMEMBERED_WORDS)(self._char_ids)

    def of(self, texts: Sequence[str]) -> Iterator[tuple[Columns, Floats]]:
        """Columns and values of each text."""
        found = [self._ids(one) for one in texts]
        size, terms = len(texts), self._idf.size
        lengths = np.fromiter(map(len, found), dtype=np.intp, count=size)
        keys = np.fromiter(chain.from_iterable(found), dtype=np.intp, count=int(lengths.sum()))
        keys += np.repeat(np.arange(0, size * terms, terms), lengths)
        keys.sort()
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        row, at = np.divmod(keys[first], terms)
        values = (1.0 + np.log(np.diff(first, append=keys.size))) * self._idf[at]
        values *= self._scales(values, 2 * row + (at >= len(self._words)), size)
        ends = np.searchsorted(row, np.arange(size + 1)).tolist()
        for start, end in pairwise(ends):
            yield at[start:end], values[start:end]

    def _ids(self, prepared: str) -> list[int]:
        parts = features.tokens(prepared)
        found = [at for word in features.word_terms(parts) if (at := self._words.get(word)) is not None]
        for part in parts:
            found += self._latin_ids(part) if features.is_latin(part) else self._char_ids(part)
        return found

    def _char_ids(self, token: str) -> list[int]:
        return [at for at in map(self._chars.get, features.char_terms(token)) if at is not None]

    def _scales(self, values: Floats, block: Columns, size: int) -> Floats:
        """What makes each block, a text's words or its characters, as long as it weighs."""
        lengths = np.sqrt(np.bincount(block, weights=values * values, minlength=2 * size))
        scales = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        scales[::2] *= features.WORDS_WEIGHT
        return np.asarray(scales[block], dtype=np.float64)
