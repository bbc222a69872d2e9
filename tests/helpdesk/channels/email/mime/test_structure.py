"""Parts, files and text: what is shown, what is attached, and what no nesting can break."""

from __future__ import annotations

import base64
import hashlib

import pytest

from helpdesk.channels.email.mime import parse_mail

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(60))


def multipart(kind: str, *parts: str, closed: bool = True) -> bytes:
    body = "".join(f"--b\r\n{part}\r\n" for part in parts) + ("--b--\r\n" if closed else "")
    return f"From: a@b.jp\r\nContent-Type: multipart/{kind}; boundary=b\r\n\r\n{body}".encode()


TEXT = "Content-Type: text/plain; charset=utf-8\r\n\r\n写真です。"
HTML = "Content-Type: text/html; charset=utf-8\r\n\r\n<p>写真です。</p>"
IMAGE = (
    "Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <p1@x>\r\n\r\n"
    + base64.b64encode(PNG).decode()
)


def test_a_file_is_attached_with_its_exact_bytes() -> None:
    (one,) = parse_mail(multipart("mixed", TEXT, IMAGE)).attachments
    assert (one.name, one.content_type, one.content, one.size) == ("a.png", "image/png", PNG, len(PNG))
    assert (one.sha256, one.content_id, one.inline) == (hashlib.sha256(PNG).hexdigest(), "p1@x", False)


def test_an_image_that_the_html_shows_is_inline() -> None:
    mail = parse_mail(multipart("related", HTML, IMAGE))
    assert mail.attachments[0].inline and mail.text == "写真です。"


def test_an_alternative_is_one_text_and_one_html() -> None:
    mail = parse_mail(multipart("alternative", TEXT, HTML))
    assert mail.text == "写真です。" and mail.html == "<p>写真です。</p>" and not mail.attachments


def test_an_empty_plain_form_gives_way_to_the_html() -> None:
    empty = "Content-Type: text/plain\r\n\r\n  \r\n"
    assert parse_mail(multipart("alternative", empty, HTML)).text == "写真です。"


def test_text_around_a_picture_is_all_shown() -> None:
    after = "Content-Type: text/plain; charset=utf-8\r\n\r\n以上です。"
    mail = parse_mail(multipart("mixed", TEXT, IMAGE, after))
    assert mail.text.split() == ["写真です。", "以上です。"] and len(mail.attachments) == 1


def test_a_missing_last_boundary_loses_nothing_and_is_named() -> None:
    mail = parse_mail(multipart("mixed", TEXT, IMAGE, closed=False))
    assert mail.attachments[0].content == PNG and mail.problems


def test_a_multipart_without_a_boundary_is_read() -> None:
    raw = b"Content-Type: multipart/mixed\n\n--x1\nContent-Type: text/plain\n\nhello\n--x1--\n"
    assert parse_mail(raw).text == "hello"


@pytest.mark.parametrize("kind", ["message/rfc822", "message/rfc822; name=x.eml"])
def test_a_forwarded_mail_stays_one_file_and_out_of_the_text(kind: str) -> None:
    mail = parse_mail(multipart("mixed", TEXT, f"Content-Type: {kind}\r\n\r\nSubject: inner\r\n\r\nwords"))
    assert mail.attachments[0].content_type == "message/rfc822" and "words" not in mail.text
    assert mail.attachments[0].name in ("inner.eml", "x.eml")


def test_a_named_text_part_is_a_file() -> None:
    memo = 'Content-Type: text/plain; name="memo.txt"\r\nContent-Disposition: attachment\r\n\r\nmemo'
    mail = parse_mail(multipart("mixed", TEXT, memo))
    assert [one.name for one in mail.attachments] == ["memo.txt"] and "memo" not in mail.text


def test_uuencoded_files_in_the_text_are_taken_out() -> None:
    mail = parse_mail(b"Subject: x\n\nsee\nbegin 644 a.txt\n#86)C\n`\nend\nbye\n")
    assert mail.attachments[0].content == b"abc" and mail.attachments[0].name == "a.txt"
    assert mail.text.split() == ["see", "bye"]


def test_flowed_text_is_joined_and_keeps_its_quotes_and_signature() -> None:
    head = b"Content-Type: text/plain; format=flowed\n\n"
    mail = parse_mail(head + b"one \ntwo\n> a \n> b\n-- \nHana\n")
    assert mail.text == "one two\n> a b\n-- \nHana"


def test_flowed_text_with_delsp_joins_japanese_without_blanks() -> None:
    head = b"Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n\n"
    assert parse_mail(head + "日本 \n語\n".encode()).text == "日本語"


@pytest.mark.parametrize("encoding", ["base64", "BASE64", '"base64"', "base64;"])
def test_transfer_encodings_are_taken_off_in_any_spelling(encoding: str) -> None:
    coded = base64.b64encode("注文".encode())
    raw = (
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n".encode() + coded
    )
    assert parse_mail(raw).text == "注文"


def test_broken_base64_gives_what_is_left() -> None:
    raw = b"Content-Transfer-Encoding: base64\n\naGVs\nbG8!*\n=\nd29ybGQ"
    assert parse_mail(raw).text == "helloworld"


def test_ten_thousand_nested_parts_end_in_one_file() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(10_000)
    )
    mail = parse_mail(b"Subject: deep\n" + nested + b"\nhello\n")
    assert mail.subject == "deep" and len(mail.attachments) == 1 and mail.problems


def test_a_hundred_thousand_empty_parts_are_limited() -> None:
    mail = parse_mail(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000)
    assert mail.text.startswith("x")
