"""Articles in the chat: suggested while somebody writes, looked for, read, and whether they helped."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.until import becomes
from tests.browser.widget.hands import Visit, open_chat, open_thread, say
from tests.fakes.chat import Chat

ARTICLES = [
    {
        "key": "returns",
        "title": "How to return something",
        "html": '<p>Send it back within <b>14 days</b>.</p><h3>How</h3><ol start="2"><li>Pack it</li><li>Use the '
        '<a href="https://hinoki.example/label">label</a></li></ol>'
        '<p onclick="x()">A &amp; B<script>alert(1)</script><a href="javascript:alert(1)">bad</a></p>',
        "updated_at": "2026-11-02T09:00:00+00:00",
    },
    {"key": "care", "title": "Caring for cypress", "html": "<p>Rinse it.</p>", "updated_at": "2026-10-01"},
    {
        "key": "noshi",
        "title": "のし紙",
        "html": "<p>無料です。</p>",
        "language": "ja",
        "updated_at": "2026-10-01",
    },
]


@pytest.fixture
def shelved(chat: Chat) -> Chat:
    chat.articles = [dict(one) for one in ARTICLES]
    return chat


def test_what_may_answer_it_is_shown_while_somebody_writes(visit: Visit, shelved: Chat) -> None:
    page = visit()
    area = open_thread(page)
    area.press_sequentially("return a parcel")
    suggested = page.get_by_role("region", name="This may answer it")
    expect(suggested.get_by_role("button", name="How to return something")).to_be_visible()
    expect(area).to_be_focused()
    suggested.get_by_role("button", name="How to return something").click()
    expect(page.get_by_role("heading", name="How to return something")).to_be_focused()
    page.get_by_role("button", name="Back").click()
    expect(area).to_have_value("return a parcel")
    say(page, "return a parcel")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    expect(suggested).to_be_hidden()
    page.locator(".composer textarea").press_sequentially("care")
    expect(page.locator(".own .bubble")).to_have_count(1)
    assert "care" not in [one.get("q") for one in shelved.sought]


def test_half_a_japanese_word_asks_nothing(visit: Visit, shelved: Chat) -> None:
    page = visit(lang="ja")
    area = open_thread(page)
    area.evaluate(
        "one => { one.value = 'のし'; one.dispatchEvent(new InputEvent('input', {isComposing: true, bubbles: true})); }"
    )
    page.clock.install()
    page.wait_for_timeout(700)
    assert [one for one in shelved.sought if one.get("q")] == []
    area.dispatch_event("compositionend")
    page.clock.run_for(600)
    expect(page.locator(".suggested .topic")).to_have_text("のし紙英語のみ")


def test_suggestions_can_be_waved_away(visit: Visit, shelved: Chat) -> None:
    page = visit()
    area = open_thread(page)
    area.press_sequentially("return")
    becomes(page, lambda: shelved.sought[-1:] and shelved.sought[-1].get("q"), "return")
    page.get_by_role("button", name="Hide suggestions").click()
    expect(page.locator(".suggested")).to_be_hidden()
    expect(area).to_be_focused()
    before = len(shelved.sought)
    area.press_sequentially(" care")
    say(page, "return care")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    assert len(shelved.sought) == before


def test_an_article_is_looked_for_read_and_voted_on(visit: Visit, shelved: Chat) -> None:
    page = visit()
    panel = open_chat(page)
    first = ["Returns", "How to return something", "Caring for cypress", "のし紙In Japanese only"]
    expect(panel.locator(".shelf .topic")).to_have_text(first)
    panel.get_by_role("searchbox", name="Search for an answer").fill("nothing like this")
    expect(panel.get_by_text("Nothing found. Ask us, we answer.").first).to_be_visible()
    panel.get_by_role("searchbox").fill("14 days")
    expect(panel.locator(".shelf .topic")).to_have_count(1)
    panel.locator(".shelf .topic").click()
    text = panel.locator(".rich")
    expect(text.get_by_role("heading", name="How")).to_be_visible()
    assert text.locator("ol").get_attribute("start") == "2"
    link = text.get_by_role("link", name="label")
    assert link.get_attribute("href") == "https://hinoki.example/label"
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"
    expect(text.get_by_role("link", name="bad")).to_have_count(0)
    expect(text.locator("p").last).to_have_text("A & Bbad")
    assert text.evaluate("one => one.querySelectorAll('script, [onclick]').length") == 0
    panel.get_by_role("button", name="No", exact=True).click()
    expect(panel.get_by_text("We are sorry.")).to_be_focused()
    becomes(page, lambda: shelved.asked, [("helpful", {"key": "returns", "helpful": False})])
    panel.get_by_role("button", name="Talk to a person").click()
    expect(panel.get_by_role("textbox", name="Message")).to_be_focused()


def test_the_search_is_still_there_after_reading(visit: Visit, shelved: Chat) -> None:
    page = visit()
    panel = open_chat(page)
    panel.get_by_role("searchbox").fill("cypress")
    expect(panel.locator(".shelf .topic")).to_have_text(["Caring for cypress"])
    panel.locator(".shelf .topic").first.click()
    expect(panel.locator(".rich")).to_have_text("Rinse it.")
    panel.get_by_role("button", name="Back").click()
    expect(panel.get_by_role("searchbox")).to_have_value("cypress")
    expect(panel.locator(".shelf .topic")).to_have_text(["Caring for cypress"])


def test_a_brand_without_articles_shows_no_sign_of_them(visit: Visit, chat: Chat) -> None:
    page = visit()
    panel = open_chat(page)
    expect(panel.locator(".shelf .topic")).to_have_text(["Returns"])
    expect(panel.get_by_role("searchbox")).to_be_hidden()
    panel.locator(".card").first.click()
    panel.get_by_role("textbox", name="Message").press_sequentially("return a parcel")
    say(page, "return a parcel")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    assert [one for one in chat.sought if "q" in one] == []


def test_an_article_that_cannot_be_fetched_can_be_tried_again(visit: Visit, shelved: Chat) -> None:
    page = visit()
    panel = open_chat(page)
    page.route("**/widget/articles/care**", lambda route: route.abort())
    panel.locator(".shelf .topic", has_text="cypress").click()
    expect(panel.get_by_role("alert")).to_contain_text("That did not work.")
    page.unroute("**/widget/articles/care**")
    panel.get_by_role("button", name="Try again").click()
    expect(panel.locator(".rich")).to_have_text("Rinse it.")


def test_out_of_hours_the_form_suggests_as_well_and_keeps_what_is_written(
    visit: Visit, shelved: Chat
) -> None:
    shelved.config["open"] = False
    page = visit()
    panel = open_chat(page)
    panel.locator(".card").first.click()
    panel.get_by_role("textbox", name="Message").press_sequentially("I want to return it")
    panel.locator(".suggested .topic").first.click()
    expect(panel.locator(".article h3").first).to_be_focused()
    panel.get_by_role("button", name="Back").click()
    expect(panel.get_by_role("textbox", name="Message")).to_have_value("I want to return it")
