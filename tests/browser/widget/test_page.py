"""The launcher on a shop of another origin: light, unmoved, under a strict policy and hostile sheets."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from helpdesk.web import bundle, widget_files
from tests.browser.test_pages import SHOTS
from tests.browser.until import becomes
from tests.browser.widget.hands import HOSTILE, Visit, launcher, open_chat, open_thread, say, stored
from tests.fakes.chat import Chat


def test_a_page_load_brings_the_loader_alone_and_moves_nothing(visit: Visit, chat: Chat) -> None:
    page = visit()
    expect(launcher(page)).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(
        "window.shifts = []; new PerformanceObserver(list => shifts.push(...list.getEntries().map(one => one.value)))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.reload()
    expect(launcher(page)).to_be_visible()
    page.wait_for_load_state("networkidle")
    of_ours = [url.removeprefix(chat.url).split("?")[0] for url in asked if url.startswith(chat.url)]
    assert of_ours == ["/widget.js", "/widget/config"]
    assert page.evaluate("shifts") == []
    assert chat.heard == []


def test_nothing_is_stored_before_the_first_message(visit: Visit, chat: Chat) -> None:
    page = visit()
    assert stored(page) == [[], [], "", 0]
    open_thread(page)
    page.locator(".composer textarea").fill("half a thought")
    page.reload()
    assert stored(page) == [[], [], "", 0]
    open_thread(page)
    say(page, "Hello")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    becomes(page, lambda: stored(page), [["helpdesk.KEY"], [], "", 0])
    assert page.context.cookies() == []


def test_a_hostile_sheet_of_the_shop_does_not_reach_the_widget(visit: Visit, shop: str) -> None:
    page = visit()
    page.route("**/files/shop.css", lambda route: route.fulfill(content_type="text/css", body=HOSTILE))
    page.reload()
    expect(launcher(page)).to_be_visible()
    box = launcher(page).bounding_box()
    assert box is not None and (round(box["width"]), round(box["height"])) == (56, 56)
    area = open_thread(page)
    say(page, "Still here")
    expect(page.locator(".own .bubble")).to_have_text("Still here")
    style = area.evaluate("one => [getComputedStyle(one).fontSize, getComputedStyle(one).visibility]")
    assert style == ["14px", "visible"]
    page.screenshot(path=SHOTS / "widget-hostile.png")


def test_the_shops_own_shortcuts_do_not_hear_what_is_typed(visit: Visit) -> None:
    page = visit()
    page.evaluate(
        "() => { window.heard = []; addEventListener('keydown', (event) => heard.push(event.key)); }"
    )
    open_thread(page)
    page.keyboard.type("/s")
    assert page.evaluate("heard") == []


def test_everything_is_done_with_the_keyboard_alone(visit: Visit, chat: Chat) -> None:
    page = visit("/contact")
    expect(launcher(page)).to_be_visible()
    launcher(page).focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Hinoki & Co.")
    expect(panel.get_by_role("button", name=re.compile("Send us a message"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("textbox", name="Message")).to_be_focused()
    page.keyboard.type("First line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second")
    page.keyboard.press("Enter")
    expect(panel.locator(".own .bubble")).to_have_text("First line\nsecond", use_inner_text=True)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("group", name="Choose an emoji")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("textbox", name="Message")).to_have_value("😀")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(launcher(page)).to_be_focused()
    expect(launcher(page)).to_have_attribute("aria-expanded", "false")


def test_enter_in_a_japanese_conversion_sends_nothing(visit: Visit, chat: Chat) -> None:
    page = visit(lang="ja")
    area = open_thread(page)
    area.fill("にほんご")
    for told in ({"isComposing": True}, {"keyCode": 229}):
        given = {"key": "Enter", "bubbles": True, "composed": True, "cancelable": True, **told}
        assert area.evaluate("(one, given) => one.dispatchEvent(new KeyboardEvent('keydown', given))", given)
    expect(area).to_have_value("にほんご")
    assert chat.frames("message") == []
    area.press("Enter")
    expect(page.locator(".own .bubble")).to_have_text("にほんご")


def test_the_shop_vouches_for_who_is_signed_in(visit: Visit, chat: Chat) -> None:
    page = visit()
    page.add_init_script(
        "new MutationObserver(() => { const tag = document.querySelector('script[data-brand]');"
        " if (tag) Object.assign(tag.dataset, {user: 'u-7', hash: 'abc'}); })"
        ".observe(document, {childList: true, subtree: true})"
    )
    page.goto("/contact")
    page.get_by_role("main").get_by_role("button", name="Chat with us").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.locator(".card").first.click()
    say(page, "It is me")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    (hello,) = chat.frames("hello")
    assert (hello["user"], hello["hash"], hello["lang"]) == ("u-7", "abc", "en")
    assert hello["page"].endswith("/contact")


@pytest.mark.parametrize("lost", ["chat.js", "words-en.js", "chat.css"])
def test_what_could_not_be_loaded_is_asked_for_again(visit: Visit, lost: str) -> None:
    page = visit()
    page.route(f"**/{lost}**", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        launcher(page).click()
    page.evaluate("helpdeskChat.close()")  # after the attempt that is under way
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.unroute(f"**/{lost}**")
    open_chat(page)


def test_the_modules_work_as_they_are_too(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widget_files, "place", lambda: bundle.SOURCES)
    page = visit()
    with page.expect_response("**/talk.js"):
        open_thread(page)
    say(page, "Hello")
    expect(page.locator(".foot .fate")).to_have_text("Sent")


def test_a_brand_may_have_its_own_words_side_and_colour(visit: Visit, chat: Chat) -> None:
    chat.config["texts"] = {"greeting": "Moin!", "launcher": "Ask the workshop"}
    chat.config["brand"] |= {"colour": "#ffe14d", "position": "left"}
    page = visit()
    expect(launcher(page)).to_have_accessible_name("Ask the workshop")
    box = launcher(page).bounding_box()
    assert box is not None and box["x"] < 100
    panel = open_chat(page)
    expect(panel.locator(".greeting")).to_have_text("Moin!")
    ink = panel.locator(".head").evaluate("one => getComputedStyle(one).color")
    assert ink == "rgb(28, 27, 25)"
