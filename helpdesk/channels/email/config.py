"""The settings of one mailbox, read from ChannelAccount.config and its opened secrets.

config   {"imap": {"host","port","tls","user","folders","since","mark_seen","verify"},
          "smtp": {"host","port","tls","user","verify"},
          "oauth": {"client_id","token_url","scope"}, "plus_addressing": true, "authserv": "mx.shop.example"}
secrets  {"imap_password","smtp_password","oauth_client_secret","oauth_refresh_token"}
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from helpdesk.channels.protocol import Account
from helpdesk.errors import Misconfigured
from helpdesk.i18n import gettext as _

Tls = Literal["tls", "starttls", "none"]
IMAP_PORTS = {"tls": 993, "starttls": 143, "none": 143}
SMTP_PORTS = {"tls": 465, "starttls": 587, "none": 25}
CHECKERS = {"imap.gmail.com": "mx.google.com", "imap.googlemail.com": "mx.google.com"}


@dataclass(frozen=True, slots=True)
class Server:
    """`verify` off takes any certificate: for a mail server of one's own network only."""

    host: str
    port: int
    tls: Tls
    user: str
    password: str = field(repr=False)
    verify: bool = True

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not self.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


@dataclass(frozen=True, slots=True)
class OAuth:
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    token_url: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class MailboxConfig:
    """`since`: mails that came before that day are left alone. `folders` are read in this order.

    `plus_addressing` has to be known to work: a server without it lets every answer bounce.
    """

    account_id: int
    address: str
    name: str
    imap: Server | None = None
    smtp: Server | None = None
    oauth: OAuth | None = None
    folders: tuple[str, ...] = ("INBOX",)
    since: date | None = None
    mark_seen: bool = False
    plus_addressing: bool = False


def mailbox_config(account: Account) -> MailboxConfig:
    """Raises Misconfigured with the name of the setting that is missing or wrong."""
    config, secrets = account.config, account.secrets
    imap = config.get("imap") or {}
    return MailboxConfig(
        account_id=account.id,
        address=account.address,
        name=account.name,
        imap=_server(account, "imap", IMAP_PORTS),
        smtp=_server(account, "smtp", SMTP_PORTS),
        oauth=_oauth(account, config.get("oauth") or {}, secrets),
        folders=tuple(str(name) for name in imap.get("folders") or ()) or ("INBOX",),
        since=_day(account, imap.get("since")),
        mark_seen=bool(imap.get("mark_seen", False)),
        plus_addressing=bool(config.get("plus_addressing", False)),
    )


def trusted_checkers(config: Mapping[str, Any]) -> frozenset[str]:
    """The names under which the mailbox's own server writes Authentication-Results; of any other it may be forged.

    A server that is known writes under the same name everywhere and takes out what others wrote under it.
    """
    told = str(config.get("authserv") or "").lower().replace(",", " ").split()
    known = CHECKERS.get(str((config.get("imap") or {}).get("host") or "").lower())
    return frozenset(told or filter(None, (known,)))


def _server(account: Account, name: str, ports: Mapping[str, int]) -> Server | None:
    given: Mapping[str, Any] = account.config.get(name) or {}
    if not given.get("host"):
        return None
    tls = str(given.get("tls") or ("tls" if name == "imap" else "starttls"))
    if tls not in ports:
        raise _wrong(account, f"{name}.tls", _("is %(value)s; choose tls, starttls or none", value=repr(tls)))
    return Server(
        host=str(given["host"]),
        port=_port(account, name, given.get("port") or ports[tls]),
        tls=tls,  # type: ignore[arg-type]
        user=str(given.get("user", account.address) or ""),
        password=str(account.secrets.get(f"{name}_password") or ""),
        verify=bool(given.get("verify", True)),
    )


def _port(account: Account, name: str, value: object) -> int:
    text = str(value)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise _wrong(
            account, f"{name}.port", _("is %(value)s; give a number from 1 to 65535", value=repr(text))
        )
    return int(text)


def _day(account: Account, value: object) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise _wrong(
            account, "imap.since", _("is %(value)s; write it as 2026-01-31", value=repr(value))
        ) from error


def _oauth(account: Account, given: Mapping[str, Any], secrets: Mapping[str, Any]) -> OAuth | None:
    if not given.get("client_id"):
        return None
    if not given.get("token_url") or not secrets.get("oauth_refresh_token"):
        raise _wrong(account, "oauth", _("needs token_url and a refresh token; connect the mailbox again"))
    return OAuth(
        client_id=str(given["client_id"]),
        client_secret=str(secrets.get("oauth_client_secret") or ""),
        refresh_token=str(secrets["oauth_refresh_token"]),
        token_url=str(given["token_url"]),
        scope=str(given.get("scope") or ""),
    )


def _wrong(account: Account, setting: str, text: str) -> Misconfigured:
    return Misconfigured(f"{account.address}: {setting} {text}", account_id=account.id, setting=setting)
