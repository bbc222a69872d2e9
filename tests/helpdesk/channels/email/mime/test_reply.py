"""What remains of an answer when each program's quotation is taken off, in Japanese, English and more."""

# ruff: noqa: E501 - mail as programs write it

from __future__ import annotations

import pytest

from helpdesk.channels.email.mime import parse_mail

JA = "ご連絡ありがとうございます。\n色は青でお願いします。"
EN = "Thank you for the quick answer.\nPlease send the blue one."
WORDS = "お世話になっております。\n店の田中です。\n\nどの色になさいますか。"


def plain(text: str, *, subject: str = "Re: order") -> bytes:
    head = f"From: Hana <hana@example.net>\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n"
    return (head + text).encode()


def rich(text: str) -> bytes:
    return f"From: Hana <hana@example.net>\nSubject: Re: order\nContent-Type: text/html; charset=utf-8\n\n{text}".encode()


def marked(text: str, mark: str = "> ") -> str:
    return "\n".join((mark + line).rstrip() for line in text.split("\n"))


INTRODUCTIONS = {
    "gmail ja": "2026年1月5日(月) 9:05 店 <shop@example.jp>:",
    "gmail ja wrapped": "2026年1月5日(月) 9:05 とても長い名前の店のサポート窓口\n<a-very-long-address-for-the-shop@shop.example.jp>:",
    "gmail en": "On Mon, Jan 5, 2026 at 9:05 AM Shop <shop@example.jp> wrote:",
    "gmail en wrapped": "On Mon, Jan 5, 2026 at 9:05 AM Shop with a long name <\nshop@example.jp> wrote:",
    "apple ja": "2026/01/05 9:05、店 <shop@example.jp>のメール:",
    "apple ja am": "2026/01/05 午前9:05、店 <shop@example.jp>のメール：",
    "iphone ja": "2026/01/05 9:05、shop@example.jp のメール:",
    "apple en": "On Jan 5, 2026, at 09:05, Shop <shop@example.jp> wrote:",
    "apple en 12h": "On 5 Jan 2026, at 9:05 am, shop@example.jp wrote:",
    "thunderbird ja": "On 2026/01/05 9:05, 店 wrote:",
    "thunderbird ja 2": "2026/01/05 9:05、店 さんは書きました:",
    "thunderbird en": "On 1/5/26 9:05 AM, Shop wrote:",
    "becky": "On Mon, 05 Jan 2026 09:05:12 +0900\n店 <shop@example.jp> wrote:",
    "sylpheed": "On Mon, 5 Jan 2026 09:05:12 +0900\nShop <shop@example.jp> wrote:",
    "wanderlust": "店 <shop@example.jp> さんは書きました:",
    "yahoo ja": "2026年1月5日 月曜日 09:05:12 JST、店 <shop@example.jp>さんの書き込み:",
    "yahoo en": "On Monday, January 5, 2026, 09:05:12 AM GMT+9, Shop <shop@example.jp> wrote:",
    "zoho": "---- On Mon, 05 Jan 2026 09:05:12 +0900 shop@example.jp wrote ----",
    "proton": "On Monday, January 5th, 2026 at 9:05 AM, Shop <shop@example.jp> wrote:",
    "de": "Am Mo., 5. Jan. 2026 um 09:05 Uhr schrieb Shop <shop@example.jp>:",
    "de thunderbird": "Am 05.01.26 um 09:05 schrieb Shop:",
    "fr": "Le lun. 5 janv. 2026 à 09:05, Shop <shop@example.jp> a écrit :",
    "es": "El lun, 5 ene 2026 a las 9:05, Shop (<shop@example.jp>) escribió:",
    "it": "Il giorno lun 5 gen 2026 alle ore 09:05 Shop <shop@example.jp> ha scritto:",
    "pt": "Em seg., 5 de jan. de 2026 às 09:05, Shop <shop@example.jp> escreveu:",
    "nl": "Op ma 5 jan 2026 om 09:05 schreef Shop <shop@example.jp>:",
    "pl": "pon., 5 sty 2026 o 09:05 Shop <shop@example.jp> napisał(a):",
    "sv": "Den mån 5 jan. 2026 kl 09:05 skrev Shop <shop@example.jp>:",
    "da": "Den man. 5. jan. 2026 kl. 09.05 skrev Shop <shop@example.jp>:",
    "fi": "ma 5. tammik. 2026 klo 9.05 Shop (shop@example.jp) kirjoitti:",
    "cs": "po 5. 1. 2026 v 9:05 odesílatel Shop <shop@example.jp> napsal:",
    "ru": "пн, 5 янв. 2026 г. в 09:05, Shop <shop@example.jp>:",
    "tr": "Shop <shop@example.jp>, 5 Oca 2026 Pzt, 09:05 tarihinde şunu yazdı:",
    "zh": "Shop <shop@example.jp> 于2026年1月5日周一 09:05写道：",
    "zh-tw": "Shop <shop@example.jp> 於 2026年1月5日 週一 上午9:05寫道：",
    "ko": "2026년 1월 5일 (월) 오전 9:05, Shop <shop@example.jp>님이 작성:",
    "vi": "Vào Th 2, 5 thg 1, 2026 vào lúc 09:05 Shop <shop@example.jp> đã viết:",
}


@pytest.mark.parametrize("client", INTRODUCTIONS)
@pytest.mark.parametrize("answer", [JA, EN], ids=["ja", "en"])
def test_the_quotation_of_every_client_is_cut_and_kept_apart(client: str, answer: str) -> None:
    mail = parse_mail(plain(f"{answer}\n\n{INTRODUCTIONS[client]}\n\n{marked(WORDS)}\n"))
    assert mail.reply == answer
    assert "田中" in mail.quoted and INTRODUCTIONS[client].split("\n")[0] in mail.quoted


@pytest.mark.parametrize("client", INTRODUCTIONS)
def test_an_introduction_directly_below_the_answer_does_not_swallow_its_last_line(client: str) -> None:
    assert parse_mail(plain(f"{JA}\n{INTRODUCTIONS[client]}\n{marked(WORDS)}\n")).reply == JA


@pytest.mark.parametrize("client", [c for c in INTRODUCTIONS if c not in ("wanderlust", "thunderbird en")])
def test_an_original_without_marks_goes_with_its_introduction(client: str) -> None:
    assert parse_mail(plain(f"{JA}\n\n{INTRODUCTIONS[client]}\n\n{WORDS}\n")).reply == JA


@pytest.mark.parametrize("mark", ["> ", ">", "＞", "| "])
def test_every_mark_of_quotation_is_known(mark: str) -> None:
    assert parse_mail(plain(f"{JA}\n\n{INTRODUCTIONS['becky']}\n{marked(WORDS, mark)}\n")).reply == JA


BLOCKS = {
    "outlook ja": "差出人: 店 <shop@example.jp>\n送信日時: 2026年1月5日 9:05\n宛先: hana@example.net\n件名: RE: order",
    "outlook ja wide": "差出人： 店\n送信日時： 2026年1月5日 9:05\n宛先： Hana\n件名： order",
    "outlook ja rule": "________________________________\n差出人: 店 <shop@example.jp>\n送信日時: 2026年1月5日 9:05\n宛先: Hana\n件名: order",
    "outlook 2003": "-----Original Message-----\nFrom: Shop [mailto:shop@example.jp]\nSent: Monday, January 5, 2026 9:05 AM\nTo: Hana\nSubject: RE: order",
    "outlook mac": "From: Shop <shop@example.jp>\nDate: Monday, January 5, 2026 at 9:05\nTo: Hana <hana@example.net>\nSubject: Re: order",
    "outlook bold": "*From:* Shop <shop@example.jp>\n*Sent:* Monday, January 5, 2026 9:05 AM\n*To:* Hana\n*Subject:* order",
    "original ja": "-----元のメッセージ-----\nFrom: 店\nSent: 2026年1月5日 9:05\nTo: Hana\nSubject: order",
    "docomo": "----- Original Message -----\nFrom：shop@example.jp\nTo：hana@example.net\nDate：2026/01/05 9:05\nSubject：order",
    "yahoo ja": "----- Original Message -----\nFrom: 店 <shop@example.jp>\nTo: hana@example.net\nDate: 2026/1/5, Mon 09:05\nSubject: order",
    "de": "Von: Shop <shop@example.jp>\nGesendet: Montag, 5. Januar 2026 09:05\nAn: Hana\nBetreff: order",
    "fr": "De : Shop <shop@example.jp>\nEnvoyé : lundi 5 janvier 2026 09:05\nÀ : Hana\nObjet : order",
    "es": "De: Shop <shop@example.jp>\nEnviado: lunes, 5 de enero de 2026 9:05\nPara: Hana\nAsunto: order",
    "it": "Da: Shop <shop@example.jp>\nInviato: lunedì 5 gennaio 2026 09:05\nA: Hana\nOggetto: order",
    "nl": "Van: Shop <shop@example.jp>\nVerzonden: maandag 5 januari 2026 09:05\nAan: Hana\nOnderwerp: order",
    "zh": "发件人: Shop <shop@example.jp>\n发送时间: 2026年1月5日 9:05\n收件人: Hana\n主题: order",
    "ko": "보낸 사람: Shop <shop@example.jp>\n날짜: 2026년 1월 5일\n받는 사람: Hana\n제목: order",
}


@pytest.mark.parametrize("client", BLOCKS)
def test_the_header_block_of_every_client_ends_the_answer(client: str) -> None:
    mail = parse_mail(plain(f"{JA}\n\n{BLOCKS[client]}\n\n{WORDS}\n"))
    assert mail.reply == JA
    assert "田中" in mail.quoted


def test_answers_between_and_below_quoted_lines_are_all_kept() -> None:
    text = f"{INTRODUCTIONS['gmail ja']}\n> 色はどうしますか。\n青でお願いします。\n> 数はいくつですか。\n二つです。\n"
    assert parse_mail(plain(text)).reply.split() == ["青でお願いします。", "二つです。"]


KEPT = [
    "【お問い合わせ】\nお名前: 鈴木 花子\nメール: hana@example.net\n日時: 2026年1月5日 9:05\n件名: 返品\n内容:\n返品したいです。",
    "1月5日に注文しました。\n届け先: 東京都千代田区1-1\n希望日: 2026/01/10\nよろしくお願いします。",
    "On 5 January you wrote that it was sent: it is not here.\nWhere is it?",
    "2026年1月5日 9:05に注文した商品:\n青いシャツ 2枚\nまだ届きません。",
    "Name: Hana\nFrom: Tokyo\nTo: Osaka\nPlease change the delivery.",
    "------\n注文番号: 12\n------\nこの注文を取り消してください。",
    "以下の通りです。\n==========\n住所: 東京都港区1-2-3\n電話: 03-0000-0000\n==========\nに変更してください。",
    "差出人は店です。\n件名は「発送」でした。\n本文が読めません。",
    "担当者様より:\nという書き出しのメールが来ました。",
    "iPhoneから送信したメールは届いていますか。",
    "The size is 3 > 2 and <b> is not a tag.",
]


@pytest.mark.parametrize("text", KEPT)
def test_forms_dates_and_rules_of_the_writer_are_never_cut(text: str) -> None:
    assert parse_mail(plain(text)).reply == text


HTML = {
    "gmail": '<div dir="ltr">A</div><br><div class="gmail_quote gmail_quote_container"><div class="gmail_attr">On Mon shop wrote:<br></div><blockquote class="gmail_quote" style="border-left:1px solid">Q</blockquote></div>',
    "apple": '<div>A</div><div><br><blockquote type="cite"><div>On Jan 5, 2026, at 9:05, Shop &lt;s@example.jp&gt; wrote:</div><br><div>Q</div></blockquote></div>',
    "thunderbird": '<p>A</p><div class="moz-cite-prefix">On 2026/01/05 9:05, 店 wrote:<br></div><blockquote type="cite" cite="mid:x">Q</blockquote>',
    "owa": '<div>A</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>差出人:</b> 店<br><b>件名:</b> x</div><div>Q</div>',
    "outlook": '<p class="MsoNormal">A</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Shop &lt;s@example.jp&gt;<br><b>Sent:</b> Monday, January 5, 2026 9:05 AM<br><b>To:</b> Hana<br><b>Subject:</b> x</p></div><p>Q</p>',
    "yahoo": '<div>A</div><div id="ydp1yahoo_quoted_1" class="yahoo_quoted"><div>On Monday shop wrote:</div><div>Q</div></div>',
    "proton": '<div>A</div><div class="protonmail_quote">On Monday Shop wrote:<br><blockquote>Q</blockquote></div>',
}


@pytest.mark.parametrize("client", HTML)
def test_html_quote_containers_are_cut_and_kept_apart(client: str) -> None:
    mail = parse_mail(rich(HTML[client]))
    assert mail.reply == "A"
    assert "Q" in mail.quoted and "Q" in mail.text


def test_forwarded_words_stay_and_their_header_lines_go() -> None:
    text = "FYI\n\n---------- Forwarded message ---------\nFrom: Shop <s@example.jp>\nDate: Mon, Jan 5, 2026\nSubject: x\n\n発送しました。"
    reply = parse_mail(plain(text, subject="Fwd: x")).reply
    assert "FYI" in reply and "発送しました。" in reply and "From:" not in reply


def test_a_mail_of_quotes_alone_has_an_empty_reply_and_a_full_text() -> None:
    mail = parse_mail(plain("> 一行\n> 二行\n"))
    assert (mail.reply, mail.quoted) == ("", "> 一行\n> 二行")


def test_what_is_new_and_what_is_cut_make_up_the_whole() -> None:
    mail = parse_mail(plain(f"{JA}\n\n{INTRODUCTIONS['apple ja']}\n{marked(WORDS)}\n\n-- \nHana\n"))
    whole = [line.rstrip() for line in mail.text.split("\n") if line.strip()]
    assert sorted(whole) == sorted(
        line for line in f"{mail.reply}\n{mail.quoted}".split("\n") if line.strip()
    )
