"""Strangers say whatever they like over the chat's socket: it is answered or closed with a reason, and nothing stays.

HELPDESK_FUZZ_N=2000 tries so many conversations of each kind; without it few.
"""

from __future__ import annotations

import base64
import gc
import json
import logging
import os
import random
import socket
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed

from helpdesk.live.guest import Guest
from helpdesk.models import Brand, ChatLine, InboundEvent
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from helpdesk.web.reception import Reception
from tests.fakes.serving import PATIENCE
from tests.helpdesk.chat.desk import Window, add_widget, serving
from tests.helpdesk.web.test_chat_frames import FRAMES

TRIES = int(os.environ.get("HELPDESK_FUZZ_N", "8"))
LEAK = (
    400_000  # bytes that may be more after all conversations; each of them alone holds more than a twentieth
)
TRYING = settings(
    max_examples=TRIES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
REASONS = {1000, 1002, 1003, 1007, 1008, 1009, 4400}


@dataclass
class Place:
    app: Starlette
    host: str
    widget: str

    def is_empty(self) -> bool:
        """Nobody is remembered who has gone."""
        lobby, desk = self.app.state.parts.live.lobby, self.app.state.reception
        assert isinstance(desk, Reception)
        known = (lobby.guests, lobby._of_visitor, lobby._strangers, desk._waiting)
        return not any(known) and not [one for one in gc.get_objects() if type(one) is Guest]

    def assert_empty(self) -> None:
        end = time.monotonic() + PATIENCE
        while not self.is_empty():
            assert time.monotonic() < end, "somebody who has gone is still remembered"
            gc.collect()
            time.sleep(0.05)


@pytest.fixture
def place(
    app: Starlette, database: Database, brand: Brand, seal: Seal, caplog: pytest.LogCaptureFixture
) -> Iterator[Place]:
    widget = add_widget(database, brand, seal)
    with serving(app) as host:
        yield Place(app, host, widget.address)
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


HELLOS = st.fixed_dictionaries(
    {"type": st.just("hello")},
    optional={"visitor": st.text(max_size=30), "after": st.integers(-3, 9), "lang": st.text(max_size=9)},
)
SAID = st.builds(
    lambda key, text: json.dumps({"type": "message", "key": f"k{key}", "text": text}),
    st.integers(0, 5),
    st.sampled_from(["hello", "返品したい", "x" * 9_999, "AB-10012"]),
)
MARKS = st.sampled_from(
    ['{"type":"read","seq":1}', '{"type":"history","before":3}', '{"type":"rate","score":5}']
)
STEPS = st.tuples(
    st.integers(0, 2), st.one_of(SAID, SAID, MARKS, FRAMES, st.just("leave"), HELLOS.map(json.dumps))
)


@given(st.lists(STEPS, max_size=14))
@TRYING
def test_windows_of_one_visitor_agree_whatever_they_say(place: Place, steps: list[tuple[int, str]]) -> None:
    windows: dict[int, Window] = {}
    token, acknowledged = "", dict[str, int]()
    for number, said in steps:
        window = windows.get(number)
        if said == "leave":
            if window:
                windows.pop(number).close()
            continue
        if window is None:
            window = windows[number] = Window(
                place.host, place.widget, **({"visitor": token} if token else {})
            )
            token = window.token
        try:
            window.say(said)
        except ConnectionClosed:
            windows.pop(number)
    for window in windows.values():
        _hear_out(window)
        for frame in window.heard:
            if frame["type"] == "ack":
                assert acknowledged.setdefault(frame["key"], frame["seq"]) == frame["seq"]
        codes = {frame["code"] for frame in window.heard if frame["type"] == "error"}
        assert not codes & {"failed", "unavailable"}
        window.close()
    _assert_gapless(place.app.state.parts.database, acknowledged)
    place.assert_empty()


def _hear_out(window: Window) -> None:
    """Until it answers something harmless, or is closed with a reason."""
    try:
        window.say('{"type":"history","before":1}')
        window.hear("history")
    except ConnectionClosed:
        assert window.line.close_code in REASONS
        assert window.heard[-1]["type"] == "error"
        assert window.heard[-1]["text"]


def _assert_gapless(database: Database, acknowledged: dict[str, int]) -> None:
    with database.read() as unit:
        lines = list(
            unit.session.exec(select(ChatLine).order_by(col(ChatLine.visitor_id), col(ChatLine.seq)))
        )
        journal = len(list(unit.session.exec(select(InboundEvent.id))))
    by_visitor: dict[int, list[int]] = {}
    for line in lines:
        by_visitor.setdefault(line.visitor_id, []).append(line.seq)
    assert all(seqs == list(range(1, len(seqs) + 1)) for seqs in by_visitor.values())
    assert len(lines) == journal
    assert acknowledged.items() <= {(one.client_key, one.seq) for one in lines}


HEADED = st.builds(
    lambda head, rest: bytes(head) + rest, st.tuples(*2 * [st.integers(0, 255)]), st.binary(max_size=20)
)
KNOWN = st.sampled_from(
    [b"\x81\xff" + b"\xff" * 12, b"\x88\x80\0\0\0\0", b"\x89\xfe\x01\x00", b"\x01\x80\0\0\0\0" * 50]
)
BYTES = st.lists(st.one_of(st.binary(max_size=40), HEADED, KNOWN), max_size=6)


@given(BYTES)
@TRYING
def test_bytes_that_are_no_frames_end_one_line_alone(place: Place, said: list[bytes]) -> None:
    sane = Window(place.host, place.widget)
    host, _, port = place.host.partition(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as line:
        line.sendall(_upgrade(place))
        assert b" 101 " in line.recv(2000)
        try:
            for one in said:
                line.sendall(one)
            line.shutdown(socket.SHUT_WR)
            while line.recv(4000):
                pass
        except OSError:
            pass  # it hung up first
    assert sane.write("k", "still there?")["seq"] == 1
    sane.close()
    place.assert_empty()


def _upgrade(place: Place) -> bytes:
    key = base64.b64encode(random.randbytes(16)).decode()
    return (
        f"GET /chat?brand={place.widget} HTTP/1.1\r\nHost: {place.host}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def test_what_strangers_said_is_not_kept_in_memory(place: Place) -> None:
    """Each conversation is worth 25 kB; were they kept, they would be seen."""
    for _ in range(10):
        _ramble(place)
    place.assert_empty()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(max(TRIES, 20)):
        _ramble(place)
    place.assert_empty()
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < LEAK, f"{grown:,} bytes more"


def _ramble(place: Place) -> None:
    window = Window(place.host, place.widget, page="https://shop.example/" + "p" * 1500)
    for number in range(4):
        window.say({"type": "typing", "text": "t" * 400})
        window.say({"type": "page", "page": "https://shop.example/" + str(number) * 1500})
        window.write(f"k{number}", "w" * 5_000)
    window.say({"type": "nonsense", "with": "n" * 5_000})
    window.say(b"bytes end it")
    assert window.closed_with() == 4400
    window.close()


def test_who_goes_on_with_mistakes_is_closed_with_the_last_ones_reason(place: Place) -> None:
    window = Window(place.host, place.widget)
    heard: list[Any] = []
    for _ in range(10):
        window.say('{"type":"read","seq":"all"}')
        heard.append(window.hear("error")["code"])
    assert window.closed_with() == 4400
    assert set(heard) == {"seq"}
    assert window.line.close_reason == "seq"
