from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from helpdesk.store.turns import Turns


def test_turns_are_taken_in_the_order_of_coming() -> None:
    turns, taken, threads = Turns(), list[int](), list[threading.Thread]()

    def take(number: int) -> None:
        with turns:
            taken.append(number)

    with turns:
        for number in range(5):
            thread = threading.Thread(target=take, args=(number,))
            thread.start()
            threads.append(thread)
            while len(turns._waiting) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert taken == [0, 1, 2, 3, 4]


def test_who_comes_back_at_once_does_not_overtake_who_waits() -> None:
    turns, taken = Turns(), list[str]()

    def wait() -> None:
        with turns:
            taken.append("waiting")

    with turns:
        thread = threading.Thread(target=wait)
        thread.start()
        while not turns._waiting:
            time.sleep(0.001)
    with turns:
        taken.append("again")
    thread.join()
    assert taken == ["waiting", "again"]


def test_a_turn_that_never_comes_is_an_error_and_holds_up_nobody_else() -> None:
    turns = Turns(patience=0.02)
    with turns, pytest.raises(PoolTimeout), turns:
        raise AssertionError
    with turns:
        pass


def test_a_turn_that_ends_badly_is_handed_on() -> None:
    turns = Turns()
    with pytest.raises(KeyError), turns:
        raise KeyError
    with turns:
        pass
