"""Bytes become the text that was meant, whatever the mail declares."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.channels.email.mime import charset

TEXT = "お世話になっております。注文番号１２３の件です。"


@pytest.mark.parametrize(
    "name", ["Shift_JIS", "x-sjis", "SJIS", "windows-31j", "CP932", "MS_Kanji", "x-ms-cp932"]
)
def test_every_name_of_shift_jis_reads_the_characters_of_windows(name: str) -> None:
    assert charset.decode("①㈱髙﨑～".encode("cp932"), name).text == "①㈱髙﨑～"


@pytest.mark.parametrize("name", ["ISO-2022-JP", "iso-2022-jp-ms", "cp50221", "csISO2022JP", "JIS"])
def test_iso_2022_jp_reads_the_nec_row_half_width_kana_and_ibm_kanji(name: str) -> None:
    data = b"\x1b$B-!-j9b\x1b(B \x1b(I1234\x1b(B \x1b$By\x21\x1b(B"
    text = charset.decode(data, name).text
    assert text.startswith("①㈱高") and "ｱｲｳｴ" in text and "\x1b" not in text and "\ufffd" not in text


def test_iso_2022_jp_without_its_last_escape_ends_with_the_line() -> None:
    assert charset.decode(b'\x1b$B$"$$\nabc', "iso-2022-jp").text == "あい\nabc"


def test_iso_2022_jp_that_lost_its_escape_bytes_is_repaired() -> None:
    assert charset.decode(b'$B$"$$(B', "iso-2022-jp").text == "あい"


def test_euc_jp_reads_the_nec_row_and_half_width_kana() -> None:
    assert charset.decode(b"\xad\xa1\xad\xea\x8e\xb1\xa4\xa2", "EUC-JP").text == "①㈱ｱあ"


@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jp", "iso2022_jp"])
@pytest.mark.parametrize("declared", [None, "us-ascii", "x-unknown", "utf-8", "iso-8859-1", "iso-2022-jp"])
def test_japanese_is_read_by_content_where_the_label_is_missing_or_wrong(
    codec: str, declared: str | None
) -> None:
    assert charset.decode(TEXT.encode(codec), declared).text == TEXT


@pytest.mark.parametrize(
    ("data", "name", "text"),
    [
        ("Priorität".encode("latin-1"), "iso-8859-1", "Priorität"),
        ("“quoted” – €5".encode("cp1252"), "iso-8859-1", "“quoted” – €5"),
        ("Grüße".encode(), "iso-8859-1", "Grüße"),
        ("你好，订单".encode("gb18030"), "gb2312", "你好，订单"),
        ("訂單問題".encode("cp950"), "big5", "訂單問題"),
        ("주문 문의".encode("cp949"), "ks_c_5601-1987", "주문 문의"),
        ("Заказ".encode("koi8-r"), "koi8-r", "Заказ"),
        ("İstanbul".encode("cp1254"), "iso-8859-9", "İstanbul"),
    ],
)
def test_european_and_asian_charsets_are_read_as_declared(data: bytes, name: str, text: str) -> None:
    assert charset.decode(data, name).text == text


def test_accented_letters_without_a_label_are_not_taken_for_kanji() -> None:
    assert charset.decode("Formação Priorität Müller".encode("latin-1")).text == "Formação Priorität Müller"


def test_a_byte_order_mark_decides() -> None:
    assert charset.decode(codecs.BOM_UTF16_LE + "注文".encode("utf-16-le"), "utf-8").text == "注文"


def test_one_broken_character_does_not_spoil_the_rest() -> None:
    decoded = charset.decode(TEXT.encode() + b"\xe3\x81" + TEXT.encode(), "utf-8")
    assert decoded.text.startswith(TEXT) and decoded.text.endswith(TEXT) and decoded.problem


@pytest.mark.parametrize(
    "name", ["base64", "rot13", "hex", "undefined", "idna", "\x00", "x" * 300, "utf-8\n"]
)
def test_names_that_are_no_charsets_are_harmless(name: str) -> None:
    assert charset.decode(b"abc", name).text == "abc"


@settings(deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([None, "utf-8", "iso-2022-jp", "shift_jis", "euc-jp", "utf-7", "utf-16", "gb2312"]),
)
def test_any_bytes_give_storable_text(data: bytes, name: str | None) -> None:
    text = charset.clean(charset.decode(data, name).text)
    assert "\0" not in text and "\x1b" not in text
    text.encode("utf-8")
