"""Mailbox files are cut at real separators only."""

from __future__ import annotations

import pytest

from helpdesk.intake import mbox


def mails(text: bytes) -> list[bytes]:
    return list(mbox.split(text.splitlines(keepends=True)))


def test_a_sentence_that_begins_with_from_does_not_cut_a_mail() -> None:
    box = (
        b"From a@b.jp Mon Jan  5 11:30:00 2026\nSubject: x\n\nhello\n\nFrom the shop I got it\nFrom a@b.jp\n"
    )
    assert mails(box) == [b"Subject: x\n\nhello\n\nFrom the shop I got it\nFrom a@b.jp\n"]


def test_a_separator_counts_only_after_a_blank_line() -> None:
    box = b"From - Mon Jan 05 11:30:00 2026\nA: 1\n\nquoted:\nFrom - Mon Jan 05 11:30:00 2026\nend\n"
    assert mails(box) == [b"A: 1\n\nquoted:\nFrom - Mon Jan 05 11:30:00 2026\nend\n"]


@pytest.mark.parametrize(
    "separator",
    [
        b"From a@b.jp Mon Jan  5 11:30:00 2026",
        b"From MAILER-DAEMON Mon Jan  5 11:30:00 2026",
        b"From - Mon Jan 05 11:30:00 2026\r",
        b"From 1789@xxx Mon Jan 05 02:30:00 +0000 2026",
        b"From ???@??? Mon Jan 05 11:30:00 2026",
        b"From a@b.jp Mon, 5 Jan 2026 11:30:00 +0900",
        b"From a@b.jp Mon Jan  5 11:30 JST 2026",
    ],
)
def test_the_separators_of_mail_programs_cut(separator: bytes) -> None:
    box = separator + b"\nA: 1\n\none\n\n" + separator + b"\nA: 2\n\ntwo\n"
    assert mails(box) == [b"A: 1\n\none\n", b"A: 2\n\ntwo\n"]


def test_a_first_line_without_a_date_is_still_no_part_of_the_mail() -> None:
    assert mails(b"From a@b.jp\nA: 1\n\none\n") == [b"A: 1\n\none\n"]


def test_quoted_from_lines_are_unquoted() -> None:
    assert mails(b"From x\nA: 1\n\n>From me\n> From me\n") == [b"A: 1\n\nFrom me\n> From me\n"]
