"""Mail made to keep the parser busy. Each would take minutes if its time grew with the square of its size."""

from __future__ import annotations

import pytest

from helpdesk.channels.email.mime import parse_mail

HEAD = b"From: a@b.jp\nSubject: x\n"
HTML = HEAD + b"Content-Type: text/html\n\n"
REPORT = (
    HEAD + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nx\n"
    b"--b\nContent-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\n"
)


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"stray\n" * 150_000 + b"To: a@b.jp\n\nx",
        b"\r" * 900_000 + b"Subject: x",
        b" \t" * 400_000 + b"Subject: x",
    ],
    ids=["stray-lines", "returns-before", "blanks-before"],
)
def test_a_broken_head_is_read_in_one_pass(raw: bytes) -> None:
    assert not any("could not be read" in one for one in parse_mail(raw).problems)


@pytest.mark.parametrize("fragment", [b"=?a?b?", b'\\"', b"(\\", b"a", b" ", b"a@b:", b"a@b.jp,", b"<", b'"'])
@pytest.mark.parametrize("name", [b'From: "', b"To: ", b"References: <", b"Content-Type: text/plain; x="])
def test_endless_fields_are_read_in_one_pass(name: bytes, fragment: bytes) -> None:
    raw = b"From: a@b.jp\n" + name + fragment * (400_000 // len(fragment)) + b"\nSubject: seen\n\nx"
    assert parse_mail(raw).subject == "seen"


@pytest.mark.parametrize("rest", [b"\r" * 290_000, b"Final-Recipient: rfc822;" + b"a" * 290_000])
def test_endless_reports_are_read_in_one_pass(rest: bytes) -> None:
    found = parse_mail(REPORT + rest + b"\n--b--\n")
    assert found.bounce is not None and found.bounce.status == "5.1.1"


@pytest.mark.parametrize(
    "line",
    [
        b"On 1 wrote" + b" " * 280 + b"x:\n",
        b"On 1" + b"x" * 55 + b":\n",
        b"*" * 199 + b"\n",
        b"##" + b" " * 195 + b"x\n",
        "さんは書きました:\n".encode(),
        b"-----\n",
        b"> From: x\n",
    ],
)
def test_lines_that_look_like_introductions_lose_no_words(line: bytes) -> None:
    found = parse_mail(HEAD + b"\nhello\n" + line * 1_500 + b"the end\n")
    assert found.reply.startswith("hello") and found.text.endswith("the end")


def test_open_formatting_is_not_made_anew_for_ever() -> None:
    opened = b"".join(b"<font color=%d>" % number for number in range(190))
    found = parse_mail(HTML + b"<p>" + opened + b"</p>" + b"<p>x</p>" * 20_000 + b"<p>the end</p>")
    assert found.html is not None and len(found.html) < 10_000_000
    assert found.text.endswith("the end") and found.text.count("x") == 20_000


@pytest.mark.parametrize("mark", ["&nbsp;", "a&", "\xa0", "&amp;", "£"])
def test_a_text_full_of_marks_is_cleaned_in_one_pass(mark: str) -> None:
    count = 1_500_000 // len(mark)
    found = parse_mail(HEAD + b"Content-Type: text/html; charset=utf-8\n\n<p>" + (mark * count).encode())
    plain = {"&nbsp;": "", "a&": "a&", "\xa0": "", "&amp;": "&", "£": "£"}[mark] * count
    assert found.text.strip() == plain and "<!--" not in (found.html or "")


def test_blanks_after_very_many_tags_are_read_in_one_pass() -> None:
    found = parse_mail(HTML + b"<i>x</i>" * 16_000 + b" " * 400_000 + b"the end")
    assert found.text.endswith("the end")


def test_stray_lines_beyond_a_few_begin_the_text() -> None:
    found = parse_mail(HEAD + b"stray\n" * 60 + b"To: a@b.jp\n\nx")
    assert found.to == () and found.text.count("stray") == 10
