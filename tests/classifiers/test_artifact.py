from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

import classifiers
from classifiers import TAG_IDS, ArtifactRefused
from classifiers.artifact import VERSION

MESSAGE = "荷物がまだ届きません。Where is my order #123?"


def test_a_stored_model_answers_as_before(model: classifiers.Model, stored: Path) -> None:
    assert classifiers.load(stored).classify(MESSAGE) == model.classify(MESSAGE)


def test_the_same_model_is_stored_as_the_same_bytes(model: classifiers.Model, stored: Path) -> None:
    again = stored.with_name("again.npz")
    classifiers.save(classifiers.load(stored), again)
    assert again.read_bytes() == stored.read_bytes()


def test_nothing_but_the_model_is_left_in_the_folder(stored: Path) -> None:
    assert [file.name for file in stored.parent.iterdir()] == ["model.npz"]


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04broken", pickle.dumps({"format": "x"})])
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.npz"
    file.write_bytes(content)
    with pytest.raises(ArtifactRefused, match=r"model\.npz"):
        classifiers.load(file)


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9, 0.999])
def test_a_damaged_file_is_refused(stored: Path, at: float) -> None:
    content = bytearray(stored.read_bytes())
    start = int(len(content) * at)
    content[start : start + 40] = bytes(byte ^ 0x55 for byte in content[start : start + 40])
    stored.write_bytes(content)
    with pytest.raises(ArtifactRefused):
        classifiers.load(stored)


def test_a_cut_file_is_refused(stored: Path) -> None:
    stored.write_bytes(stored.read_bytes()[:5000])
    with pytest.raises(ArtifactRefused):
        classifiers.load(stored)


def test_pickled_arrays_are_refused(stored: Path) -> None:
    np.savez(stored, about=np.array([{"format": "x"}], dtype=object))
    with pytest.raises(ArtifactRefused):
        classifiers.load(stored)


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"format": "other"}, "not a model"),
        ({"format": "helpdesk-classifier", "version": 99}, "version 99"),
        ({"format": "helpdesk-classifier", "version": VERSION, "meta": {}}, "lacks"),
        ([1], "not a model"),
    ],
)
def test_a_model_of_another_kind_is_refused_with_the_reason(stored: Path, about: object, said: str) -> None:
    rewrite(stored, about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8))
    with pytest.raises(ArtifactRefused, match=said):
        classifiers.load(stored)


@pytest.mark.parametrize("array", [np.zeros((3, 3), dtype=np.float32), np.zeros(0)])
def test_arrays_of_the_wrong_shape_are_refused(stored: Path, array: np.ndarray) -> None:
    rewrite(stored, weights=array)
    with pytest.raises(ArtifactRefused, match="fit together"):
        classifiers.load(stored)


def test_a_weight_that_is_no_number_is_refused(model: classifiers.Model, stored: Path) -> None:
    weights = model.artifact.weights.copy()
    weights[0, 0] = np.nan
    rewrite(stored, weights=weights)
    with pytest.raises(ArtifactRefused, match="fit together"):
        classifiers.load(stored)


FITTED = {"tags": [1.0, 1.0, 1.0], "scope": [1.0, 1.0, 1.0]}  # the scope takes four numbers


@pytest.mark.parametrize(
    "calibration",
    [None, {}, {"ja": {}, "en": {}}, {"ja": {"tags": [1.0]}, "en": 3}, {"ja": FITTED, "en": FITTED}],
)
def test_a_model_without_its_calibration_is_refused(stored: Path, calibration: object) -> None:
    rewrite_meta(stored, calibration=calibration)
    with pytest.raises(ArtifactRefused, match="fit together"):
        classifiers.load(stored)


@pytest.mark.parametrize("mix", [None, [], [0.0], [float("nan")] * len(TAG_IDS), ["0"] * len(TAG_IDS)])
def test_a_model_without_its_mix_is_refused(stored: Path, mix: object) -> None:
    rewrite_meta(stored, mix=mix)
    with pytest.raises(ArtifactRefused, match="fit together"):
        classifiers.load(stored)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no model"):
        classifiers.load(tmp_path / "none.npz")


def rewrite_meta(file: Path, **changed: object) -> None:
    with np.load(file) as arrays:
        about = json.loads(arrays["about"].tobytes())
    about["meta"] |= changed
    rewrite(file, about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8))


def rewrite(file: Path, **changed: np.ndarray) -> None:
    with np.load(file) as stored:
        arrays = {name: stored[name] for name in stored.files}
    np.savez(file, **{**arrays, **changed})
