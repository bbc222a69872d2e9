"""Every view in both languages, light and dark, wide and narrow: axe finds nothing, nothing is cut off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.test_pages import SHOTS
from tests.browser.widget.hands import ORDER, PICTURE, WIDGET, Visit, open_chat, say
from tests.fakes.chat import Chat

WORDS = {
    "ja": {
        "consent": "保存に同意します。",
        "campaign": "8,800円以上のご注文は送料無料です。\nお選びになるお手伝いをいたします。",
        "button": "相談する",
        "late": "荷物がまだ届きません。",
        "answer": "確認します。 https://hinoki.example/a",
        "rich": "<p>二つの方法があります。</p><ol><li>同梱の<b>返送ラベル</b>で送る</li><li>店舗に持参する</li></ol>",
        "articles": ["返品・交換の方法", "檜のまな板のお手入れ", "のし紙・包装について"],
    },
    "en": {
        "consent": "I agree.",
        "campaign": "Shipping is free from ¥8,800.\nMay we help you choose?",
        "button": "Ask us",
        "late": "My parcel is late.",
        "answer": "Let me look. https://hinoki.example/a",
        "rich": "<p>There are two ways:</p><ol><li>Send it with the <b>label</b></li><li>Bring it to us</li></ol>",
        "articles": ["How to return something", "Caring for a cypress board", "Gift wrapping"],
    },
}
Look = Callable[[str], None]


# Of language, colours and width every two meet; not every three.
@pytest.mark.parametrize(
    ("lang", "theme", "width"),
    [
        ("ja", "light", 1280),
        ("en", "dark", 1280),
        ("ja", "dark", 390),
        ("en", "light", 390),
        ("ja", "light", 320),
        ("en", "dark", 320),
    ],
)
def test_every_view_is_for_everybody(
    visit: Visit, chat: Chat, lang: str, theme: str, width: int, every_form: bool
) -> None:
    axe.needed()
    words: dict[str, Any] = WORDS[lang]
    furnish(chat, words)
    page = visit(f"/?lang={lang}", lang=lang, width=width, color_scheme=theme)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        if every_form:
            page.screenshot(path=SHOTS / f"widget-{name}-{lang}-{theme}-{width}.png")
        found[name] = axe.find(page, WIDGET)
        for box in page.locator(".panel, .nudge, .teaser").all():
            wide = box.evaluate("one => one.scrollWidth - one.clientWidth")
            found[name] += [f"{wide} px too wide"] if wide > 0 else []

    expect(page.locator(".nudge")).to_be_visible()
    look("campaign")
    panel = open_chat(page)
    assert (panel.get_attribute("aria-modal") == "true") == (width < 480)
    expect(panel.locator(".shelf .topic")).to_have_count(4)
    look("home")
    help_yourself(page, look)
    talk(page, chat, words, look)
    assert {name: one for name, one in found.items() if one} == {}


def furnish(chat: Chat, words: dict[str, Any]) -> None:
    chat.orders["HK-1 a@b.example"] = ORDER
    chat.config["consent"] = {"text": words["consent"], "url": "https://x.example"}
    told = {"text": words["campaign"], "button": words["button"]}
    chat.config["campaigns"] = [{"key": "free", "when": {}, "every_days": 7, **told}]
    html = words["rich"] + f"<h3>{words['articles'][1]}</h3><p>{words['answer'] * 9}</p>"
    chat.articles = [
        {"key": f"a{number}", "title": title, "html": html, "updated_at": "2026-11-02T09:00:00+00:00"}
        for number, title in enumerate(words["articles"])
    ]


def help_yourself(page: Page, look: Look) -> None:
    panel = page.get_by_role("dialog")
    back = panel.locator(".head button").first
    panel.locator(".shelf .topic").nth(1).click()
    expect(panel.locator(".vote")).to_be_visible()
    look("article")
    panel.locator(".vote .reply").last.click()
    back.click()
    panel.locator(".card").nth(1).click()
    panel.locator(".orders input").nth(0).fill("HK-1")
    panel.locator(".orders input").nth(1).fill("a@b.example")
    panel.locator("[type=submit]").click()
    expect(panel.locator(".order")).to_be_visible()
    look("order")
    back.click()
    panel.locator(".topic").first.click()
    panel.locator(".reply").first.click()
    look("flow")
    back.click()


def talk(page: Page, chat: Chat, words: dict[str, Any], look: Look) -> None:
    panel = page.get_by_role("dialog")
    panel.locator(".card").first.click()
    panel.locator("[type=submit]").click()
    look("before")
    panel.locator("#consent").check()
    panel.locator("[type=submit]").click()
    page.locator(".composer textarea").fill(words["articles"][0])
    expect(page.locator(".suggested .topic").first).to_be_visible()
    look("suggested")
    say(page, words["late"])
    expect(page.locator(".foot .expect")).to_be_visible()
    look("waiting")
    chat.say(words["answer"])
    chat.say("", html=words["rich"])
    expect(page.locator(".theirs .bubble")).to_have_count(2)
    page.locator(".composer textarea").evaluate(PICTURE)
    expect(page.locator(".send")).to_be_enabled()
    look("thread")
    page.locator(".send").click()
    chat.tell({"type": "closed"})
    page.locator(".star").nth(3).click()
    look("rating")
    page.keyboard.press("Escape")
    chat.say(words["answer"])
    expect(page.locator(".teaser")).to_be_visible()
    look("teaser")
