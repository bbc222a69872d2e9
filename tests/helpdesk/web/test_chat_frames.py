"""Whatever comes over the socket is understood or refused with a code; the server stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed

from helpdesk.models import Brand
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from helpdesk.web import chat_frames
from helpdesk.web.chat_frames import Refused
from tests.helpdesk.chat.desk import Window, add_widget, serving

TEXTS = st.one_of(st.text(max_size=40), st.sampled_from(["\x00", "\ud800", "k1", "x" * 12_000, "花子"]))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=6,
)
NAMES = st.sampled_from(
    [
        "visitor",
        "lang",
        "page",
        "user",
        "hash",
        "after",
        "key",
        "text",
        "attachments",
        "seq",
        "score",
        "comment",
        "before",
        "prechat",
        "consent",
        "title",
        "referrer",
        "flow",
        "step",
    ]
)
KINDS = st.one_of(st.sampled_from(sorted(chat_frames.READERS)), VALUES)
FRAMES = st.builds(
    lambda kind, fields: json.dumps({"type": kind} | fields),
    KINDS,
    st.dictionaries(NAMES, VALUES, max_size=6),
)


@given(st.one_of(st.text(max_size=200), FRAMES))
@settings(max_examples=400, deadline=None)
def test_every_text_is_a_frame_or_refused(text: str) -> None:
    try:
        frame = chat_frames.read(text)
    except Refused as refused:
        assert refused.code
        assert json.loads(refused.frame())["text"]
    else:
        repr(frame).encode()


@pytest.mark.parametrize(
    "text", ["[" * 60_000, '{"a":' * 12_000, '{"type":"read","seq":' + "9" * 5000 + "}", "{" + "}" * 9]
)
def test_nothing_breaks_the_reader(text: str) -> None:
    with pytest.raises(Refused):
        chat_frames.read(text)


@pytest.fixture
def address(app: Starlette, database: Database, brand: Brand, seal: Seal) -> Iterator[tuple[str, str]]:
    widget = add_widget(database, brand, seal)
    with serving(app) as host:
        yield host, widget.address


@given(st.lists(st.one_of(FRAMES, st.binary(max_size=20)), max_size=8))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_conversation_breaks_the_server(address: tuple[str, str], said: list[Any]) -> None:
    window = Window(*address)
    try:
        for frame in said:
            window.say(frame)
        window.say('{"type":"read","seq":0}')
        window.write("last", "still there?")
    except ConnectionClosed:
        assert window.line.close_code == 4400
    finally:
        window.close()
    codes = [one["code"] for one in window.heard if one["type"] == "error"]
    assert not {"failed", "unavailable"} & set(codes)
