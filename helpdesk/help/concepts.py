"""The words that customers ask with, read from `concepts.yaml` beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def _read() -> dict[str, Any]:
    given: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return given


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word for one in text.split(",") if (word := one.strip()))


_GIVEN = _read()
CONCEPTS = {
    name: tuple(word for text in said.values() for word in _listed(text))
    for name, said in _GIVEN["concepts"].items()
}
STOP = frozenset(_GIVEN["stop"].split())
PALE = frozenset(_GIVEN["pale"].split())
