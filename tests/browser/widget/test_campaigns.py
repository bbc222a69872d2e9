"""What a shop says by itself: when its rules hold, once in so many days, and nothing is kept without need."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.until import becomes
from tests.browser.widget.hands import FLOW, Visit, launcher, open_chat, say, stored
from tests.fakes.chat import Chat

DAY = 86_400_000


def campaign(**when: Any) -> dict[str, Any]:
    text = "Shipping is free from ¥8,800."
    return {"key": "free", "text": text, "button": "Ask us", "when": when, "every_days": 7}


def nudge(page: Page) -> Locator:
    return page.get_by_role("region", name="Hinoki & Co.").locator(".said")


def wait_for_watch(page: Page) -> None:
    """The rules are being looked at."""
    page.locator("helpdesk-chat .told").wait_for(state="attached")


def kept(page: Page) -> Any:
    return json.loads(page.evaluate("localStorage.getItem('helpdesk.KEY.campaigns')") or "null")


def test_a_campaign_is_shown_counted_and_leads_into_the_chat(visit: Visit, chat: Chat) -> None:
    chat.config["campaigns"] = [campaign(url="/products/*")]
    page = visit()
    wait_for_watch(page)
    expect(nudge(page)).to_be_hidden()
    page.goto("/products/KT-101")
    expect(nudge(page)).to_have_text("Shipping is free from ¥8,800.")
    expect(page.locator(".told")).to_have_text("Hinoki & Co.: Shipping is free from ¥8,800.")
    shown, clicked = ({"campaign": "free", "what": what} for what in ("shown", "clicked"))
    becomes(page, lambda: chat.seen, [shown])
    page.get_by_role("button", name="Ask us").click()
    expect(nudge(page)).to_be_hidden()
    expect(page.locator(".theirs .bubble")).to_have_text("Shipping is free from ¥8,800.")
    say(page, "For abroad as well?")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    say(page, "Hello?")
    expect(page.locator(".own .bubble")).to_have_text(["For abroad as well?", "Hello?"])
    becomes(page, lambda: [frame.get("campaign") for frame in chat.frames("message")], ["free", None])
    becomes(page, lambda: chat.seen, [shown, clicked])


def test_once_shown_it_stays_away_for_its_days(visit: Visit, chat: Chat) -> None:
    chat.config["campaigns"] = [campaign()]
    page = visit()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(nudge(page)).to_be_hidden()
    expect(launcher(page)).to_be_focused()
    page.reload()
    wait_for_watch(page)
    expect(nudge(page)).to_be_hidden()
    page.evaluate(
        f"localStorage.setItem('helpdesk.KEY.campaigns', JSON.stringify({{shown: {{free: Date.now() - 7 * {DAY}}}}}))"
    )
    page.reload()
    expect(nudge(page)).to_be_visible()
    becomes(page, lambda: [one["what"] for one in chat.seen], ["shown", "shown"])


def test_the_store_is_touched_only_by_what_has_to_be_remembered(visit: Visit, chat: Chat) -> None:
    chat.config["campaigns"] = [campaign(url="/nowhere", cart_at_least=1)]
    page = visit()
    wait_for_watch(page)
    assert stored(page) == [[], [], "", 0]
    chat.config["campaigns"] = [campaign(url="/nowhere", visits=2)]
    page.reload()
    wait_for_watch(page)
    becomes(page, lambda: set(kept(page) or ()), {"visits", "last"})
    chat.config["campaigns"] = [campaign()]
    page.reload()
    expect(nudge(page)).to_be_visible()
    becomes(page, lambda: set(kept(page).get("shown", ())), {"free"})
    assert page.context.cookies() == []


def test_visits_are_counted_and_somebody_new_is_new_once(visit: Visit, chat: Chat) -> None:
    chat.config["campaigns"] = [
        {**campaign(new_visitor=True), "key": "welcome", "text": "Welcome!"},
        {**campaign(visits=2), "key": "again", "text": "Nice to see you again."},
    ]
    page = visit()
    expect(nudge(page)).to_have_text("Welcome!")
    page.reload()
    wait_for_watch(page)
    expect(nudge(page)).to_be_hidden()
    page.evaluate(
        "localStorage.setItem('helpdesk.KEY.campaigns', JSON.stringify({visits: 1, last: Date.now() - 3600e3}))"
    )
    page.reload()
    expect(nudge(page)).to_have_text("Nice to see you again.")
    becomes(page, lambda: kept(page)["visits"], 2)


def test_time_on_the_page_counts_anew_where_a_shop_turns_its_page_itself(visit: Visit, chat: Chat) -> None:
    chat.config["campaigns"] = [campaign(seconds=30, url="/sale")]
    page = visit(clock=True)
    wait_for_watch(page)
    page.clock.run_for(40_000)
    page.evaluate("history.pushState({}, '', '/sale')")
    page.clock.run_for(29_000)
    expect(nudge(page)).to_be_hidden()
    page.clock.run_for(3_000)
    expect(nudge(page)).to_be_visible()


@pytest.mark.parametrize("way", ["call", "attribute"])
def test_the_shop_tells_what_is_in_the_cart(visit: Visit, chat: Chat, way: str) -> None:
    chat.config["campaigns"] = [campaign(cart_at_least=5000)]
    page = visit()
    wait_for_watch(page)
    expect(nudge(page)).to_be_hidden()
    if way == "call":
        page.evaluate("helpdeskChat.cart({value: 5200, currency: 'JPY'})")
    else:
        page.evaluate("document.querySelector('[data-cart]').dataset.cart = '¥5,200'")
    expect(nudge(page)).to_be_visible()


def test_it_waits_until_the_pointer_leaves_the_page(visit: Visit, chat: Chat) -> None:
    chat.config["campaigns"] = [campaign(exit=True)]
    page = visit()
    wait_for_watch(page)
    out = "y => document.body.dispatchEvent(new MouseEvent('mouseout', {bubbles: true, clientY: y}))"
    page.evaluate(out, 300)
    expect(nudge(page)).to_be_hidden()
    page.evaluate(out, -3)
    expect(nudge(page)).to_be_visible()


def test_nobody_is_disturbed_who_is_talking(visit: Visit, chat: Chat) -> None:
    chat.config["campaigns"] = [campaign(url="/contact")]
    page = visit()
    panel = open_chat(page)
    panel.locator(".card").first.click()
    say(page, "Hello")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    page.goto("/contact")
    expect(launcher(page)).to_be_visible()
    wait_for_watch(page)
    page.wait_for_function("() => helpdeskChat.open")
    expect(nudge(page)).to_be_hidden()
    assert chat.seen == []


def test_a_campaign_may_begin_a_walk(visit: Visit, chat: Chat) -> None:
    chat.config["campaigns"] = [{**campaign(), "flow": FLOW["key"]}]
    page = visit()
    page.get_by_role("button", name="Ask us").click()
    page.get_by_role("button", name="Broken").click()
    expect(page.locator(".own .bubble")).to_have_text(re.compile("It arrived broken"))
    becomes(page, lambda: [frame.get("campaign") for frame in chat.frames("message")], ["free"])
    assert chat.frames("message")[0]["flow"]["key"] == "returns"


def test_opening_the_chat_otherwise_puts_it_away(visit: Visit, chat: Chat) -> None:
    chat.config["campaigns"] = [campaign()]
    page = visit()
    expect(nudge(page)).to_be_visible()
    open_chat(page)
    expect(nudge(page)).to_be_hidden()
    becomes(page, lambda: [one["what"] for one in chat.seen], ["shown"])


def test_where_nothing_can_be_kept_nothing_is_said(visit: Visit, chat: Chat) -> None:
    chat.config["campaigns"] = [campaign()]
    page = visit()
    expect(nudge(page)).to_be_visible()
    becomes(page, lambda: len(chat.seen), 1)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    with page.expect_response("**/campaigns.js"):
        page.reload()
    expect(launcher(page)).to_be_visible()
    open_chat(page)
    expect(nudge(page)).to_be_hidden()
    assert len(chat.seen) == 1
