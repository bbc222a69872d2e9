from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from helpdesk.store.turns import Turns


def test_turns_are_taken_in_the_order_of_coming() -> None:
    turns, taken, threads = Turns(), list[int](), list[threading.Thread]()

    def take(number: int) -> None:
        with turns.turn():
            taken.append(number)

    with turns.turn():
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
        with turns.turn():
            taken.append("waiting")

    with turns.turn():
        thread = threading.Thread(target=wait)
        thread.start()
        while not turns._waiting:
            time.sleep(0.001)
    with turns.turn():
        taken.append("again")
    thread.join()
    assert taken == ["waiting", "again"]


def test_a_turn_that_never_comes_is_an_error_and_holds_up_nobody_else() -> None:
    turns = Turns(patience=0.02)
    with turns.turn(), pytest.raises(PoolTimeout), turns.turn():
        raise AssertionError
    with turns.turn():
        pass


def test_a_turn_that_ends_badly_is_handed_on() -> None:
    turns = Turns()
    with pytest.raises(KeyError), turns.turn():
        raise KeyError
    with turns.turn():
        pass


def test_who_is_first_overtakes_who_waits_but_not_who_writes() -> None:
    turns, taken, threads = Turns(), list[str](), list[threading.Thread]()

    def take(name: str, first: bool) -> None:
        with turns.turn(first=first):
            taken.append(name)

    with turns.turn():
        for number, (name, first) in enumerate((("a", False), ("b", False), ("hook", True))):
            thread = threading.Thread(target=take, args=(name, first))
            thread.start()
            threads.append(thread)
            while len(turns._waiting) <= number:
                time.sleep(0.001)
        taken.append("writing")
    for thread in threads:
        thread.join()
    assert taken == ["writing", "hook", "a", "b"]
