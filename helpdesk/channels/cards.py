"""An order on a card: {"title", "lines": [str], "url"?, "label"?}. Read alike for all channels; words where none is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Card = Mapping[str, Any]


def in_words(text: str, card: Card | None) -> str:
    """The answer with the order below it."""
    return "\n\n".join(filter(None, (text, as_text(card) if card else "")))


def as_text(card: Card) -> str:
    """For channels without cards."""
    return "\n".join(filter(None, (str(card["title"]), *lines(card), url(card))))


def lines(card: Card) -> list[str]:
    return [str(one) for one in card.get("lines") or () if str(one).strip()]


def url(card: Card) -> str:
    """Only what a button may open."""
    found = str(card.get("url") or "")
    return found if found.startswith("https://") else ""


def label(card: Card) -> str:
    return str(card.get("label") or url(card))


def shortened(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
