"""The widgets of brands: found by their public key, made with a fresh one."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from helpdesk.channels.chat.config import ChatConfig, chat_config
from helpdesk.channels.protocol import Account
from helpdesk.errors import NotFound
from helpdesk.models import Brand, ChannelAccount, new_key
from helpdesk.store.db import Unit
from helpdesk.store.seal import Seal


@dataclass(frozen=True, slots=True)
class Widget:
    """A widget's settings with what of its brand matters here, as plain data."""

    id: int
    brand_id: int
    brand_name: str
    language: str
    timezone: str
    shop: str | None
    support_hours: Mapping[str, str]
    config: ChatConfig


def get_widget(unit: Unit, key: str, seal: Seal) -> Widget:
    """Raises NotFound for a key that no active widget has."""
    row = unit.session.execute(
        select(ChannelAccount, Brand)
        .join(Brand, col(Brand.id) == col(ChannelAccount.brand_id))
        .where(
            ChannelAccount.kind == "chat", ChannelAccount.address == key, col(ChannelAccount.active).is_(True)
        )
    ).first()
    if row is None:
        raise NotFound("no shop has a chat with this key; check data-brand in the page")
    account, brand = row
    opened = Account(
        account.pk, account.kind, account.address, account.name, account.config, seal.open(account.secrets)
    )
    return Widget(
        id=account.pk,
        brand_id=brand.pk,
        brand_name=account.name or brand.name,
        language=brand.language,
        timezone=brand.timezone,
        shop=brand.url,
        support_hours=dict(brand.support_hours),
        config=chat_config(opened),
    )


def list_chat_brands(unit: Unit) -> frozenset[int]:
    """Brands that have a widget switched on."""
    query = select(ChannelAccount.brand_id).where(
        ChannelAccount.kind == "chat", col(ChannelAccount.active).is_(True)
    )
    return frozenset(unit.session.exec(query.distinct()))


def create_widget(
    unit: Unit, brand: Brand, seal: Seal, *, name: str = "", config: Mapping[str, Any] | None = None
) -> ChannelAccount:
    """With a public key for the page and a secret for the shop's server."""
    account = ChannelAccount(
        brand_id=brand.pk,
        kind="chat",
        address=new_key(16),
        name=name or brand.name,
        config=dict(config or {}),
        secrets=seal.close({"widget_secret": secrets.token_urlsafe(32)}),
        state="ok",
        created_at=unit.now,
    )
    unit.session.add(account)
    unit.session.flush()
    unit.tell("account_saved", brand.pk, account=account.pk)
    return account
