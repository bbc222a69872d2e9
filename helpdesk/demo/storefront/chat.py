"""The demo brand's chat: made when its shop opens, and told at which address the shop stands this time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from sqlmodel import select

from helpdesk.chat.accounts import create_widget
from helpdesk.demo import shop
from helpdesk.demo.dice import dice
from helpdesk.demo.storefront import figures
from helpdesk.models import Brand, ChannelAccount
from helpdesk.store.db import Unit
from helpdesk.store.seal import Seal


def open_chat(unit: Unit, seal: Seal, *, origins: list[str]) -> str:
    """The public key for the shop's pages; "" where there is no demo brand. What was set up by hand stays."""
    brand = unit.session.exec(select(Brand).where(Brand.name == shop.NAME)).first()
    if brand is None:
        return ""
    account = unit.session.exec(
        select(ChannelAccount).where(ChannelAccount.brand_id == brand.pk, ChannelAccount.kind == "chat")
    ).first()
    if account is None:
        account = create_widget(unit, brand, seal, config=_config())
        figures.put(unit, brand, account, dice(shop.NAME))
    known = account.config.get("origins") or []
    if new := [one for one in origins if one not in known]:
        account.config = {**account.config, "origins": [*known, *new]}
        unit.tell("account_saved", brand.pk, account=account.pk)
    return account.address


def _config() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "chat.yaml").read_text(encoding="utf-8"))
    return read
