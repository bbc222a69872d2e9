"""What a test does on a shop's page with the widget, and what the shop has set up."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

ORDER = {
    "number": "HK-20391",
    "state": "in_transit",
    "placed_on": "2026-11-16",
    "items": [{"name": "檜コースター", "quantity": 2}],
    "shipments": [
        {
            "carrier": "ヤマト運輸",
            "tracking_number": "4821",
            "url": "https://t.example/4821",
            "expected_on": "2026-11-24",
        }
    ],
}
FLOW = {
    "key": "returns",
    "title": "Returns",
    "start": "what",
    "steps": {
        "what": {
            "text": "What happened?",
            "buttons": [{"label": "Unused", "to": "free"}, {"label": "Broken", "say": "It arrived broken."}],
        },
        "free": {"text": "Returns are free.", "end": "answer"},
    },
}
CONFIG: dict[str, Any] = {
    "brand": {"name": "Hinoki & Co.", "colour": "#2f5d50", "position": "right"},
    "texts": {},
    "open": True,
    "agents_online": 2,
    "wait": 100,
    "hours": "10:00–17:00",
    "prechat": [],
    "consent": None,
    "flows": [FLOW],
    "max_upload": 5_000_000,
}
HOSTILE = """
  * { all: unset !important; display: block !important; position: static !important; font-size: 3px !important;
      color: red !important; visibility: hidden !important; pointer-events: none !important;
      transform: scale(.1) !important; }
  html, body { font-size: 50% !important; zoom: 1; } helpdesk-chat { display: none !important; opacity: 0 !important; }
"""
PICTURE = """area => new Promise(done => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 300, height: 200});
  canvas.getContext("2d").fillRect(20, 20, 100, 100);
  canvas.toBlob(blob => {
    const carried = new DataTransfer();
    carried.items.add(new File([blob], "crack.png", {type: "image/png"}));
    const pasted = {clipboardData: carried, bubbles: true, cancelable: true, composed: true};
    area.dispatchEvent(new ClipboardEvent("paste", pasted));
    done();
  });
})"""
WIDGET = {"include": [["helpdesk-chat"]]}
Visit = Callable[..., Page]


def launcher(page: Page) -> Locator:
    return page.locator(".launcher")


def open_chat(page: Page) -> Locator:
    launcher(page).click()
    panel = page.get_by_role("dialog")
    expect(panel).to_be_visible()
    return panel


def open_thread(page: Page) -> Locator:
    """The writing field, in a conversation."""
    panel = open_chat(page)
    card = panel.locator(".card").first
    area = panel.get_by_role("textbox", name=re.compile("^(Message|メッセージ)$"))
    expect(card.or_(area).first).to_be_visible()
    if card.is_visible():
        card.click()
    expect(area).to_be_focused()
    return area


def say(page: Page, text: str) -> None:
    area = page.locator(".composer textarea")
    area.fill(text)
    area.press("Enter")


def stored(page: Page) -> list[Any]:
    found: list[Any] = page.evaluate(
        """async () => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie,
                         (await indexedDB.databases()).length]"""
    )
    return found
