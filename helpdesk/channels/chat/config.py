"""The settings of one widget, read from ChannelAccount.config and its opened secrets.

config   {"colour","position","logo","texts": {"ja": {…}, "en": {…}}, "hours": {…}, "origins": ["https://shop.example"],
          "prechat": [{"name","labels","type","required"}], "consent": {"texts","url"}, "flows": […], "campaigns": […],
          "presence": "hours"|"agents", "assign": "auto"|"manual", "team": key of a team or "", "orders": bool,
          "order_example"}
secrets  {"widget_secret", "widget_secret_before"}: while a shop changes over, both sign
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from helpdesk.channels.protocol import Account

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
POSITIONS = ("right", "left")
PRESENCE = ("hours", "agents")
ASSIGN = ("auto", "manual")
ANY = "*"


@dataclass(frozen=True, slots=True)
class ChatConfig:
    account_id: int
    key: str
    name: str
    colour: str
    position: str
    logo: str  # its address
    logo_file: Mapping[str, str]  # "sha256" and "content_type" of one that was uploaded here
    texts: Mapping[str, Mapping[str, str]]
    hours: Mapping[str, Any]
    origins: frozenset[str]
    prechat: tuple[Mapping[str, Any], ...]
    consent: Mapping[str, Any]
    flows: tuple[Mapping[str, Any], ...]
    campaigns: tuple[Mapping[str, Any], ...]
    presence: str  # "hours": open whenever the shop is; "agents": and somebody is there to take chats
    assign: str  # "auto": to whoever has room; "manual": chats wait until somebody takes them
    team: str  # the key of the team that takes these chats, "" for everybody of the brand
    orders: bool  # whether orders may be looked up
    order_example: str
    secrets: tuple[str, ...] = field(repr=False)

    def allows(self, origin: str | None, *, host: str, shop: str | None = None) -> bool:
        """A page of the shop, of the helpdesk itself, or no browser at all."""
        if origin is None or ANY in self.origins:
            return True
        given = plain_origin(origin)
        if not given:
            return False
        own = {plain_origin(shop or "")} | self.origins
        return given in own or urlsplit(given).netloc == host.lower()

    def signed(self, user: str, signature: str) -> bool:
        """Whether the shop's server has vouched for this user."""
        return bool(user) and self.has_signed(user, signature)

    def has_signed(self, words: str, signature: str) -> bool:
        given = signature.lower()
        return given.isascii() and any(hmac.compare_digest(sign(one, words), given) for one in self.secrets)


def chat_config(account: Account) -> ChatConfig:
    config = account.config
    colour, logo = str(config.get("colour") or ""), config.get("logo") or ""
    return ChatConfig(
        account_id=account.id,
        key=account.address,
        name=account.name,
        colour=colour if COLOUR.fullmatch(colour) else "#2f5d50",
        position=_one_of(POSITIONS, config.get("position")),
        logo=_logo(account.address, logo),
        logo_file=logo if isinstance(logo, Mapping) else {},
        texts=config.get("texts") or {},
        hours=config.get("hours") or {},
        origins=frozenset(one if one == ANY else plain_origin(one) for one in config.get("origins") or ()),
        prechat=tuple(config.get("prechat") or ()),
        consent=config.get("consent") or {},
        flows=tuple(config.get("flows") or ()),
        campaigns=tuple(config.get("campaigns") or ()),
        presence=_one_of(PRESENCE, config.get("presence")),
        assign=_one_of(ASSIGN, config.get("assign")),
        team=str(config.get("team") or ""),
        orders=config.get("orders") is not False,
        order_example=str(config.get("order_example") or ""),
        secrets=tuple(
            str(account.secrets[name])
            for name in ("widget_secret", "widget_secret_before")
            if account.secrets.get(name)
        ),
    )


def _logo(key: str, given: Any) -> str:
    """An address elsewhere, or that of a picture of ours."""
    if isinstance(given, Mapping):
        return f"/widget/logo/{key}/{str(given.get('sha256') or '')[:16]}"
    return str(given)


def _one_of(words: tuple[str, ...], given: object) -> str:
    """The first of them for whatever else was given."""
    return given if isinstance(given, str) and given in words else words[0]


def sign(secret: str, words: str) -> str:
    """What the shop's server computes: hex HMAC-SHA256, in the chat of the user id."""
    return hmac.new(secret.encode(), words.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def plain_origin(given: str) -> str:
    """scheme://host[:port] in lower case; empty for what is no origin."""
    try:
        parts = urlsplit(given.strip().lower())
        standard = {"https": 443, "http": 80}.get(parts.scheme)
        port = f":{parts.port}" if parts.port and parts.port != standard else ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}{port}" if standard and parts.hostname else ""
