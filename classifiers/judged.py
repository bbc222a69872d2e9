"""Before and after: two models on the same rows that neither has seen, told apart by language and tag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from classifiers.evaluate import calibration_error, tag_figures
from classifiers.language import LANGUAGES
from classifiers.model import Model
from classifiers.results import Classification
from classifiers.rows import Row

CONFUSIONS = 20
_BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and what a model says of it. Best guess where there is a tag, what it would show where there is none."""

    row: Row
    answer: Classification

    @property
    def said(self) -> frozenset[str]:
        """What counts as its word."""
        best = [self.answer.ranked[0].tag] if self.row.tags else []
        return frozenset([*best, *(found.tag for found in self.answer.tags)])

    def right(self) -> bool:
        """Whether the best guess is right; on a row without a tag: whether it holds its tongue."""
        return self.answer.ranked[0].tag in self.row.tags if self.row.tags else not self.answer.tags

    def helps(self) -> bool:
        """Whether it is sure enough to show a right tag."""
        return any(found.tag in self.row.tags for found in self.answer.tags)

    def right_on(self, tag: str) -> bool:
        """Whether it says of this tag what people say."""
        return (tag in self.said) == (tag in self.row.tags)


def judge(model: Model, rows: Sequence[Row]) -> list[Judged]:
    """In the order of the rows."""
    return [Judged(row, model.classify(row.text, row.subject, row.lang)) for row in rows]


def changes(before: Sequence[Judged], after: Sequence[Judged]) -> dict[str, Any]:
    """By language and, in it, by tag: how many rows were right before alone (lost), and after alone (won)."""
    found = {}
    for lang in LANGUAGES:
        pairs = [(old, new) for old, new in zip(before, after, strict=True) if old.row.lang == lang]
        tags = sorted({tag for pair in pairs for one in pair for tag in (*one.row.tags, *one.said)})
        whole = [(old.right(), new.right()) for old, new in pairs if old.row.whole]
        found[lang] = {
            "n": len(whole),
            **_moved(whole),
            "shown": _moved([(old.helps(), new.helps()) for old, new in pairs if old.row.whole]),
            "tags": {
                tag: _moved([(a.right_on(tag), b.right_on(tag)) for a, b in pairs if _known(a.row, tag)])
                for tag in tags
            },
        }
    return found


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """What people want to see of a model, by language; rows of which not all is known are left out."""
    return {
        lang: _figures([one for one in judged if one.row.lang == lang and one.row.whole])
        for lang in LANGUAGES
    }


def agreement(judged: Sequence[Judged]) -> dict[str, int]:
    """Of how many whole rows, how many it gets right: labels that contradict each other cannot be learned."""
    whole = [one.right() for one in judged if one.row.whole]
    return {"n": len(whole), "right": sum(whole)}


def _known(row: Row, tag: str) -> bool:
    return row.denied is None or tag in row.tags or tag in row.denied


def _moved(pairs: Sequence[tuple[bool, bool]]) -> dict[str, int]:
    return {
        "lost": sum(before and not after for before, after in pairs),
        "won": sum(after and not before for before, after in pairs),
    }


def _figures(judged: Sequence[Judged]) -> dict[str, Any]:
    tagged = [one for one in judged if one.row.tags]
    found = _sureness(judged)
    if not tagged:
        return found
    return found | {
        "top3": _share([_near(one) for one in tagged]),
        "ordinary": _sureness([one for one in tagged if one.row.typical or one.row.weight > 1.0]),
        "per_tag": tag_figures([one.row for one in judged], [one.answer for one in judged]),
        "confusions": _confusions(tagged),
    }


def _sureness(judged: Sequence[Judged]) -> dict[str, Any]:
    """How sure, and how often right. On messages as shops get them it says more: most rows of the corpus are hard."""
    tagged = [one for one in judged if one.row.tags]
    if not tagged:
        return {"n": len(judged)}
    right = np.array([one.right() for one in tagged], dtype=bool)
    sure = np.array([one.answer.ranked[0].score for one in tagged], dtype=np.float64)
    shown = [one for one in judged if one.answer.tags]
    return {
        "n": len(judged),
        "top1": round(float(right.mean()), 4),
        "shown": _share([bool(one.answer.tags) for one in tagged]),
        "precision": _share([one.answer.tags[0].tag in one.row.tags for one in shown]),
        "ece": round(calibration_error(sure, right), 4),
        "curve": _curve(list(zip(sure.tolist(), right.tolist(), strict=True))),
    }


def _near(one: Judged) -> bool:
    return bool(set(one.row.tags) & {tag for tag, _ in one.answer.ranked[:3]})


def _share(values: Collection[bool]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _curve(points: Sequence[tuple[float, bool]]) -> list[Mapping[str, float]]:
    """For each tenth of confidence that occurs: how many, how sure, how often right."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for score, right in points:
        bins.setdefault(min(int(score * _BINS), _BINS - 1), []).append((score, right))
    return [
        {
            "n": len(part),
            "sure": round(sum(score for score, _ in part) / len(part), 4),
            "right": round(sum(right for _, right in part) / len(part), 4),
        }
        for _, part in sorted(bins.items())
    ]


def _confusions(tagged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Which tag is taken for which, the most frequent first."""
    pairs = Counter((one.row.tags[0], one.answer.ranked[0].tag) for one in tagged if not one.right())
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))[:CONFUSIONS]
    return [{"wanted": wanted, "said": said, "n": n} for (wanted, said), n in ordered]
