"""Nothing that arrives can break the parser, and what it says can always be stored."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.channels.email.mime import Mail, parse_mail

SHARED = Path(os.environ.get("HELPDESK_SHARED", Path(__file__).parents[6] / "shared"))
CORPORA = SHARED / "data" / "email" / "corpora"
WHOLE = (
    "From: =?utf-8?B?6Yi05pyo?= <a@b.jp>\r\nTo: shop@x.jp\r\nSubject: =?iso-2022-jp?B?GyRCQ21KOBsoQg==?=\r\n"
    "Message-ID: <1@b.jp>\r\nIn-Reply-To: <0@x.jp>\r\nReferences: <9@x.jp> <0@x.jp>\r\nDate: Mon, 05 Jan 2026 09:05:00 +0900\r\n"  # noqa: E501
    'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
    "青で。\r\n\r\n2026年1月5日(月) 9:05 店 <s@x.jp>:\r\n> 何色?\r\n--b\r\nContent-Type: text/html\r\n\r\n<b>x</b>\r\n--b\r\n"  # noqa: E501
    'Content-Type: image/png; name="a.png"\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n--b--\r\n'
).encode()
SPICE = [
    b"\x1b$B",
    b"=?utf-8?B?",
    b"\n\n",
    b'"',
    b"<",
    b"--b",
    b"\0",
    b"\xed\xa0\x80",
    b"=?utf-16?B?2D0=?=",
    b"*0*=",
    b"\r",
    b"&#xd800;",
]


def is_sound(mail: Mail) -> bool:
    said = json.dumps(mail.as_json(), ensure_ascii=False)
    said.encode("utf-8")
    broken = any("could not be read" in problem for problem in mail.problems)
    return "\\u0000" not in said and "\\u001b" not in said and not broken


def test_a_whole_mail_has_every_field_of_the_contract() -> None:
    said = parse_mail(WHOLE).as_json()
    assert said["from"] == {"name": "鈴木", "address": "a@b.jp"} and said["subject"] == "注文"
    assert (said["message_id"], said["in_reply_to"], said["references"]) == (
        "1@b.jp",
        "0@x.jp",
        ["9@x.jp", "0@x.jp"],
    )
    assert said["date"] == "2026-01-05T00:05:00+00:00" and said["attachments"][0]["name"] == "a.png"
    assert said["html"] and said["bounce"] is None and said["auto_reply"] is False and said["list"] is False


@settings(deadline=None)
@given(st.binary(max_size=2_000))
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    assert is_sound(parse_mail(raw))


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(WHOLE)), st.sampled_from(SPICE) | st.binary(max_size=5)), max_size=12
    )
)
def test_any_damage_leaves_a_mail(changes: list[tuple[int, bytes]]) -> None:
    raw = WHOLE
    for place, spice in changes:
        raw = raw[:place] + spice + raw[place + len(spice) // 2 :]
    assert is_sound(parse_mail(raw))


@settings(deadline=None)
@given(st.integers(0, len(WHOLE)))
def test_a_mail_cut_anywhere_is_a_mail(end: int) -> None:
    assert is_sound(parse_mail(WHOLE[:end]))


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the measuring data (HELPDESK_SHARED) is not here")
def test_every_foreign_mail_is_read_without_damage() -> None:
    unsound = [
        str(path.relative_to(CORPORA))
        for path in sorted(CORPORA.glob("*/mail/**/*"))
        if path.is_file() and not is_sound(parse_mail(path.read_bytes()))
    ]
    assert unsound == []
