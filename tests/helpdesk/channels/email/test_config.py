"""A mailbox's settings are complete, or the missing one is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from helpdesk.channels.email.config import mailbox_config
from helpdesk.channels.protocol import Account
from helpdesk.errors import Misconfigured


def account(config: dict[str, Any], **secrets: str) -> Account:
    return Account(7, "email", "support@aoba.example", "青葉商店", config, secrets)


def test_ports_and_the_user_follow_from_the_rest() -> None:
    config = mailbox_config(account({"imap": {"host": "imap.example"}, "smtp": {"host": "smtp.example"}}))
    assert config.imap and (config.imap.port, config.imap.tls, config.imap.user) == (
        993,
        "tls",
        "support@aoba.example",
    )
    assert config.smtp and (config.smtp.port, config.smtp.tls) == (587, "starttls")
    assert config.folders == ("INBOX",)


def test_without_hosts_there_is_nothing_to_read_or_send_with() -> None:
    config = mailbox_config(account({}))
    assert (config.imap, config.smtp, config.oauth) == (None, None, None)


def test_passwords_do_not_show_in_logs() -> None:
    config = mailbox_config(account({"imap": {"host": "h"}}, imap_password="hush"))
    assert config.imap and config.imap.password == "hush"
    assert "hush" not in repr(config)
    assert "hush" not in repr(account({}, imap_password="hush"))


@pytest.mark.parametrize(
    ("config", "setting"),
    [
        ({"imap": {"host": "h", "tls": "ssl3"}}, "imap.tls"),
        ({"smtp": {"host": "h", "port": "many"}}, "smtp.port"),
        ({"smtp": {"host": "h", "port": 70000}}, "smtp.port"),
        ({"imap": {"host": "h", "since": "yesterday"}}, "imap.since"),
        ({"oauth": {"client_id": "c"}}, "oauth"),
    ],
)
def test_a_wrong_setting_is_named(config: dict[str, Any], setting: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        mailbox_config(account(config))
    assert caught.value.data["setting"] == setting


def test_the_first_day_to_read_is_a_day() -> None:
    assert mailbox_config(account({"imap": {"host": "h", "since": "2026-01-05"}})).since == date(2026, 1, 5)


@pytest.mark.parametrize(("config", "on"), [({}, False), ({"plus_addressing": True}, True)])
def test_ticket_addresses_are_used_only_where_they_are_known_to_work(
    config: dict[str, Any], on: bool
) -> None:
    assert mailbox_config(account(config)).plus_addressing is on
