"""Local text classifier: a customer's message in, tags, sentiment and urgency out, each with its reason.

    text → features → model → calibrated tags, sentiment, urgency      (serving, NumPy alone)
    rows → training → calibration → artifact                           (learning, scikit-learn, on demand)

Knows no database, no web and nothing of the helpdesk around it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from classifiers import artifact as _artifact
from classifiers.artifact import Artifact, ArtifactRefused
from classifiers.lines import classify_lines
from classifiers.model import Model
from classifiers.results import Classification, Reason, Span, TagScore, Urgency
from classifiers.rows import BadRow, Row, read_corpus, read_rows
from classifiers.tags import BY_ID, SENTIMENTS, TAG_IDS, TAGS, Tag

BUILTIN = Path(__file__).with_name("builtin") / "model.npz"


class ModelMissing(FileNotFoundError):
    """There is no built-in model yet."""


@lru_cache(maxsize=1)
def builtin() -> Model:
    """The model trained on the built-in corpus, loaded once."""
    if not BUILTIN.exists():
        raise ModelMissing("the built-in model is missing; run: python -m classifiers.build")
    return load(BUILTIN)


def load(path: Path | str) -> Model:
    """The model stored at `path`; raises ArtifactRefused for a foreign or damaged file."""
    return Model(_artifact.load(Path(path)))


def save(model: Model, path: Path | str) -> None:
    """Stores the model at `path` in one step."""
    _artifact.save(model.artifact, Path(path))


def train(rows: Iterable[Row], *, folds: int = 2, data_hash: str = "") -> Model:
    """A new model of these rows alone; put `read_corpus()` before a brand's own rows, weighted higher."""
    # scikit-learn takes a second to import; serving must not pay for it.
    from classifiers.training import fit

    return Model(fit(list(rows), folds=folds, data_hash=data_hash))


__all__ = [
    "BUILTIN",
    "BY_ID",
    "SENTIMENTS",
    "TAGS",
    "TAG_IDS",
    "Artifact",
    "ArtifactRefused",
    "BadRow",
    "Classification",
    "Model",
    "ModelMissing",
    "Reason",
    "Row",
    "Span",
    "Tag",
    "TagScore",
    "Urgency",
    "builtin",
    "classify_lines",
    "load",
    "read_corpus",
    "read_rows",
    "save",
    "train",
]
