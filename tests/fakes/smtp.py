"""A real SMTP server (aiosmtpd) in a thread; it can be told to refuse, to greylist and to hang up."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.fakes.ports import free_port


@dataclass
class Taken:
    sender: str
    recipients: list[str]
    raw: bytes


@dataclass
class Sink:
    """`answers` to DATA and `answers_to` a recipient are used up one by one; "" accepts.

    The answers "drop before" and "drop after" hang up before or after the mail was taken.
    """

    taken: list[Taken] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    answers_to: dict[str, list[str]] = field(default_factory=dict)
    connections: int = 0
    sign_ins: list[Any] = field(default_factory=list)
    port: int = 0
    token: str | None = None
    guarded: bool = False

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> Any:
        """The bearer token comes with the command (SASL-IR)."""
        said = base64.b64decode(args[1]).decode()
        self.sign_ins.append(("XOAUTH2", said))
        if self.token and f"auth=Bearer {self.token}\x01" in said:
            return AuthResult(success=True, handled=False, auth_data=said)
        await server.push("535 5.7.8 the token is not good")
        return AuthResult(success=False, handled=True)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.guarded and not session.authenticated:
            return "530 5.7.0 sign in first"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answers = self.answers_to.get(address)
        if answers and (answer := answers.pop(0)):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else ""
        if answer in ("", "drop after"):
            content = envelope.original_content or b""
            self.taken.append(Taken(envelope.mail_from or "", list(envelope.rcpt_tos), content))
        if answer.startswith("drop"):
            assert server.transport
            server.transport.abort()
            await asyncio.sleep(0)
            return "421 gone"
        return answer or "250 taken"


def start(
    sink: Sink | None = None, *, password: str | None = None, token: str | None = None
) -> Iterator[Sink]:
    """For a fixture: `yield from start()`. With `password` or `token` a sign-in is needed."""
    sink = sink or Sink()
    sink.token = token
    sink.guarded = password is not None or token is not None
    sink.port = sink.port or free_port()

    def sign_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        sink.sign_ins.append((mechanism, data))
        right = getattr(data, "password", None) == (password or "").encode() if password else False
        return AuthResult(
            success=right, handled=False, message=None if right else "535 5.7.8 the password is wrong"
        )

    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=sink.port,
        ready_timeout=10,
        enable_SMTPUTF8=True,
        authenticator=sign_in if sink.guarded else None,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
