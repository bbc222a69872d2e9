"""A model's figures as people read them: the built-in one's and a brand's versions', in one shape. Pure.

Both were measured on messages that the model had not seen: see `classifiers.judged` and `classifiers.unseen`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from classifiers import Artifact
from classifiers.language import LANGUAGES
from helpdesk.models import ModelVersion

FEW = 20  # messages of a tag, below which its figures may be luck
ORDERS = ("need", "name", *LANGUAGES)


@dataclass(frozen=True, slots=True)
class Measured:
    """`version` 0 is the built-in model; `figures` are by language."""

    version: int
    rows: int
    own_rows: int
    data_hash: str
    trained_at: datetime | None
    figures: Mapping[str, Any]
    tags: tuple[str, ...]

    def part(self, language: str) -> Mapping[str, Any]:
        return dict(self.figures.get(language) or {})

    def usual(self, language: str) -> Mapping[str, Any]:
        """On ordinary messages; on all, hard ones among them, where those were not counted apart."""
        part = self.part(language)
        ordinary = part.get("ordinary") or {}
        return ordinary if ordinary.get("n") else part


@dataclass(frozen=True, slots=True)
class Reached:
    """One tag in one language. `won` and `lost`: right answers against the version before."""

    n: int
    shown: int
    hits: int
    precision: float | None
    recall: float | None
    f1: float | None
    won: int = 0
    lost: int = 0

    @property
    def few(self) -> bool:
        return self.n < FEW

    @property
    def mistakes(self) -> int:
        """Missed, and shown where it was wrong."""
        return self.n + self.shown - 2 * self.hits


@dataclass(frozen=True, slots=True)
class TagLine:
    name: str
    by: Mapping[str, Reached]

    @property
    def mistakes(self) -> int:
        return sum(one.mistakes for one in self.by.values())


@dataclass(frozen=True, slots=True)
class Difference:
    """One tag's F1 in two models; None where it was not measured."""

    name: str
    language: str
    first: float | None
    second: float | None
    n: int

    @property
    def gained(self) -> float:
        return (self.second or 0.0) - (self.first or 0.0) if None not in (self.first, self.second) else 0.0


def of_version(row: ModelVersion) -> Measured:
    found = row.figures
    return Measured(
        row.version,
        row.rows,
        row.own_rows,
        row.data_hash,
        row.trained_at,
        found.get("figures") or {},
        tuple(found.get("tags") or ()),
    )


def of_base(row: ModelVersion, base: Measured) -> Measured:
    """The model that served before this version, as it did on the very messages that this version was asked."""
    before = row.figures.get("before") or {}
    known = base.version == row.figures.get("base") and any(part.get("n") for part in before.values())
    return replace(base, figures=before) if known else base


def of_builtin(artifact: Artifact) -> Measured:
    """Its figures were taken when it was built; a model built without them has none."""
    metrics = artifact.meta["metrics"]
    return Measured(
        version=0,
        rows=int(metrics.get("rows", 0)),
        own_rows=0,
        data_hash=str(artifact.meta["data_hash"]),
        trained_at=None,
        figures=metrics.get("figures") or {},
        tags=artifact.tags,
    )


def tag_lines(
    measured: Measured, changes: Mapping[str, Any], order: str, called: Mapping[str, str]
) -> list[TagLine]:
    """Every tag that was asked for or shown; `changes` is what the trial counted against the version before."""
    names = {name for language in LANGUAGES for name in measured.part(language).get("per_tag", {})}
    lines = [TagLine(name, _by_language(measured, changes, name)) for name in names]
    lines.sort(key=lambda line: called.get(line.name, line.name))
    if order in LANGUAGES:
        lines.sort(key=lambda line: _f1(line.by.get(order)))
    elif order != "name":
        lines.sort(key=lambda line: -line.mistakes)
    return lines


def differences(first: Measured, second: Measured) -> list[Difference]:
    """Of every tag and language in either, those that moved most first."""
    found = []
    for language in LANGUAGES:
        before = first.part(language).get("per_tag", {})
        after = second.part(language).get("per_tag", {})
        for name in {*before, *after}:
            old, new = before.get(name), after.get(name)
            n = max(int(part["n"]) if part else 0 for part in (old, new))
            found.append(Difference(name, language, _measured_f1(old), _measured_f1(new), n))
    return sorted(found, key=lambda one: (-abs(one.gained), one.name, one.language))


def same_messages(
    first: Measured, second: Measured, rows: Iterable[ModelVersion]
) -> tuple[Measured, Measured]:
    """Both on the same messages, where one of them served right before the other."""
    found = {row.version: row for row in rows if row.figures}
    if second.version in found:
        first = of_base(found[second.version], first)
    if first.version in found:
        second = of_base(found[first.version], second)
    return first, second


def new_tags(before: Iterable[str], after: Sequence[str]) -> list[str]:
    known = set(before)
    return [name for name in after if name not in known]


def _by_language(measured: Measured, changes: Mapping[str, Any], name: str) -> dict[str, Reached]:
    found = {}
    for language in LANGUAGES:
        part = measured.part(language).get("per_tag", {}).get(name)
        if part:
            moved = (changes.get(language) or {}).get("tags", {}).get(name, {})
            found[language] = Reached(
                n=int(part["n"]),
                shown=int(part["shown"]),
                hits=int(part["hits"]),
                precision=part["precision"],
                recall=part["recall"],
                f1=_measured_f1(part),
                won=int(moved.get("won", 0)),
                lost=int(moved.get("lost", 0)),
            )
    return found


def _measured_f1(part: Mapping[str, Any] | None) -> float | None:
    return part["f1"] if part and part["n"] else None


def _f1(one: Reached | None) -> float:
    """The weakest first; what was not measured last."""
    return 2.0 if one is None or one.f1 is None else one.f1
