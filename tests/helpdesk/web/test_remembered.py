"""What is kept in memory for a moment is read again when it is old, and after it was cleared."""

from __future__ import annotations

from itertools import count

import pytest

from helpdesk.web.remembered import MOST_KEPT, Remembered


class Hands:
    """Of a clock that is moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_is_read_once_until_it_is_old() -> None:
    clock, reads = Hands(), count()
    kept: Remembered[str, int] = Remembered(10, clock=clock)
    seen = []
    for clock.now in (0, 9, 11, 20, 22):
        seen.append(kept.get("a", lambda: next(reads)))
    assert seen == [0, 0, 1, 1, 2]
    clock.now = 25
    assert (kept.age("a"), kept.age("b")) == (3, float("inf"))


def test_nothing_is_a_value_too() -> None:
    reads = count()
    kept: Remembered[int, int | None] = Remembered(10, clock=Hands())

    def read() -> None:
        next(reads)

    assert [kept.get(1, read), kept.get(1, read)] == [None, None]
    assert next(reads) == 1


def test_what_cannot_be_read_is_not_kept_and_the_last_can_be_asked_for() -> None:
    clock = Hands()
    kept: Remembered[str, int] = Remembered(10, clock=clock)
    assert kept.last("a", 7) == 7
    kept.get("a", lambda: 1)
    clock.now = 11
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.last("a", 7) == 1
    assert kept.get("a", lambda: 2) == 2


def test_what_was_read_before_a_clearing_is_not_kept_after_it() -> None:
    """The change that it was cleared for may not have been in what was read."""
    kept: Remembered[str, str] = Remembered(10, clock=Hands())

    def slow() -> str:
        kept.clear()
        return "old"

    assert kept.get("a", slow) == "old"
    assert kept.get("a", lambda: "new") == "new"
    kept.forget("a")
    assert kept.get("a", lambda: "newer") == "newer"


def test_it_never_holds_more_than_it_may() -> None:
    kept: Remembered[int, int] = Remembered(10, clock=Hands())
    for one in range(2 * MOST_KEPT + 1):
        kept.get(one, lambda: 0)
    assert sum(kept.age(one) == 0 for one in range(2 * MOST_KEPT + 1)) <= MOST_KEPT
