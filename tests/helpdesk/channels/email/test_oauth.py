"""Access tokens are asked for once, renewed in time, and a refusal says what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpdesk.channels.email.config import MailboxConfig, OAuth
from helpdesk.channels.email.oauth import Tokens
from helpdesk.errors import Misconfigured, Rejected, Unavailable
from tests.fakes.ports import free_port
from tests.fakes.tokens import TokenServer


def config(url: str) -> MailboxConfig:
    oauth = OAuth("client", "hush", "refresh-1", url, "mail")
    return MailboxConfig(7, "support@aoba.example", "", oauth=oauth)


def test_a_token_is_asked_for_once(token_server: TokenServer) -> None:
    tokens, mailbox = Tokens(), config(token_server.url)
    assert [tokens.access(mailbox), tokens.access(mailbox)] == ["good", "good"]
    assert token_server.asked == [
        {
            "grant_type": "refresh_token",
            "client_id": "client",
            "client_secret": "hush",
            "refresh_token": "refresh-1",
            "scope": "mail",
        }
    ]


def test_a_token_near_its_end_is_renewed(token_server: TokenServer) -> None:
    token_server.answer = (200, {"access_token": "good", "expires_in": 60})
    tokens, mailbox = Tokens(), config(token_server.url)
    tokens.access(mailbox)
    tokens.access(mailbox)
    assert len(token_server.asked) == 2


def test_a_refused_token_is_forgotten(token_server: TokenServer) -> None:
    tokens, mailbox = Tokens(), config(token_server.url)
    tokens.access(mailbox)
    tokens.forget(mailbox)
    tokens.access(mailbox)
    assert len(token_server.asked) == 2


def test_a_rotated_refresh_token_is_remembered_and_used(token_server: TokenServer) -> None:
    token_server.answer = (200, {"access_token": "good", "expires_in": 1, "refresh_token": "refresh-2"})
    kept: list[tuple[int, str]] = []
    tokens, mailbox = Tokens(lambda account, token: kept.append((account, token))), config(token_server.url)
    tokens.access(mailbox)
    tokens.access(mailbox)
    assert kept[0] == (7, "refresh-2")
    assert token_server.asked[1]["refresh_token"] == "refresh-2"


def test_the_access_token_outlives_the_rotation(token_server: TokenServer) -> None:
    token_server.answer = (200, {"access_token": "good", "expires_in": 3600, "refresh_token": "refresh-2"})
    tokens, mailbox = Tokens(), config(token_server.url)
    tokens.access(mailbox)
    tokens.access(replace(mailbox, oauth=replace(mailbox.oauth, refresh_token="refresh-2")))  # type: ignore[type-var]
    assert len(token_server.asked) == 1


def test_a_mailbox_connected_anew_gets_a_token_of_its_new_grant(token_server: TokenServer) -> None:
    tokens, mailbox = Tokens(), config(token_server.url)
    tokens.access(mailbox)
    tokens.access(replace(mailbox, oauth=replace(mailbox.oauth, refresh_token="another")))  # type: ignore[type-var]
    assert token_server.asked[1]["refresh_token"] == "another"


def test_a_revoked_grant_is_final_and_says_why(token_server: TokenServer) -> None:
    token_server.answer = (400, {"error": "invalid_grant", "error_description": "Token has been revoked."})
    with pytest.raises(Rejected, match=r"invalid_grant Token has been revoked.*connect the mailbox again"):
        Tokens().access(config(token_server.url))


@pytest.mark.parametrize("answer", [(503, {}), (200, {}), (200, {"error": "odd"})])
def test_a_sign_in_server_in_trouble_is_asked_again_later(
    token_server: TokenServer, answer: tuple[int, dict[str, object]]
) -> None:
    token_server.answer = answer
    with pytest.raises(Unavailable):
        Tokens().access(config(token_server.url))


def test_a_silent_sign_in_server_is_asked_again_later() -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        Tokens().access(config(f"http://127.0.0.1:{free_port()}/token"))


def test_without_a_client_there_is_no_token() -> None:
    with pytest.raises(Misconfigured):
        Tokens().access(MailboxConfig(7, "support@aoba.example", ""))
