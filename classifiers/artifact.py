"""A trained model as plain arrays and JSON in one .npz file: nothing in it can run code when it is loaded."""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from classifiers.language import LANGUAGES

FORMAT = "helpdesk-classifier"
VERSION = 4
_LARGEST = 400_000_000
_ARRAYS = ("idf", "weights", "bias")
_META_KEYS = (
    "tags",
    "sentiments",
    "thresholds",
    "calibration",
    "mix",
    "data_hash",
    "code_version",
    "metrics",
)


class ArtifactRefused(ValueError):
    """The file is no model of this program, or is damaged; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """Vocabulary and weights. Columns of `weights`: tags, in-scope, sentiments, harm, grade ≥1 ≥2 ≥3."""

    words: tuple[str, ...]
    chars: tuple[str, ...]
    idf: NDArray[np.float64]
    weights: NDArray[np.float32]
    bias: NDArray[np.float64]
    meta: dict[str, Any]

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags this model knows, in column order."""
        return tuple(self.meta["tags"])

    @property
    def sentiments(self) -> tuple[str, ...]:
        """The sentiments this model knows, in column order."""
        return tuple(self.meta["sentiments"])

    @property
    def mix(self) -> NDArray[np.float64]:
        """What to add to the margin of each tag, by how often the shop is asked it."""
        return np.array(self.meta["mix"], dtype=np.float64)

    def without_mix(self) -> Artifact:
        """The same for messages that are not the shop's."""
        return replace(self, meta={**self.meta, "mix": [0.0] * len(self.tags)})

    @property
    def harm_column(self) -> int:
        """Where the head stands that hears if somebody was hurt or might be."""
        return len(self.tags) + 1 + len(self.sentiments)


def save(artifact: Artifact, file: Path) -> None:
    """Writes the model; the same model gives the same bytes, and a crash leaves the old file whole."""
    described = {"format": FORMAT, "version": VERSION, "meta": artifact.meta}
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    with partial.open("wb") as out:
        np.savez_compressed(
            out,
            about=_packed(described),
            vocabulary=_packed({"words": artifact.words, "chars": artifact.chars}),
            idf=artifact.idf,
            weights=artifact.weights,
            bias=artifact.bias,
        )
    partial.replace(file)


def load(file: Path) -> Artifact:
    """The model in `file`. Raises ArtifactRefused for anything else, FileNotFoundError when there is none."""
    if not file.exists():
        raise FileNotFoundError(f"no model at {file}")
    try:
        _check_size(file)
        with np.load(file, allow_pickle=False) as stored:
            about, vocabulary = _unpacked(stored["about"]), _unpacked(stored["vocabulary"])
            arrays = {name: stored[name] for name in _ARRAYS}
    except (
        OSError,
        ValueError,
        KeyError,
        EOFError,
        RecursionError,
        zipfile.BadZipFile,
        NotImplementedError,
    ) as error:
        raise ArtifactRefused(f"{file.name} is damaged or not a model ({error}); train it again") from error
    except Exception as error:
        # zlib.error and others of numpy's readers share no base class with the ones above.
        raise ArtifactRefused(f"{file.name} cannot be read ({error}); train it again") from error
    return _checked(file, about, vocabulary, arrays)


def _check_size(file: Path) -> None:
    with zipfile.ZipFile(file) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > _LARGEST:
            raise ValueError("too large when unpacked")


def _checked(file: Path, about: Any, vocabulary: Any, arrays: dict[str, NDArray[Any]]) -> Artifact:
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise ArtifactRefused(
            f"{file.name} is not a model of this program; train one with `helpdesk model train`"
        )
    if about.get("version") != VERSION:
        raise ArtifactRefused(
            f"{file.name} is a model of version {about.get('version')}, not {VERSION}; train it again"
        )
    meta = about.get("meta")
    if not isinstance(meta, dict) or not all(key in meta for key in _META_KEYS):
        raise ArtifactRefused(f"{file.name} lacks parts of its description; train it again")
    if not isinstance(vocabulary, dict) or not all(
        _is_words(vocabulary.get(key)) for key in ("words", "chars")
    ):
        raise ArtifactRefused(f"{file.name} lacks its vocabulary; train it again")
    artifact = Artifact(
        tuple(vocabulary["words"]),
        tuple(vocabulary["chars"]),
        arrays["idf"],
        arrays["weights"],
        arrays["bias"],
        cast(dict[str, Any], meta),
    )
    if not _fits(artifact):
        raise ArtifactRefused(f"{file.name} holds arrays that do not fit together; train it again")
    return artifact


def _fits(artifact: Artifact) -> bool:
    terms = len(artifact.words) + len(artifact.chars)
    heads = len(artifact.tags) + 1 + len(artifact.sentiments) + 1 + 3
    shapes = (artifact.idf.shape, artifact.weights.shape, artifact.bias.shape)
    kinds = [array.dtype.str for array in (artifact.idf, artifact.weights, artifact.bias)]
    if shapes != ((terms,), (terms, heads), (heads,)) or kinds != ["<f8", "<f4", "<f8"]:
        return False
    if not _calibrated(artifact.meta) or not _are_numbers(artifact.meta["mix"], len(artifact.tags)):
        return False
    arrays = (artifact.idf, artifact.weights, artifact.bias)
    return set(artifact.tags) <= set(artifact.meta["thresholds"]) and all(
        np.isfinite(part).all() for part in arrays
    )


def _calibrated(meta: dict[str, Any]) -> bool:
    calibration, thresholds = meta["calibration"], meta["thresholds"]
    if not isinstance(calibration, dict) or not isinstance(thresholds, dict):
        return False
    fitted = [calibration.get(lang) for lang in LANGUAGES]
    return (
        all(isinstance(part, dict) for part in fitted)
        and all(
            _are_numbers(part.get("tags"), 3) and _are_numbers(part.get("scope"), 4)
            for part in fitted
            if part
        )
        and all(fitted)
        and _are_numbers(list(thresholds.values()), len(thresholds))
    )


def _are_numbers(value: Any, size: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == size
        and all(isinstance(part, float) and isfinite(part) for part in value)
    )


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _packed(value: Any) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value, sort_keys=True).encode("ascii"), dtype=np.uint8)


def _unpacked(array: NDArray[np.uint8]) -> Any:
    return json.loads(array.tobytes())
