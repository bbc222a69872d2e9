"""winmail.dat gives up its files and its text."""

from __future__ import annotations

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.channels.email.mime import parse_mail, tnef


def attribute(level: int, name: int, value: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, 0, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def prop(kind: int, name: int, value: bytes) -> bytes:
    return struct.pack("<HHII", kind, name, 1, len(value)) + value + b"\0" * (-len(value) % 4)


NAME = prop(0x1F, 0x3707, "請求書.pdf".encode("utf-16-le") + b"\0\0")
KIND = prop(0x1E, 0x370E, b"application/pdf\0")
WINMAIL = (
    struct.pack("<IH", 0x223E9F78, 1)
    + attribute(1, 0x9007, struct.pack("<II", 932, 0))
    + attribute(1, 0x800C, "本文です。\0".encode("cp932"))
    + attribute(2, 0x9002, b"\0" * 14)
    + attribute(2, 0x8010, b"short.pdf\0")
    + attribute(2, 0x800F, b"%PDF-1.4")
    + attribute(2, 0x9005, struct.pack("<I", 2) + NAME + KIND)
)


def test_files_have_their_long_names_and_kinds() -> None:
    unpacked = tnef.read(WINMAIL)
    assert unpacked is not None and unpacked.text == "本文です。"
    (one,) = unpacked.attachments
    assert (one.name, one.content_type, one.content) == ("請求書.pdf", "application/pdf", b"%PDF-1.4")


def test_a_mail_shows_what_is_inside_instead_of_winmail_dat() -> None:
    mail = parse_mail(b"Subject: x\nContent-Type: application/ms-tnef; name=winmail.dat\n\n" + WINMAIL)
    assert [one.name for one in mail.attachments] == ["請求書.pdf"] and mail.text == "本文です。"


def test_a_damaged_winmail_dat_is_kept_as_it_came() -> None:
    mail = parse_mail(b"Subject: x\nContent-Type: application/ms-tnef; name=winmail.dat\n\nnothing")
    assert [one.name for one in mail.attachments] == ["winmail.dat"] and mail.problems


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    tnef.read(WINMAIL[:6] + data)
    tnef.read(data)
