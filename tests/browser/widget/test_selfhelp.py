"""Forms before a chat, orders, and walks through questions."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.until import becomes
from tests.browser.widget.hands import ORDER, Visit, open_chat, say
from tests.fakes.chat import Chat


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
    becomes(page, lambda: len(chat.frames("message")), 2)
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
    becomes(page, lambda: [one["prechat"] for one in chat.frames("message")], [{"email": "yumi@example.com"}])


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
    becomes(
        page, lambda: [one["flow"] for one in chat.frames("message")], [{"key": "returns", "path": ["what"]}]
    )
    steps = [("what", None), ("free", "what"), ("answered", "free"), ("what", None)]
    becomes(page, lambda: walked(chat), steps)
    assert chat.seen == []


def test_a_walk_without_a_line_is_counted_as_well(visit: Visit, chat: Chat) -> None:
    chat.refuses = True
    page = visit()
    panel = open_chat(page)
    panel.get_by_role("button", name="Returns").click()
    first = {"flow": "returns", "step": "what"}
    becomes(page, lambda: chat.seen, [first])
    panel.get_by_role("button", name="Unused").click()
    becomes(page, lambda: chat.seen, [first, {"flow": "returns", "step": "free", "before": "what"}])


def test_leaving_a_walk_for_the_orders_or_a_page_is_counted(visit: Visit, chat: Chat) -> None:
    chat.config["flows"][0]["steps"]["what"]["buttons"] = [
        {"label": "Read more", "url": "https://hinoki.example/returns"},
        {"label": "Show my order", "open": "orders"},
    ]
    page = visit()
    panel = open_chat(page)
    panel.get_by_role("button", name="Returns").click()
    page.context.route("https://hinoki.example/**", lambda route: route.fulfill(body="returns"))
    with page.expect_popup():
        panel.get_by_role("link", name="Read more").click()
    panel.get_by_role("button", name="Show my order").click()
    expect(panel.get_by_role("textbox", name="Order number")).to_be_focused()
    becomes(page, lambda: walked(chat), [("what", None), ("opened", "what"), ("opened", "what")])


def test_closing_while_the_first_view_is_read_turns_the_chat_into_a_letter(visit: Visit, chat: Chat) -> None:
    chat.welcome = {"open": False}
    page = visit()
    panel = open_chat(page)
    expect(panel.locator(".card").first).to_contain_text("Leave a message")
    panel.locator(".card").first.click()
    expect(panel.get_by_role("textbox", name="E-mail")).to_be_visible()


def walked(chat: Chat) -> list[tuple[str, str | None]]:
    """Each step of a walk that the server heard of, and the one before it."""
    return [(frame["step"], frame.get("before")) for frame in chat.frames("flow")]
