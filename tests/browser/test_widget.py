"""The chat widget on a shop of another origin, in a real Chromium, under a strict policy and hostile sheets."""

from __future__ import annotations

import copy
import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from helpdesk.demo import storefront
from tests.browser.conftest import PATIENCE, listen
from tests.browser.test_pages import AXE, SHOTS
from tests.fakes import chat as fake
from tests.fakes.chat import Chat
from tests.fakes.ports import free_port

WIDGET = Path(__file__).parents[2] / "static" / "widget"
LOADER_MOST, ALL_MOST = 10_000, 40_000  # bytes, gzipped
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
FIND = """async () => {
  const found = await axe.run({ include: [["helpdesk-chat"]] }, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    resultTypes: ["violations"], preload: false,
  });
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target} ${node.failureSummary}`));
}"""
Visit = Callable[..., Page]


@pytest.fixture
def chat() -> Iterator[Chat]:
    yield from fake.start(copy.deepcopy(CONFIG))


@pytest.fixture
def shop(chat: Chat) -> Iterator[str]:
    with storefront.serving(free_port(), helpdesk=chat.url, widget=lambda: "KEY") as address:
        yield address


@pytest.fixture
def visit(chromium: Browser, shop: str) -> Iterator[Visit]:
    """visit(lang="en", width=390, …) -> the shop's first page in a browser of its own."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def go(path: str = "/", *, lang: str = "en", width: int = 1280, height: int = 800, **given: Any) -> Page:
        options: dict[str, Any] = {"locale": lang, "reduced_motion": "reduce", **given}
        context = chromium.new_context(base_url=shop, viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        listen(page, complaints)
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()
    broken = [one for one in complaints if "WebSocket connection" not in one and "ERR_FAILED" not in one]
    assert broken == []


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


def test_the_loader_and_the_whole_widget_are_small() -> None:
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in WIDGET.iterdir()}
    assert sizes["loader.js"] <= LOADER_MOST
    assert sum(sizes.values()) <= ALL_MOST, sizes


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
    assert stored(page) == [["helpdesk.KEY"], [], "", 0]
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


def test_the_conversation_is_there_after_a_reload_with_what_came_meanwhile(visit: Visit, chat: Chat) -> None:
    page = visit()
    open_thread(page)
    say(page, "Where is my parcel?")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    page.goto("about:blank")
    (token,) = chat.lines
    chat.keep(token, {"from": fake.TEAM, "text": "It comes tomorrow."})
    page.goto("/")
    expect(launcher(page)).to_have_accessible_name("Chat with us (1 unread)")
    open_chat(page)
    expect(page.locator(".bubble")).to_have_text(["Where is my parcel?", "It comes tomorrow."])
    expect(launcher(page)).to_have_accessible_name("Chat with us")
    assert chat.frames("read")[-1] == {"type": "read", "seq": 2}


def test_two_tabs_show_the_same(visit: Visit, chat: Chat) -> None:
    one = visit()
    other = one.context.new_page()
    other.goto("/contact")
    other.get_by_role("button", name="Chat with us").first.click()
    other.locator(".card").first.click()
    open_thread(one)
    say(one, "From the first")
    expect(other.locator(".own .bubble")).to_have_text(["From the first"])
    say(other, "From the second")
    expect(one.locator(".own .bubble")).to_have_text(["From the first", "From the second"])
    chat.say("To both")
    for page in (one, other):
        expect(page.locator(".theirs .bubble")).to_have_text(["To both"])
    assert [line["text"] for (_, lines) in chat.lines.items() for line in lines] == [
        "From the first",
        "From the second",
        "To both",
    ]


def test_what_is_written_offline_waits_and_is_sent_once(visit: Visit, chat: Chat) -> None:
    page = visit()
    open_thread(page)
    say(page, "Before")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    chat.refuses = True
    chat.cut()
    page.context.set_offline(True)
    expect(page.locator(".strip")).to_contain_text("No connection")
    say(page, "One")
    say(page, "Two")
    expect(page.locator(".fate")).to_have_text(["Will be sent when you are online again"] * 2)
    chat.refuses = False
    page.context.set_offline(False)
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    expect(page.locator(".own .bubble")).to_have_text(["Before", "One", "Two"])
    (lines,) = chat.lines.values()
    assert [line["text"] for line in lines] == ["Before", "One", "Two"]


def test_a_message_without_its_ack_is_sent_again_by_the_same_key(visit: Visit, chat: Chat) -> None:
    page = visit()
    open_thread(page)
    chat.silent = True
    say(page, "Did you get this?")
    expect(page.locator(".own .fate")).to_have_text("Sending…")
    chat.silent = False
    page.reload()
    open_chat(page)
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    first, again = chat.frames("message")
    assert first["key"] == again["key"]
    expect(page.locator(".own .bubble")).to_have_count(1)


def test_a_picture_is_pasted_shown_and_still_there_after_a_reload(visit: Visit, chat: Chat) -> None:
    page = visit()
    area = open_thread(page)
    area.evaluate(PICTURE)
    expect(page.locator(".tray li")).to_contain_text("crack.png")
    send = page.get_by_role("button", name="Send", exact=True)
    expect(send).to_be_enabled()
    send.click()
    expect(page.locator(".picture canvas")).to_be_visible()
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    page.reload()
    open_chat(page)
    expect(page.locator(".picture canvas")).to_be_visible()
    assert len(chat.files) == 1


def test_a_file_that_is_too_large_is_told_and_not_sent(visit: Visit, chat: Chat) -> None:
    page = visit()
    open_thread(page)
    big = {"name": "film.mov", "mimeType": "video/quicktime", "buffer": b"0" * 5_000_001}
    page.locator("input[type=file]").set_input_files([big])  # type: ignore[list-item]
    expect(page.locator(".tray .failed")).to_contain_text("is larger than 5.0 MB")
    assert chat.files == {}


def test_links_are_safe_and_markup_is_text(visit: Visit, chat: Chat) -> None:
    page = visit()
    open_thread(page)
    say(page, "hi")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    chat.say("<img src=x onerror=alert(1)> javascript:alert(1) (https://hinoki.example/a?b=1).")
    bubble = page.locator(".theirs .bubble")
    expect(bubble).to_have_text(
        "<img src=x onerror=alert(1)> javascript:alert(1) (https://hinoki.example/a?b=1)."
    )
    links = bubble.get_by_role("link")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", "https://hinoki.example/a?b=1")
    expect(links).to_have_attribute("rel", "noopener noreferrer nofollow")


def test_the_form_comes_first_and_goes_along_with_the_first_message(visit: Visit, chat: Chat) -> None:
    chat.config["prechat"] = [{"name": "email", "label": "E-mail", "type": "email", "required": True}]
    chat.config["consent"] = {"text": "You may keep this.", "url": "https://hinoki.example/privacy"}
    page = visit()
    panel = open_chat(page)
    panel.locator(".card").first.click()
    panel.get_by_role("button", name="Start the chat").click()
    email = panel.get_by_role("textbox", name="E-mail")
    expect(email).to_be_focused()
    expect(email).to_have_attribute("aria-invalid", "true")
    email.fill("yumi@example.com")
    panel.get_by_role("checkbox", name="You may keep this.").check()
    email.press("Enter")
    say(page, "Hello")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    say(page, "And this")
    expect(page.locator(".own .bubble")).to_have_count(2)
    first, second = chat.frames("message")
    assert (first["prechat"], first["consent"]) == ({"email": "yumi@example.com"}, True)
    assert "prechat" not in second


def test_out_of_hours_a_message_is_left_with_an_address(visit: Visit, chat: Chat) -> None:
    chat.config["open"] = False
    page = visit(lang="ja")
    panel = open_chat(page)
    panel.get_by_role("button", name=re.compile("メッセージを残す")).click()
    panel.get_by_role("textbox", name="メールアドレス").fill("yumi@example.com")
    panel.get_by_role("textbox", name="メッセージ").fill("壊れていました")
    panel.get_by_role("button", name="送信").click()
    expect(panel.locator(".note")).to_contain_text("yumi@example.com")
    expect(page.locator(".own .bubble")).to_have_text("壊れていました")
    expect(page.locator(".foot .fate")).to_be_visible()
    assert chat.frames("message")[0]["prechat"] == {"email": "yumi@example.com"}


def test_an_order_is_found_and_unknown_ones_are_told_apart_from_nothing(visit: Visit, chat: Chat) -> None:
    chat.orders["HK-20391 yumi@example.com"] = ORDER
    page = visit()
    panel = open_chat(page)
    panel.get_by_role("button", name=re.compile("Track your order")).click()
    panel.get_by_role("textbox", name="Order number").fill("HK-20391")
    panel.get_by_role("textbox", name="E-mail").fill("wrong@example.com")
    panel.get_by_role("button", name="Show my order").click()
    expect(panel.get_by_role("alert")).to_contain_text("no order with this number and e-mail")
    panel.get_by_role("textbox", name="E-mail").fill("yumi@example.com")
    panel.get_by_role("button", name="Show my order").click()
    expect(panel.get_by_role("heading", name="Order HK-20391")).to_be_focused()
    expect(panel.get_by_text("On its way")).to_be_visible()
    assert panel.get_by_role("link").get_attribute("href") == "https://t.example/4821"


def test_a_flow_ends_in_an_answer_or_becomes_a_message(visit: Visit, chat: Chat) -> None:
    page = visit()
    panel = open_chat(page)
    panel.get_by_role("button", name="Returns").click()
    panel.get_by_role("button", name="Unused").click()
    expect(panel.get_by_text("Returns are free.").first).to_be_visible()
    panel.get_by_role("button", name="That answered it").click()
    panel.get_by_role("button", name="Back").click()
    panel.get_by_role("button", name="Returns").click()
    panel.get_by_role("button", name="Broken").click()
    expect(page.locator(".own .bubble")).to_have_text(
        "Returns › Broken\nIt arrived broken.", use_inner_text=True
    )
    assert chat.frames("message")[0]["flow"] == {"key": "returns", "path": ["what"]}
    assert [frame["step"] for frame in chat.frames("flow")] == ["what", "free", "answered", "what"]


def test_read_typing_quick_replies_rating_and_transcript(visit: Visit, chat: Chat) -> None:
    page = visit()
    open_thread(page)
    say(page, "Is it in stock?")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    chat.tell({"type": "read", "seq": 1})
    expect(page.locator(".foot .fate")).to_have_text("Read")
    chat.tell({"type": "typing", "from": {"name": "Emma"}})
    expect(page.locator(".typing")).to_contain_text("Emma is writing…")
    chat.say("Which size?", replies=["M", "L"])
    expect(page.locator(".typing")).to_be_hidden()
    page.get_by_role("button", name="L", exact=True).click()
    expect(page.locator(".own .bubble")).to_have_text(["Is it in stock?", "L"])
    chat.tell({"type": "closed"})
    page.get_by_role("radio", name="Good", exact=True).check(force=True)
    page.get_by_role("textbox", name="Anything you would like to add?").fill("Quick!")
    page.get_by_role("button", name="Send rating").click()
    expect(page.locator(".thanks")).to_be_visible()
    assert chat.frames("rate") == [{"type": "rate", "score": 4, "comment": "Quick!"}]
    page.get_by_role("button", name="Send this conversation by e-mail").click()
    page.get_by_role("textbox", name="E-mail").fill("yumi@example.com")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".note")).to_contain_text("yumi@example.com")
    assert chat.asked == [("transcript", {"email": "yumi@example.com"})]


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


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_every_view_is_for_everybody(visit: Visit, chat: Chat, lang: str, theme: str, width: int) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed; run: make vendor")
    chat.orders["HK-1 a@b.example"] = ORDER
    chat.config["consent"] = {
        "text": "保存に同意します。" if lang == "ja" else "I agree.",
        "url": "https://x.example",
    }
    page = visit(f"/?lang={lang}", lang=lang, width=width, color_scheme=theme)
    page.evaluate(AXE.read_text())
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        page.screenshot(path=SHOTS / f"widget-{name}-{lang}-{theme}-{width}.png")
        found[name] = page.evaluate(FIND)
        wide = page.locator(".panel").evaluate("one => one.scrollWidth - one.clientWidth")
        found[name] += [f"{wide} px too wide"] if wide > 0 else []

    panel = open_chat(page)
    assert (panel.get_attribute("aria-modal") == "true") == (width < 480)
    look("home")
    panel.locator(".card").nth(1).click()
    panel.locator(".orders input").nth(0).fill("HK-1")
    panel.locator(".orders input").nth(1).fill("a@b.example")
    panel.locator("[type=submit]").click()
    expect(panel.locator(".order")).to_be_visible()
    look("order")
    panel.locator(".head button").first.click()
    panel.locator(".topic").first.click()
    panel.locator(".reply").first.click()
    look("flow")
    panel.locator(".head button").first.click()
    panel.locator(".card").first.click()
    panel.locator("[type=submit]").click()
    look("before")
    panel.locator("#consent").check()
    panel.locator("[type=submit]").click()
    say(page, "荷物がまだ届きません。" if lang == "ja" else "My parcel is late.")
    expect(page.locator(".foot .fate")).to_be_visible()
    chat.say(
        "確認します。 https://hinoki.example/a" if lang == "ja" else "Let me look. https://hinoki.example/a"
    )
    expect(page.locator(".theirs .bubble")).to_be_visible()
    page.locator(".composer textarea").evaluate(PICTURE)
    expect(page.locator(".send")).to_be_enabled()
    look("thread")
    page.locator(".send").click()
    chat.tell({"type": "closed"})
    page.locator(".star").nth(3).click()
    look("rating")
    page.keyboard.press("Escape")
    chat.say("お待たせしました。" if lang == "ja" else "Here it is.")
    expect(page.locator(".teaser")).to_be_visible()
    look("teaser")
    assert {name: one for name, one in found.items() if one} == {}
