"""What a widget is told of its settings, in one visitor's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpdesk.channels.chat import campaigns, flows
from helpdesk.channels.chat.config import ChatConfig
from helpdesk.channels.chat.wording import pick


def tell(config: ChatConfig, brand: str, language: str) -> dict[str, Any]:
    """All that does not change from minute to minute."""
    return {
        "brand": {
            "name": brand,
            "colour": config.colour,
            "position": config.position,
            "logo": config.logo or None,
        },
        "texts": config.texts.get(language) or {},
        "prechat": [_field(one, language) for one in config.prechat],
        "consent": _consent(config.consent, language),
        "flows": flows.told_all(config.flows, language),
        "campaigns": campaigns.told(config.campaigns, language),
        "orders": config.orders,
        "order_example": config.order_example,
    }


def _field(given: Mapping[str, Any], language: str) -> dict[str, Any]:
    """`labels` by language, or one `label` for all."""
    label = pick(given.get("labels"), language) or given.get("label") or given.get("name")
    rest = {name: value for name, value in given.items() if name not in ("labels", "label")}
    if isinstance(options := given.get("options"), Mapping):
        rest["options"] = options.get(language) or next(iter(options.values()), [])
    return {"type": "text", "required": False} | rest | {"label": label}


def _consent(given: Mapping[str, Any], language: str) -> dict[str, Any] | None:
    text = pick(given.get("texts"), language) or given.get("text") or ""
    return {"text": text, "url": given.get("url")} if text else None
