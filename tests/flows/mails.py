"""Mails as the world sends them: a Japanese question, an answer by a mail client, a bounce by a mail server."""

from __future__ import annotations

from base64 import b64encode
from email import message_from_bytes, policy
from email.message import EmailMessage

QUESTION_ID = "<20260105113000.A1B2@docomo.example>"
SUBJECT = "荷物が届きません（注文番号 HK-20391）"
QUESTION = (
    "お世話になっております。山田です。\r\n\r\n"
    "注文番号 HK-20391 の荷物がまだ届きません。\r\n"
    "1月3日に届くはずでした。いつ届くのか至急教えてください。\r\n"
)


def question() -> bytes:
    """In ISO-2022-JP, header and body, as Japanese mail clients have always written."""
    subject = b64encode(SUBJECT.encode("iso-2022-jp")).decode()
    name = b64encode("山田 花子".encode("iso-2022-jp")).decode()
    head = (
        f"Message-ID: {QUESTION_ID}\r\nFrom: =?ISO-2022-JP?B?{name}?= <hanako@example.jp>\r\n"
        f"To: support@aoba.example\r\nSubject: =?ISO-2022-JP?B?{subject}?=\r\n"
        "Date: Mon, 05 Jan 2026 11:30:00 +0900\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
    )
    return head.encode("ascii") + QUESTION.encode("iso-2022-jp")


def read(raw: bytes) -> EmailMessage:
    """By the standard library: a second opinion on what we wrote."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    return mail


def answer_to(raw: bytes, words: str, *, threaded: bool) -> bytes:
    """What a customer's mail client makes of our mail; some drop every id and keep the address alone."""
    ours = read(raw)
    answer = EmailMessage(policy=policy.SMTP)
    answer["Message-ID"] = "<answer.77@example.jp>"
    answer["From"] = "山田 花子 <hanako@example.jp>"
    answer["To"] = str(ours["Reply-To"])
    answer["Subject"] = str(ours["Subject"])
    answer["Date"] = "Mon, 05 Jan 2026 12:20:00 +0900"
    if threaded:
        answer["In-Reply-To"] = str(ours["Message-ID"])
        answer["References"] = f"{ours['References']} {ours['Message-ID']}"
    quoted = "".join(f"> {line}\n" for line in text_of(ours, "plain").splitlines())
    answer.set_content(f"{words}\n\n2026年1月5日(月) 12:05 青葉商店 <support@aoba.example>:\n\n{quoted}")
    return answer.as_bytes()


def bounce_of(raw: bytes) -> bytes:
    """A delivery report (RFC 3464) with our mail inside."""
    return b"\r\n".join(
        [
            b"From: MAILER-DAEMON@mx.example.jp",
            b"To: support@aoba.example",
            b"Subject: Undelivered Mail Returned to Sender",
            b"Message-ID: <bounce.1@mx.example.jp>",
            b"Date: Mon, 05 Jan 2026 12:06:00 +0900",
            b"Auto-Submitted: auto-replied",
            b"MIME-Version: 1.0",
            b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            b"",
            b"--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you.",
            b"--b\r\nContent-Type: message/delivery-status\r\n",
            b"Reporting-MTA: dns; mx.example.jp\r\n",
            b"Final-Recipient: rfc822; hanako@example.jp\r\nAction: failed\r\nStatus: 5.2.2",
            b"Diagnostic-Code: smtp; 552 5.2.2 mailbox full\r\n",
            b"--b\r\nContent-Type: message/rfc822\r\n",
            raw,
            b"--b--\r\n",
        ]
    )


def text_of(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body((subtype,))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content
