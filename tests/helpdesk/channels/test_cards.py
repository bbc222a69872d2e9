"""An order beside an answer, as each channel shows it; templates with named places; pictures that are too large."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk.channels.line.kind import Line
from helpdesk.channels.meta.kind import Meta
from helpdesk.channels.phone.sms import Sms
from helpdesk.channels.protocol import Account, File, Kind, Outgoing, Person
from helpdesk.channels.telegram.kind import Telegram
from helpdesk.channels.whatsapp.kind import WhatsApp
from helpdesk.channels.x.kind import X

NOW = datetime(2026, 1, 5, tzinfo=UTC)
CARD = {
    "order": "HK-1001",
    "title": "ご注文 HK-1001",
    "lines": ["輸送中", "マグカップ ×2"],
    "url": "https://track.example/4821",
    "label": "荷物を追跡する",
}


def prepared(kind: Kind, text: str = "こちらです。", **more: Any) -> list[dict[str, Any]]:
    account = Account(1, "any", "PAGE", "Shop", {}, {})
    outgoing = Outgoing("hd.1", Person("白石", "PAGE"), (Person("", "8190"),), text, NOW, **more)
    requests: list[dict[str, Any]] = json.loads(kind.prepare(account, outgoing))["requests"]
    return requests


def test_line_shows_a_bubble_with_a_button() -> None:
    (request,) = prepared(Line(), card=CARD, choices=("はい",))
    words, bubble = request["messages"]
    assert words["text"] == "こちらです。"
    assert bubble["altText"] == "ご注文 HK-1001 輸送中 マグカップ ×2"
    button = bubble["contents"]["footer"]["contents"][0]["action"]
    assert (button["label"], button["uri"]) == ("荷物を追跡する", "https://track.example/4821")
    assert bubble["quickReply"]["items"][0]["action"]["text"] == "はい"


@pytest.mark.parametrize("name", ["messenger", "instagram"])
def test_meta_shows_a_generic_template_after_the_words(name: str) -> None:
    words, card = prepared(Meta(name), card=CARD, choices=("はい",))
    assert words["message"]["text"] == "こちらです。"
    payload = card["message"]["attachment"]["payload"]
    assert payload["template_type"] == "generic"
    (element,) = payload["elements"]
    assert (element["title"], element["subtitle"]) == ("ご注文 HK-1001", "輸送中\nマグカップ ×2")
    assert element["buttons"] == [
        {"type": "web_url", "url": "https://track.example/4821", "title": "荷物を追跡する"}
    ]
    assert card["message"]["quick_replies"][0]["title"] == "はい"


def test_what_is_too_long_for_a_card_is_shortened() -> None:
    long = {**CARD, "title": "あ" * 200, "lines": ["い" * 200], "label": "う" * 50}
    element = prepared(Meta("messenger"), card=long)[1]["message"]["attachment"]["payload"]["elements"][0]
    assert [len(element["title"]), len(element["subtitle"]), len(element["buttons"][0]["title"])] == [
        80,
        80,
        20,
    ]


@pytest.mark.parametrize("kind", [WhatsApp(), Telegram(), X(), Sms()])
def test_elsewhere_the_order_is_said_in_words(kind: Kind) -> None:
    (request,) = prepared(kind, card=CARD)
    said = json.dumps(request, ensure_ascii=False)
    assert "こちらです。\\n\\nご注文 HK-1001\\n輸送中\\nマグカップ ×2\\nhttps://track.example/4821" in said


def test_a_button_opens_nothing_but_https() -> None:
    for kind in (Line(), Meta("messenger"), WhatsApp()):
        assert "javascript" not in json.dumps(prepared(kind, card={**CARD, "url": "javascript:alert(1)"}))


@pytest.mark.parametrize(("size", "sent_as"), [(900_000, "image"), (1_100_000, "text")])
def test_line_gets_a_picture_only_with_a_preview_that_it_takes(size: int, sent_as: str) -> None:
    picture = File("a.jpg", "image/jpeg", b"x" * size, url="https://help.example/files/a")
    (request,) = prepared(Line(), attachments=(picture,))
    assert request["messages"][-1]["type"] == sent_as


def test_whatsapp_fills_places_by_number_and_by_name() -> None:
    template = {
        "name": "on_its_way",
        "language": "ja",
        "parameters": ["山田", {"name": "order_number", "text": "HK-1001"}],
    }
    (request,) = prepared(WhatsApp(), template=template)
    assert request["template"]["components"] == [
        {
            "type": "body",
            "parameters": [
                {"type": "text", "text": "山田"},
                {"type": "text", "parameter_name": "order_number", "text": "HK-1001"},
            ],
        }
    ]
