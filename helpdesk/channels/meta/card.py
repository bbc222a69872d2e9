"""An order as Messenger and Instagram show it: the generic template with one element."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpdesk.channels import cards

LONGEST = 80  # characters of a title, and of what stands below it
LONGEST_BUTTON = 20


def template(card: Mapping[str, Any]) -> dict[str, Any]:
    """What is too long for it is shortened; the same facts stand in the helpdesk."""
    element: dict[str, Any] = {"title": cards.shortened(str(card["title"]), LONGEST)}
    if below := "\n".join(cards.lines(card)):
        element["subtitle"] = cards.shortened(below, LONGEST)
    if url := cards.url(card):
        label = cards.shortened(cards.label(card), LONGEST_BUTTON)
        element["buttons"] = [{"type": "web_url", "url": url, "title": label}]
    payload = {"template_type": "generic", "elements": [element]}
    return {"attachment": {"type": "template", "payload": payload}}
