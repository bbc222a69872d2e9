from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk.channels.protocol import Parcel, Receipt
from helpdesk.delivery import sent_log
from helpdesk.delivery.sent_log import SentLog


def parcel(name: str, *recipients: str) -> Parcel:
    return Parcel(name, b"", recipients)


def test_an_answer_is_found_until_the_database_knows_it(tmp_path: Path) -> None:
    log = SentLog(tmp_path / "deep" / "sent.log")
    assert log.find(parcel("a", "x@y")) is None
    log.note(parcel("a", "x@y"), Receipt("250 ok", ("x@y",)))
    found = SentLog(log.path).find(parcel("a", "x@y"))
    assert found and (found.id, found.accepted) == ("250 ok", ("x@y",))
    assert log.find(parcel("b", "x@y")) is None
    assert log.find(parcel("a", "z@y")) is None  # x@y is known to have it; z@y still waits


def test_a_line_cut_off_in_the_middle_is_passed_over(tmp_path: Path) -> None:
    log = SentLog(tmp_path / "sent.log")
    log.path.write_text('{"parcel": "a", "acc')
    assert log.find(parcel("a", "x@y")) is None


def test_it_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent_log, "LARGEST", 500)
    log = SentLog(tmp_path / "sent.log")
    for number in range(100):
        log.note(parcel(str(number), "x@y"), Receipt("ok", ("x@y",)))
    assert log.path.stat().st_size + log.older.stat().st_size < 2000
    assert log.find(parcel("99", "x@y")) and not log.find(parcel("1", "x@y"))


def test_an_attempt_that_nobody_ended_broke_off(tmp_path: Path) -> None:
    log, it = SentLog(tmp_path / "sent.log"), parcel("a", "x")
    assert not log.broke_off(it)
    log.begin(it)
    assert SentLog(log.path).broke_off(it) and not log.broke_off(parcel("b", "x"))
    log.end(it)
    assert not log.broke_off(it) and log.find(it) is None
    log.begin(it)
    log.note(it, Receipt("m1", ("x",), known_as=("m1",)))
    found = log.find(it)
    assert not log.broke_off(it) and found and found.known_as == ("m1",)
