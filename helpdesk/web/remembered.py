"""What was read a moment ago and is asked for again and again: kept in memory, from any thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

MOST_KEPT = 500

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """Good for so many seconds. Two who ask at once may both read; what cannot be read is not kept."""

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._kept: dict[Key, tuple[float, Value]] = {}
        self._cleared = 0

    def get(self, key: Key, read: Callable[[], Value]) -> Value:
        found = self._kept.get(key)
        if found is not None and self._clock() - found[0] <= self._seconds:
            return found[1]
        cleared, value = self._cleared, read()
        if cleared == self._cleared:  # else it may be older than what the clearing was for
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = (self._clock(), value)
        return value

    def last(self, key: Key, default: Value) -> Value:
        """What was read last, however long ago."""
        found = self._kept.get(key)
        return default if found is None else found[1]

    def age(self, key: Key) -> float:
        """Seconds since it was read."""
        found = self._kept.get(key)
        return float("inf") if found is None else self._clock() - found[0]

    def forget(self, key: Key) -> None:
        self._kept.pop(key, None)

    def clear(self) -> None:
        self._cleared += 1
        self._kept.clear()
