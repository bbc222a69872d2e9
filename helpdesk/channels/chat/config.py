"""The settings of one widget, read from ChannelAccount.config and its opened secrets.

config   {"colour","position","logo","texts": {"ja": {…}, "en": {…}}, "hours": {…}, "origins": ["https://shop.example"],
          "prechat": [{"name","labels","type","required"}], "consent": {"texts","url"}, "flows": […], "campaigns": […]}
secrets  {"widget_secret"}
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
ANY = "*"


@dataclass(frozen=True, slots=True)
class ChatConfig:
    account_id: int
    key: str
    name: str
    colour: str
    position: str
    logo: str
    texts: Mapping[str, Mapping[str, str]]
    hours: Mapping[str, Any]
    origins: frozenset[str]
    prechat: tuple[Mapping[str, Any], ...]
    consent: Mapping[str, Any]
    flows: tuple[Mapping[str, Any], ...]
    secret: str = field(repr=False)

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
        if not self.secret or not user or not signature.isascii():
            return False
        return hmac.compare_digest(sign(self.secret, user), signature.lower())


def chat_config(account: Account) -> ChatConfig:
    config = account.config
    colour, position = str(config.get("colour") or ""), str(config.get("position") or "")
    return ChatConfig(
        account_id=account.id,
        key=account.address,
        name=account.name,
        colour=colour if COLOUR.fullmatch(colour) else "#2f5d50",
        position=position if position in POSITIONS else POSITIONS[0],
        logo=str(config.get("logo") or ""),
        texts=config.get("texts") or {},
        hours=config.get("hours") or {},
        origins=frozenset(one if one == ANY else plain_origin(one) for one in config.get("origins") or ()),
        prechat=tuple(config.get("prechat") or ()),
        consent=config.get("consent") or {},
        flows=tuple(config.get("flows") or ()),
        secret=str(account.secrets.get("widget_secret") or ""),
    )


def sign(secret: str, user: str) -> str:
    """What the shop's server computes: hex HMAC-SHA256 of the user id."""
    return hmac.new(secret.encode(), user.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def plain_origin(given: str) -> str:
    """scheme://host[:port] in lower case; empty for what is no origin."""
    try:
        parts = urlsplit(given.strip().lower())
        standard = {"https": 443, "http": 80}.get(parts.scheme)
        port = f":{parts.port}" if parts.port and parts.port != standard else ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}{port}" if standard and parts.hostname else ""
