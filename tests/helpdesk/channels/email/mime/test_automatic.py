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
    ],
)
def test_subjects_of_answering_machines_are_known(subject: str) -> None:
    assert parse_mail(mail("X-Y: z", subject)).auto_reply


@pytest.mark.parametrize(
    "subject",
    ["自動返信メールが届きません", "Why no automatic reply?", "automatic renewal", "不在票について"],
)
def test_people_who_write_about_them_are_people(subject: str) -> None:
    assert not parse_mail(mail("X-Y: z", subject)).auto_reply


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
