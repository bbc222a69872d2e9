"""Waiting for what another thread or process does."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 20.0  # seconds; what has not come until then never comes


def until(truth: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Fails when it does not become true."""
    end = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
