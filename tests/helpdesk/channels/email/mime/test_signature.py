"""Signatures and phones' own lines are no part of what somebody says."""

from __future__ import annotations

import pytest

from helpdesk.channels.email.mime import parse_mail

SAID = "色は青でお願いします。\nよろしくお願いいたします。"
SIGNATURES = [
    "-- \n鈴木 花子\nTEL 03-0000-0000",
    "--\n鈴木 花子",
    "iPhoneから送信",
    "私のiPhoneから送信",
    "iPadから送信",
    "Androidから送信",
    "スマートフォンから送信",
    "ドコモのスマートフォンから送信",
    "auスマートフォンから送信しました",
    "Yahoo!メールアプリから送信",
    "Gmailアプリから送信",
    "iOS 版 Outlook を入手",
    "Outlook for iOS を入手",
    "Get Outlook for Android<https://aka.ms/x>",
    "Windows 版のメールから送信",
    "Sent from my iPhone",
    "Sent from Yahoo Mail on Android",
    "Sent from Mail for Windows",
    "Von meinem iPhone gesendet",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "发自我的iPhone",
    "从我的 iPhone 发送",
    "나의 iPhone에서 보냄",
    "━━━━━━━━━━\n株式会社テスト 鈴木花子\n〒100-0001 東京都千代田区1-1\nTEL: 03-0000-0000\n━━━━━━━━━━",
    "****************************\n鈴木 花子\nE-mail: hana@example.net\n****************************",
    "∞∞∞∞∞∞∞∞∞∞∞∞\n鈴木 花子\nhana@example.net\n∞∞∞∞∞∞∞∞∞∞∞∞",
    "☆・・・・・・・・・・・☆\n花子\n携帯 090-0000-0000\n☆・・・・・・・・・・・☆",
    "------------------------\n鈴木 花子\nhana@example.net",
    "=====鈴木花子=====\nTEL 03-0000-0000\n==================",
]


def reply(text: str) -> str:
    head = "From: Hana <hana@example.net>\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n"
    return parse_mail((head + text).encode()).reply


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_is_taken_off(signature: str) -> None:
    assert reply(f"{SAID}\n\n{signature}\n") == SAID


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_above_the_quotation_is_taken_off_too(signature: str) -> None:
    assert reply(f"{SAID}\n\n{signature}\n\n2026年1月5日(月) 9:05 店 <s@example.jp>:\n> 色は?\n") == SAID


def test_a_mail_that_is_only_a_phone_line_keeps_it() -> None:
    assert reply("iPhoneから送信") == "iPhoneから送信"


def test_a_ruled_list_in_the_middle_is_no_signature() -> None:
    text = "希望は次の通りです。\n------------\n青 2枚 hana@example.net\n------------\nご確認ください。"
    assert reply(text) == text


def test_a_ruled_address_to_which_goods_shall_go_at_the_end_of_a_sentence_is_kept() -> None:
    text = "届け先を変えたいです。\n----------\n東京都港区1-2-3に送ってください。"
    assert reply(text) == text
