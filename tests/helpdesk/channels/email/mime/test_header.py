"""Header fields: encoded words as clients cut them, raw bytes, folds and stray lines."""

from __future__ import annotations

import base64

import pytest

from helpdesk.channels.email.mime import header, params, parse_mail


def word(text: str, codec: str, name: str | None = None) -> str:
    return f"=?{name or codec}?B?{base64.b64encode(text.encode(codec)).decode()}?="


def test_a_character_cut_between_two_words_is_whole_again() -> None:
    data = "返品について".encode()
    first, second = base64.b64encode(data[:4]).decode(), base64.b64encode(data[4:]).decode()
    assert header.decode(f"=?UTF-8?B?{first}?=\n =?UTF-8?B?{second}?=".encode()) == "返品について"


def test_an_iso_2022_jp_word_cut_inside_double_bytes_is_whole_again() -> None:
    data = "注文の件".encode("iso2022_jp")
    first, second = base64.b64encode(data[:5]).decode(), base64.b64encode(data[5:]).decode()
    assert header.decode(f"=?ISO-2022-JP?B?{first}?= =?ISO-2022-JP?B?{second}?=".encode()) == "注文の件"


def test_base64_cut_at_any_letter_is_joined() -> None:
    coded = base64.b64encode("長い件名です".encode()).decode()
    assert header.decode(f"=?utf-8?B?{coded[:9]}?= =?utf-8?B?{coded[9:]}?=".encode()) == "長い件名です"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (word("注文", "iso2022_jp", "ISO-2022-JP").encode(), "注文"),
        (word("①㈱", "cp932", "Shift_JIS").encode(), "①㈱"),
        (b"=?UTF-8?Q?a_b=E3=81=82?= c", "a bあ c"),
        (b"=?UTF-8?Q?with a blank?=", "with a blank"),
        (b"=?utf-8*ja?Q?=E3=81=82?=", "あ"),
        (b"Re:=?utf-8?B?44GC?=", "Re:あ"),
        (b"=?utf-8?B?44GC", "あ"),
        (b"=?x-unknown?B?44GC?=", "あ"),
        (b"=?iso-8859-1?Q?Gr=FC=DFe?=", "Grüße"),
        ("生の件名".encode(), "生の件名"),
        ("生の件名です".encode("cp932"), "生の件名です"),
        ("生の件名です".encode("iso2022_jp"), "生の件名です"),
        (b"a\x00b\x07c", "abc"),
    ],
)
def test_subjects_are_readable(raw: bytes, text: str) -> None:
    assert header.decode(raw) == text


def test_folded_lines_and_stray_lines_lose_nothing_after_them() -> None:
    raw = b"X-Long: abc\nloose base64 line without a fold\nSubject: one\n two\nFrom: a@b.jp\n\nbody"
    mail = parse_mail(raw)
    assert (mail.subject, mail.text) == ("one two", "body")


def test_a_body_without_a_blank_line_is_not_lost() -> None:
    assert "Hello there" in parse_mail(b"Subject: x\nHello there, how are you\nand so on").text


def test_leading_blank_lines_mbox_lines_and_old_mac_line_ends_are_no_obstacle() -> None:
    for raw in (
        b"  \r\n\r\nSubject: x\r\n\r\ny",
        b"From a@b Mon Jan  5 2026\nSubject: x\n\ny",
        b"Subject: x\r\ry",
    ):
        assert (parse_mail(raw).subject, parse_mail(raw).text) == ("x", "y")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b"attachment; filename*=UTF-8''%E8%A1%A8.png", "表.png"),
        (b"attachment; filename*=iso-2022-jp'ja'%1B$B%49%3D%1B(B.png", "表.png"),
        (b"attachment; filename*0*=UTF-8''%E8%A1; filename*1*=%A8; filename*2=.png", "表.png"),
        (b"attachment; filename=\"x.png\"; filename*=utf-8''%E8%A1%A8.png", "表.png"),
        (b'attachment; filename="=?UTF-8?B?6KGoLnBuZw==?="', "表.png"),
        ('attachment; filename="表.png"'.encode("cp932"), "表.png"),
        (b"attachment; filename=a b.png", "a b.png"),
        (b"attachment; filename='a.png'", "a.png"),
        (b'attachment; filename="a\\"b.png', 'a"b.png'),
    ],
)
def test_file_names_are_read_in_every_form(value: bytes, name: str) -> None:
    assert params.parse(value, "shift_jis" if b"\x95" in value else None)[1]["filename"] == name


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\a.txt", "a.txt"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\0b/c", "ab_c"),
    ],
)
def test_file_names_cannot_lead_elsewhere_or_mislead(given: str, safe: str) -> None:
    assert params.file_name(given) == safe
