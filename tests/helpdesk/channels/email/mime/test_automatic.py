"""Machines' answers and lists are told from people's mail."""

from __future__ import annotations

import pytest

from helpdesk.channels.email.mime import parse_mail


def mail(header: str, subject: str = "Re: order") -> bytes:
    return f"From: a@b.jp\nSubject: {subject}\n{header}\nContent-Type: text/plain\n\nhello\n".encode()


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (x)",
        "X-Autoreply: yes",
        "X-Autorespond: x",
        "Precedence: auto_reply",
    ],
)
def test_headers_of_answering_machines_are_known(header: str) -> None:
    assert parse_mail(mail(header)).auto_reply


@pytest.mark.parametrize(
    "header", ["Auto-Submitted: no", "X-Auto-Response-Suppress: All", "X-Autoreply: no", "Precedence: bulk"]
)
def test_other_headers_make_no_answering_machine(header: str) -> None:
    assert not parse_mail(mail(header)).auto_reply


@pytest.mark.parametrize(
    "subject",
    [
        "Out of Office: order",
        "Automatic reply: order",
        "自動返信: 注文",
        "【自動返信】注文",
        "不在通知 Re: 注文",
        "Abwesenheitsnotiz",
        "Réponse automatique : x",
        "Out of Office",
        "Out of Office AutoReply: order",
        "【自動応答】",
    ],
)
def test_subjects_of_answering_machines_are_known(subject: str) -> None:
    assert parse_mail(mail("X-Y: z", subject)).auto_reply


@pytest.mark.parametrize(
    "subject",
    [
        "自動返信メールが届きません",
        "自動返信：届きません",
        "Why no automatic reply?",
        "automatic renewal",
        "不在票について",
        "不在通知",
        "不在通知について",
        "不在通知の件",
        "不在通知：再配達の希望日",
        "不在通知が入っていました",
        "不在のお知らせの再配達依頼",
        "休暇のお知らせ",
        "Afwezig bij levering pakket",
        "Out of office chair order 4711",
        "Auto: Reifen bestellen",
        "Re: Automatic reply: your order",
        "Re: 不在のお知らせ",
    ],
)
def test_people_who_write_about_them_are_people(subject: str) -> None:
    assert not parse_mail(mail("X-Y: z", subject)).auto_reply


@pytest.mark.parametrize("subject", ["不在通知", "Out of office until Monday", "Afwezig t/m 5 januari"])
@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-generated", "Return-Path: <>", "In-Reply-To: <a@shop.jp>", "Precedence: bulk"],
)
def test_a_likely_subject_needs_a_second_sign(header: str, subject: str) -> None:
    found = parse_mail(mail(header, subject))
    assert found.auto_reply and not found.notification
    assert not parse_mail(mail("X-Y: z", subject)).auto_reply


def test_a_changed_subject_in_an_answer_is_a_persons() -> None:
    for subject in ("不在通知が入っていました", "Re: Out of office chair", "Re: 不在のお知らせ"):
        assert not parse_mail(mail("In-Reply-To: <a@shop.jp>", subject)).auto_reply


def test_a_notification_is_a_machines_but_answers_nothing() -> None:
    found = parse_mail(mail("Auto-Submitted: auto-generated", "Payment received"))
    assert found.auto_reply and found.notification
    assert not parse_mail(mail("Auto-Submitted: auto-replied", "Payment received")).notification


@pytest.mark.parametrize(
    "header", ["List-Id: <x>", "List-Unsubscribe: <mailto:x@y>", "Precedence: list", "Precedence: bulk"]
)
def test_lists_are_lists_and_no_answers(header: str) -> None:
    found = parse_mail(mail(header))
    assert found.list and not found.auto_reply


def test_the_fields_for_routing_are_kept() -> None:
    found = parse_mail(
        mail("Return-Path: <>\nDelivered-To: shop@x.jp\nX-Original-To: help@x.jp\nAuto-Submitted: no")
    )
    assert found.return_path == "" and found.delivered_to == ("shop@x.jp", "help@x.jp")
    assert ("auto-submitted", "no") in found.automatic_headers
