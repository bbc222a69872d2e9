"""Words that a widget says by itself when its rules hold, as the settings keep them.

{"key", "active", "name", "texts", "buttons", "flow"?, "when": {"url", "seconds", "visits", "cart_at_least",
"language", "new_visitor", "exit"}, "every_days"}; the rules are kept by the browser, which alone knows the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from helpdesk.channels.chat.wording import in_all
from helpdesk.errors import Invalid
from helpdesk.i18n import LANGUAGES, lazy

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
STEPS = ("shown", "clicked")
NUMBERS = {"seconds": 3600, "visits": 1000, "cart_at_least": 100_000_000}  # and the most of each
FLAGS = ("new_visitor", "exit")
LONGEST, LONGEST_BUTTON, MOST_DAYS = 300, 40, 365

Campaign = Mapping[str, Any]


def normal(given: Any) -> dict[str, Any]:
    """Raises Invalid for what no widget could show."""
    if not isinstance(given, Mapping) or not KEY.fullmatch(str(given.get("key") or "")):
        raise Invalid(lazy("a campaign needs a key of small letters, digits and hyphens"), field="key")
    texts = in_all(given.get("texts") or given.get("text"), LANGUAGES)
    buttons = in_all(given.get("buttons") or given.get("button"), LANGUAGES)
    if not texts:
        raise Invalid(lazy("a campaign needs words in one language at least"), field="text")
    if any(len(text) > LONGEST for text in texts.values()):
        raise Invalid(lazy("a campaign may have 300 characters"), field="text")
    if any(len(text) > LONGEST_BUTTON for text in buttons.values()):
        raise Invalid(lazy("a button may have 40 characters"), field="button")
    return {
        "key": given["key"],
        "active": given.get("active") is not False,
        "name": str(given.get("name") or given["key"])[:80],
        "texts": texts,
        "buttons": buttons,
        "flow": str(given.get("flow") or ""),
        "when": _when(given.get("when") or {}),
        "every_days": _number(given.get("every_days", 7), MOST_DAYS, least=1, field="every_days"),
    }


def _when(given: Any) -> dict[str, Any]:
    """Only the rules that say something."""
    if not isinstance(given, Mapping):
        raise Invalid(lazy("the rules of a campaign are not readable"), field="when")
    rules: dict[str, Any] = {}
    if url := str(given.get("url") or "").strip():
        rules["url"] = url[:300]
    for name, most in NUMBERS.items():
        if given.get(name):
            rules[name] = _number(given[name], most, field=name)
    if given.get("language") in LANGUAGES:
        rules["language"] = given["language"]
    return rules | {name: True for name in FLAGS if given.get(name) is True}


def _number(given: Any, most: int, *, field: str, least: int = 0) -> int:
    if type(given) is not int or not least <= given <= most:
        raise Invalid(
            lazy("a whole number from %(least)s to %(most)s is needed"), field=field, least=least, most=most
        )
    return given


def told(campaigns: tuple[Campaign, ...], language: str) -> list[dict[str, Any]]:
    """Those that say something in this language, as the widget takes them."""
    return [
        _told(one, language)
        for one in campaigns
        if one.get("key")
        and one.get("active") is not False
        and (one.get("texts") or {}).get(language)
        and (one.get("when") or {}).get("language", language) == language
    ]


def _told(campaign: Campaign, language: str) -> dict[str, Any]:
    button = (campaign.get("buttons") or {}).get(language)
    return {
        "key": campaign["key"],
        "text": campaign["texts"][language],
        **({"button": button} if button else {}),
        **({"flow": campaign["flow"]} if campaign.get("flow") else {}),
        "when": campaign.get("when") or {},
        "every_days": campaign.get("every_days") or 7,
    }
