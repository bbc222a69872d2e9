from __future__ import annotations

import json

from helpdesk.live.presence import KEPT_FOR, Person, Place, Presence

AKARI, REN = Person("a1", "Akari"), Person("r1", "Ren")
DESK, SHELF = Place("desk", 1), Place("shelf", 1)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_coming_writing_and_going_are_told_once_each() -> None:
    presence = Presence(Clock())
    presence.put("w1", AKARI, {DESK: "viewing"})
    assert presence.changed() == [DESK]
    presence.put("w1", AKARI, {DESK: "viewing"})
    assert presence.changed() == []
    presence.put("w1", AKARI, {DESK: "typing"})
    assert presence.changed() == [DESK]
    assert presence.people(DESK) == {AKARI: "typing"}
    presence.leave("w1")
    assert presence.changed() == [DESK]
    assert presence.people(DESK) == {}
    assert presence.changed() == []


def test_moving_on_leaves_the_ticket_before() -> None:
    presence = Presence(Clock())
    presence.put("w1", AKARI, {DESK: "viewing"})
    presence.put("w1", AKARI, {SHELF: "viewing"})
    assert presence.people(DESK) == {}
    assert presence.places() == [SHELF]


def test_several_windows_of_one_agent_are_one_person_in_the_strongest_state() -> None:
    presence = Presence(Clock())
    presence.put("w1", AKARI, {DESK: "typing"})
    presence.put("w2", AKARI, {DESK: "viewing"})
    presence.put("w3", REN, {DESK: "replying"})
    assert presence.people(DESK) == {AKARI: "typing", REN: "replying"}
    presence.leave("w1")
    assert presence.people(DESK)[AKARI] == "viewing"


def test_a_note_is_less_than_an_answer_and_more_than_a_look() -> None:
    presence = Presence(Clock())
    presence.put("w1", AKARI, {DESK: "noting"})
    presence.put("w2", AKARI, {DESK: "viewing"})
    assert presence.people(DESK) == {AKARI: "noting"}
    presence.put("w2", AKARI, {DESK: "replying"})
    assert presence.people(DESK) == {AKARI: "replying"}


def test_what_is_not_said_again_runs_out() -> None:
    clock = Clock()
    presence = Presence(clock)
    presence.put("w1", AKARI, {DESK: "viewing"})
    presence.put("w2", REN, {DESK: "viewing"})
    presence.changed()
    clock.now += KEPT_FOR - 1
    presence.put("w2", REN, {DESK: "viewing"})
    clock.now += 2
    assert presence.changed() == [DESK]
    assert presence.people(DESK) == {REN: "viewing"}


def test_an_unknown_state_is_no_presence() -> None:
    presence = Presence(Clock())
    presence.put("w1", AKARI, {DESK: "dancing"})
    assert presence.changed() == []


def test_windows_read_who_is_where_by_name() -> None:
    presence = Presence(Clock())
    presence.put("w1", REN, {DESK: "viewing"})
    presence.put("w2", AKARI, {DESK: "typing"})
    assert json.loads(presence.as_json(DESK)) == {
        "name": "presence",
        "ticket": "desk",
        "who": [
            {"agent": "a1", "name": "Akari", "state": "typing"},
            {"agent": "r1", "name": "Ren", "state": "viewing"},
        ],
    }


def test_another_process_replaces_what_it_said_before() -> None:
    presence = Presence(Clock())
    presence.put_all("p1", DESK, {AKARI: "viewing", REN: "viewing"})
    presence.put_all("p1", DESK, {REN: "typing"})
    assert presence.people(DESK) == {REN: "typing"}
    presence.put_all("p1", DESK, {})
    assert presence.people(DESK) == {}
