"""What words cannot say, in words: every kind of content has a line, and nothing that a customer sends is run."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk import i18n
from helpdesk.channels.content import NAMES, name_of
from helpdesk.inbox.content import Extra, extras, length, lost, moment_of, reactions, safe

KINDS = [*NAMES, "call", "unsupported", "share", "fallback", "something_new"]


def lines(content: dict[str, Any], **more: bool) -> tuple[Extra, ...]:
    return extras(content, key="KEY", **{"files": False, "coming": False, **more})


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"taken_back"}))
def test_every_kind_is_told(kind: str) -> None:
    (line,) = lines({"type": kind})
    assert line.text and line.icon


def test_plain_words_need_no_line() -> None:
    assert lines({}) == () and name_of({}) == ""


def test_a_picture_that_is_here_or_on_its_way_speaks_for_itself() -> None:
    assert lines({"type": "image"}, files=True) == ()
    assert lines({"type": "image"}, coming=True) == ()
    assert lines({"type": "image", "lost": [{"name": "a", "why": "b"}]}) == ()
    assert [one.text for one in lines({"type": "image"})] == ["Picture"]


def test_a_place_leads_to_the_map() -> None:
    (line,) = lines({"type": "location", "latitude": 35.7038, "longitude": 139.5995})
    assert line.link.endswith("#map=17/35.7038/139.5995") and not line.above


@pytest.mark.parametrize("latitude", [None, "north", float("nan"), float("inf"), 91, [1]])
def test_a_place_that_is_none_leads_nowhere(latitude: object) -> None:
    (line,) = lines({"type": "location", "latitude": latitude, "longitude": 1})
    assert (line.text, line.link) == ("Location", "")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://", "http://[", "", None, 7]
)
def test_only_addresses_of_the_web_are_followed(url: object) -> None:
    assert safe(url) == ""
    assert all(not one.link for one in lines({"type": "share", "url": url}))
    assert all(not one.link for one in lines({"story": {"url": url}}))


def test_a_shared_post_is_told_by_its_title_and_its_site() -> None:
    (line,) = lines({"type": "share", "url": "https://www.example.com/p/1", "title": "白磁"})
    assert (line.text, line.aside) == ("白磁", "Shared link · example.com")


def test_a_missed_call_is_told_apart_from_one_that_was_talked_in() -> None:
    (missed,) = lines({"type": "call", "state": "missed", "inbound": True})
    (talked,) = lines(
        {"type": "call", "state": "completed", "inbound": False, "seconds": 247, "agent": "小林"}
    )
    assert (missed.text, missed.icon, missed.kind) == ("Missed call", "phone-missed", "call missed")
    assert (talked.text, talked.icon, talked.aside) == ("Outgoing call", "phone-outgoing", "4:07 · 小林")


def test_a_length_is_written_as_on_a_telephone() -> None:
    assert [length(one) for one in (5, 61, 3750)] == ["0:05", "1:01", "1:02:30"]


def test_a_sticker_keeps_its_meaning_and_its_picture_is_never_missed() -> None:
    content = {
        "type": "sticker",
        "keywords": ["困った", "泣く", "汗", "雨"],
        "lost": [{"name": "x", "why": "y"}],
    }
    (line,) = lines(content)
    assert line.aside == "困った, 泣く, 汗" and lost(content) == ()


def test_what_is_not_supported_leads_to_the_original() -> None:
    (line,) = lines({"type": "unsupported", "kind": "poll", "why": "131051"})
    assert (line.text, line.aside, line.link) == (
        "Unsupported message (poll)",
        "131051",
        "/messages/KEY/source",
    )


def test_what_goes_with_words_stands_above_them() -> None:
    told = lines({"story": {"url": "https://x.example/s"}, "forwarded": True, "standby": True})
    assert [one.kind for one in told] == ["story", "forwarded", "standby"]
    assert all(one.above for one in told)
    (ad,) = lines({"referral": {"headline": "秋の器", "source_url": "https://fb.example/1"}})
    assert "秋の器" in ad.text and ad.link == "https://fb.example/1"


def test_a_reaction_counts_once_for_each_who_gave_it() -> None:
    given = {"a": {"emoji": "❤️"}, "b": {"emoji": "👍"}, "c": {"emoji": "👍"}, "d": {"emoji": ""}}
    assert [(one.emoji, one.count) for one in reactions({"reactions": given}, {})] == [("👍", 2), ("❤️", 1)]


def test_a_time_that_is_none_is_left_out() -> None:
    assert moment_of({"read_at": "yesterday"}, "read_at") is None
    assert moment_of({}, "read_at") is None
    assert moment_of({"read_at": "2026-01-05T09:00:00+00:00"}, "read_at") is not None


def test_the_readers_language_is_spoken() -> None:
    with i18n.using("ja"):
        assert name_of({"type": "file"}) == "ファイル"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(
    [
        *("url", "title", "latitude", "longitude", "keywords", "story", "referral", "state", "seconds"),
        *("why", "data", "kind", "outcome", "agent", "inbound", "forwarded", "standby", "album", "voicemail"),
    ]
)


@given(kind=st.sampled_from(KINDS), more=st.dictionaries(FIELDS, JSON, max_size=5))
def test_no_content_whatever_is_in_it_breaks_the_page(kind: str, more: dict[str, Any]) -> None:
    content = {**more, "type": kind}
    assert isinstance(name_of(content), str)
    for line in lines(content):
        assert line.text and (not line.link or line.link.startswith(("http://", "https://", "/messages/")))
