"""Chance that falls the same way each time: nothing secret hangs on it."""

from __future__ import annotations

from random import Random


def dice(seed: str) -> Random:
    return Random(seed)  # noqa: S311
