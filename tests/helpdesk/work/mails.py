"""Mails to put into a mailbox."""

from __future__ import annotations


def mail(number: int, *, size: int = 0, to: str = "support@aoba.example") -> bytes:
    body = f"Question number {number}.\r\n" + "x" * 70 * (size // 72) + "\r\n"
    head = (
        f"Message-ID: <q{number}@example.jp>\r\nFrom: Hanako <hanako{number}@example.jp>\r\nTo: {to}\r\n"
        f"Subject: Question {number}\r\nDate: Mon, 05 Jan 2026 12:00:00 +0900\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    return (head + body).encode()
