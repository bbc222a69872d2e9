"""Campaigns keep the rules that say something, and speak in the languages that they have words in."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.channels.chat import campaigns
from helpdesk.errors import Invalid

HELLO = {
    "key": "hello",
    "name": "Hello",
    "texts": {"ja": "こんにちは", "en": "Hello"},
    "buttons": {"en": "Ask"},
    "when": {"url": "/cart", "seconds": 0, "visits": 2, "exit": False, "new_visitor": True, "colour": "red"},
    "every_days": 3,
}


def test_only_rules_that_say_something_are_kept() -> None:
    assert campaigns.normal(HELLO)["when"] == {"url": "/cart", "visits": 2, "new_visitor": True}


def test_a_campaign_is_told_in_its_languages_alone() -> None:
    both = campaigns.normal(HELLO)
    english = campaigns.normal({**HELLO, "key": "en", "texts": {"en": "Hi"}, "flow": "returns"})
    asked = campaigns.normal({**HELLO, "key": "ja", "when": {"language": "ja"}})
    off = campaigns.normal({**HELLO, "key": "off", "active": False})
    given = (both, english, asked, off)
    assert [one["key"] for one in campaigns.told(given, "en")] == ["hello", "en"]
    assert [one["key"] for one in campaigns.told(given, "ja")] == ["hello", "ja"]
    first, second = campaigns.told(given, "en")
    assert first == {
        "key": "hello",
        "text": "Hello",
        "button": "Ask",
        "when": both["when"],
        "every_days": 3,
    }
    assert second["flow"] == "returns"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"key": "No good"}, "key"),
        ({"texts": {}}, "text"),
        ({"texts": {"en": "x" * 301}}, "text"),
        ({"buttons": {"en": "x" * 41}}, "button"),
        ({"when": {"seconds": -1}}, "seconds"),
        ({"when": {"cart_at_least": "many"}}, "cart_at_least"),
        ({"when": "always"}, "when"),
        ({"every_days": 0}, "every_days"),
    ],
)
def test_what_no_widget_could_show_is_refused(given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        campaigns.normal({**HELLO, **given})
    assert refused.value.field == field


def test_settings_of_another_hand_do_no_harm() -> None:
    assert campaigns.told(({"texts": {"en": "no key"}}, {"key": "x"}), "en") == []
