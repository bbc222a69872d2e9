"""Which messages are alike: terms → tf-idf against all that customers usually write → groups.

Nothing is drawn by lot: the same messages in the same order give the same groups.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix
from scipy.spatial.distance import squareform

from classifiers import features

Floats = NDArray[np.float64]
Analyzer = Callable[[str], list[str]]
SAME = 0.8  # average distance (1 − cosine) within a group; measured on foreign sets, see docs/classifiers.md
KEPT = 60  # terms of a group's middle
ENOUGH = 50  # texts of a body, before it is a measure by itself
SHARED = 3  # messages must have a term before it is kept


def terms(prepared: str) -> list[str]:
    """What a message is compared by: as the classifier, words and characters side by side."""
    parts = features.tokens(prepared)
    return features.word_terms(parts) + [f"_{term}" for part in parts for term in features.char_terms(part)]


def frequencies(texts: Sequence[str], analyzer: Analyzer = terms) -> Counter[str]:
    """In how many of the prepared texts a term is."""
    return Counter(term for text in texts for term in set(analyzer(text)))


def weigh(
    texts: Sequence[str], usual: Sequence[Sequence[str]], analyzer: Analyzer = terms
) -> tuple[csr_matrix, list[str]]:
    """One row of unit length a text; a term counts as much as it is rare, in each of the usual bodies of texts."""
    counts = [Counter(analyzer(text)) for text in texts]
    seen = Counter(term for count in counts for term in count)
    kept = sorted(term for term, n in seen.items() if n > 1)
    place = {term: at for at, term in enumerate(kept)}
    idf = _rarity(kept, seen, len(texts), [(frequencies(body, analyzer), len(body)) for body in usual])
    rows, columns, values = [], [], []
    for row, count in enumerate(counts):
        for term in sorted(count):
            if (at := place.get(term)) is not None:
                rows.append(row)
                columns.append(at)
                values.append((1 + math.log(count[term])) * idf[at])
    matrix = csr_matrix((values, (rows, columns)), shape=(len(texts), len(kept)), dtype=np.float64)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return csr_matrix(matrix.multiply((1 / np.maximum(lengths, 1e-12))[:, None])), kept


def _rarity(
    kept: Sequence[str], seen: Mapping[str, int], n: int, usual: Sequence[tuple[Mapping[str, int], int]]
) -> Floats:
    """Where a term is most usual decides: what every customer of this shop says is no news, however rare elsewhere."""
    every = n + sum(size for _, size in usual)
    rarity = []
    for term in kept:
        share = (1 + seen[term] + sum(counts.get(term, 0) for counts, _ in usual)) / (1 + every)
        shares = [(1 + counts.get(term, 0)) / (1 + size) for counts, size in usual if size >= ENOUGH]
        rarity.append(1 - math.log(max(share, *shares) if shares else share))
    return np.array(rarity)


def group(matrix: csr_matrix, *, least: int, same: float = SAME) -> list[list[int]]:
    """Rows that are alike, `least` and more together, by average linkage; all others are in none."""
    if matrix.shape[0] < 2:
        return []
    distances = np.clip(1 - (matrix @ matrix.T).toarray(), 0.0, 1.0)
    np.fill_diagonal(distances, 0.0)
    labels = fcluster(linkage(squareform(distances, checks=False), "average"), same, "distance")
    groups: dict[int, list[int]] = {}
    for at, label in enumerate(labels.tolist()):
        groups.setdefault(label, []).append(at)
    return [rows for rows in groups.values() if len(rows) >= least]


def middle(
    matrix: csr_matrix, terms: Sequence[str], rows: Sequence[int]
) -> tuple[dict[str, float], list[float]]:
    """The terms of a group with their weight, and how near each of its rows is to that middle (1 is nearest)."""
    part = matrix[list(rows)]
    mean = np.asarray(part.mean(axis=0)).ravel()
    mean /= max(float(np.sqrt(mean @ mean)), 1e-12)
    often = np.asarray((part > 0).sum(axis=0)).ravel() >= SHARED
    best = [at for at in np.argsort(-mean, kind="stable")[:KEPT].tolist() if often[at]]
    near = np.asarray(part @ mean).ravel()
    top = max(float(near.max(initial=0.0)), 1e-12)
    return {terms[at]: round(float(mean[at]), 4) for at in best}, [round(float(one) / top, 4) for one in near]
