"""Sending over a real SMTP server: every answer is either final, with the server's words, or for later."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from helpdesk.channels.email.config import MailboxConfig, OAuth, Server
from helpdesk.channels.email.oauth import Tokens
from helpdesk.channels.email.send import SmtpLine
from helpdesk.channels.protocol import Parcel, Receipt
from helpdesk.errors import Rejected, Unavailable
from tests.fakes import smtp
from tests.fakes.ports import free_port
from tests.fakes.smtp import Sink
from tests.fakes.tokens import TokenServer

RAW = b"Message-ID: <m@aoba.example>\r\nSubject: x\r\n\r\nHello\r\n.\r\n..two\r\n"
HANAKO = Parcel("m@aoba.example", RAW, ("hanako@example.jp",))


def line(
    port: int, *, user: str = "", password: str = "", oauth: OAuth | None = None, tls: str = "none"
) -> SmtpLine:
    server = Server("127.0.0.1", port, tls, user, password)  # type: ignore[arg-type]
    return SmtpLine(MailboxConfig(7, "support@aoba.example", "", smtp=server, oauth=oauth), server, Tokens())


def send(way: SmtpLine, *parcels: Parcel) -> list[Receipt]:
    async def burst() -> list[Receipt]:
        try:
            return [await way.send(parcel) for parcel in parcels]
        finally:
            await way.close()

    return asyncio.run(burst())


def test_the_bytes_arrive_as_they_were(sink: Sink) -> None:
    (receipt,) = send(line(sink.port), HANAKO)
    assert receipt == Receipt(id="m@aoba.example", accepted=("hanako@example.jp",))
    assert [(one.sender, one.recipients, one.raw) for one in sink.taken] == [
        ("support@aoba.example", ["hanako@example.jp"], RAW)
    ]


def test_a_burst_uses_one_connection(sink: Sink) -> None:
    send(line(sink.port), HANAKO, HANAKO, HANAKO)
    assert (len(sink.taken), sink.connections) == (3, 1)


def test_a_refused_mail_is_final_and_the_line_stays_good(sink: Sink) -> None:
    sink.answers = ["554 5.7.1 this looks like spam"]
    way = line(sink.port)

    async def both() -> None:
        with pytest.raises(Rejected, match=r"554 5\.7\.1 this looks like spam"):
            await way.send(HANAKO)
        await way.send(HANAKO)
        await way.close()

    asyncio.run(both())
    assert (len(sink.taken), sink.connections) == (1, 1)


def test_an_unknown_recipient_is_final(sink: Sink) -> None:
    sink.answers_to = {"hanako@example.jp": ["550 5.1.1 no such user"]}
    with pytest.raises(Rejected, match=r"hanako@example.jp: 550 5\.1\.1 no such user"):
        send(line(sink.port), HANAKO)


def test_greylisting_is_for_later(sink: Sink) -> None:
    sink.answers_to = {"hanako@example.jp": ["451 4.7.1 greylisted, try again"]}
    with pytest.raises(Unavailable, match=r"451 4\.7\.1 greylisted") as caught:
        send(line(sink.port), HANAKO)
    assert not caught.value.data.get("account")


def test_each_recipient_has_an_answer_of_its_own(sink: Sink) -> None:
    sink.answers_to = {"b@example.jp": ["550 no such user"], "c@example.jp": ["451 greylisted"]}
    (receipt,) = send(line(sink.port), Parcel("m", RAW, ("a@example.jp", "b@example.jp", "c@example.jp")))
    assert receipt.accepted == ("a@example.jp",)
    assert receipt.refused == {"b@example.jp": "550 no such user"}
    assert receipt.waiting == {"c@example.jp": "451 greylisted"}


@pytest.mark.parametrize("when", ["drop before", "drop after"])
def test_a_server_that_hangs_up_is_tried_again(sink: Sink, when: str) -> None:
    sink.answers = [when]
    with pytest.raises(Unavailable, match="the connection to the mail server broke"):
        send(line(sink.port), HANAKO)


def test_a_dead_server_concerns_the_whole_account() -> None:
    port = free_port()
    with pytest.raises(Unavailable, match=f"127.0.0.1:{port} cannot be reached") as caught:
        send(line(port), HANAKO)
    assert caught.value.data["account"]


def test_a_server_without_encryption_is_not_trusted(sink: Sink) -> None:
    with pytest.raises(Unavailable) as caught:
        send(line(sink.port, tls="starttls"), HANAKO)
    assert caught.value.data["account"]
    assert sink.taken == []


def test_automatic_mail_has_no_return_path(sink: Sink) -> None:
    send(line(sink.port), Parcel("m", RAW, ("hanako@example.jp",), automatic=True))
    assert sink.taken[0].sender == "<>"


def test_an_address_in_another_script_is_sent_with_smtputf8(sink: Sink) -> None:
    send(line(sink.port), Parcel("m", RAW, ("花子@example.jp",)))
    assert sink.taken[0].recipients == ["花子@example.jp"]


@pytest.fixture
def guarded() -> Iterator[Sink]:
    """A server that asks for the password "open-sesame"."""
    yield from smtp.start(password="open-sesame")


def test_with_the_password_it_is_sent(guarded: Sink) -> None:
    send(line(guarded.port, user="support", password="open-sesame"), HANAKO)
    assert len(guarded.taken) == 1


@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_wrong_password_waits_long_and_concerns_the_account(guarded: Sink, password: str) -> None:
    with pytest.raises(Unavailable, match=r"53[05]") as caught:
        send(line(guarded.port, user="support", password=password), HANAKO)
    assert caught.value.data["account"]
    assert caught.value.data["auth"]
    assert caught.value.retry_after == 900


def test_oauth_sends_the_token(token_server: TokenServer) -> None:
    oauth = OAuth("client", "", "refresh", token_server.url)
    servers = smtp.start(token="good")
    guarded = next(servers)
    send(line(guarded.port, user="support", oauth=oauth), HANAKO)
    assert len(guarded.taken) == 1
    token_server.answer = (200, {"access_token": "stale"})
    with pytest.raises(Unavailable, match="refused the sign-in") as caught:
        send(line(guarded.port, user="support", oauth=oauth), HANAKO)
    assert caught.value.data["auth"]
    servers.close()
