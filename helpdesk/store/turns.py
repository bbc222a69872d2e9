"""Writers of one process take turns in the order in which they came: none is first again and again."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import TimeoutError as PoolTimeout

PATIENCE_SECONDS = 60.0


class Turns:
    """`with turns.turn():` for one thread at a time. Raises what a pool raises that has nothing left to give."""

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    @property
    def awaited(self) -> bool:
        """Whether somebody waits for who has the turn now."""
        return bool(self._waiting)

    @contextmanager
    def turn(self, *, first: bool = False) -> Iterator[None]:
        """`first` of all who wait, which must not be asked for again and again by several."""
        self._enter(first)
        try:
            yield
        finally:
            self._exit()

    def _enter(self, first: bool) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            mine = threading.Lock()
            mine.acquire()
            (self._waiting.appendleft if first else self._waiting.append)(mine)
        if not mine.acquire(timeout=self._patience):
            self._leave(mine)

    def _exit(self) -> None:
        """Straight to the next: nobody can step in between."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def _leave(self, mine: threading.Lock) -> None:
        with self._guard:
            if mine not in self._waiting:
                return  # it was given at the last moment
            self._waiting.remove(mine)
        raise PoolTimeout(f"the database was not free to write for {self._patience:.0f} seconds")
