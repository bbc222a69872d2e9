"""Forms that think along: nobody answers past an unread message or twice, and a mailbox knows its server.

What is written survives reloads, lost connections and second windows: test_drafts.py; files: test_files.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from helpdesk.models import Direction, Message, Ticket
from helpdesk.tickets import recipients
from tests.browser import axe
from tests.browser.conftest import OpenPage
from tests.browser.site import Site

pytestmark = pytest.mark.expects("status of 422")


def test_an_answer_waits_for_its_writer_to_read_what_came_in(page: Page, site: Site) -> None:
    ticket = site.take()
    page.route_web_socket("**/live", lambda socket: None)  # the news come only with the answer
    page.goto(f"/tickets/{ticket.key}")
    ready(page).fill("We will look into it.")
    hear(site, ticket, "I have moved meanwhile")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#composer").get_by_role("alert")).to_contain_text("Something was added meanwhile")
    expect(page.locator(".message-theirs").last).to_contain_text("I have moved meanwhile")
    expect(page.locator("#reply-form .text")).to_have_value("We will look into it.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message-ours").last).to_contain_text("We will look into it.")
    expect(page.locator("#reply-form .text")).to_have_value("")


def test_sending_twice_by_an_impatient_hand_is_one_answer(page: Page, site: Site) -> None:
    ticket = site.take()
    page.goto(f"/tickets/{ticket.key}")
    page.locator("#reply-form .text").fill("Sent by an impatient hand.")
    page.evaluate(
        """() => { const form = document.querySelector("#reply-form"); form.requestSubmit(); form.requestSubmit(); }"""
    )
    expect(page.locator(".message-ours").last).to_contain_text("Sent by an impatient hand.")
    with site.database.read() as unit:
        found = unit.session.exec(select(Message).where(Message.reply == "Sent by an impatient hand.")).all()
    assert len(found) == 1


def test_ticket_addresses_are_switched_on_for_servers_known_to_take_them(open_page: OpenPage) -> None:
    page = open_page("en-light", path="/settings/mailboxes/new")
    box = page.get_by_label("Replies come to name+ticket@domain")
    expect(box).not_to_be_checked()
    page.locator("[name=imap_host]").fill("imap.gmail.com")
    expect(box).to_be_checked()
    page.locator("[name=imap_host]").fill("mail.example.com")
    expect(box).not_to_be_checked()


def test_a_macro_is_chosen_from_an_empty_line_with_its_text_beside_it(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.take().key}")
    words = ready(page)
    words.fill("Good morning,\n")
    words.press("/")
    search = page.get_by_label("Find a macro")
    expect(search).to_be_focused()
    search.press_sequentially("kind words")
    expect(page.locator("#macro-found a")).to_have_count(1)
    expect(page.locator("#macro-preview .preview-title")).to_have_text("Thank you for your kind words")
    shown = page.locator("#macro-preview .preview-text").inner_text()
    search.press("Enter")
    expect(words).to_be_focused()
    expect(words).to_have_value(f"Good morning,\n{shown}")
    words.fill("")
    words.press("/")
    search.fill("")
    search.press("/")
    expect(words).to_have_value("/")


def test_a_macro_speaks_the_language_that_is_asked_for(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.take().key}")
    words = ready(page)
    words.press("/")
    page.get_by_label("Find a macro").fill("kind words")
    expect(page.locator("#macro-found a")).to_have_count(1)
    page.locator(".macro-languages").get_by_text("日本語").click()
    expect(page.locator('#macro-preview .preview-text[lang="ja"]')).to_be_visible()
    page.get_by_label("Find a macro").press("Enter")
    expect(words).to_have_value(re.compile("[ぁ-ん]{3}"))


def test_japanese_is_converted_without_disturbance_in_both_editors(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.take().key}")
    words = ready(page)
    words.click()
    convert(page, "にほんご", "日本語")
    expect(words).to_have_value("日本語")
    page.get_by_role("button", name="Formatting", exact=True).click()
    rich = page.locator("#reply-form .rich")
    expect(rich).to_be_focused()
    convert(page, "です", "です。")
    expect(rich).to_have_text("日本語です。")
    expect(words).to_have_value("日本語です。")
    page.keyboard.press("Enter")
    convert(page, "にぎょうめ", "二行目")
    expect(words).to_have_value("日本語です。\n二行目")
    page.get_by_role("button", name="Formatting", exact=True).click()
    expect(words).to_be_visible()
    expect(words).to_have_value("日本語です。\n二行目")


def test_formatting_is_sent_and_pasted_layout_is_not(page: Page, site: Site) -> None:
    ticket = site.take()
    page.goto(f"/tickets/{ticket.key}")
    words = ready(page)
    words.click()
    words.press("Control+b")
    expect(page.locator("#reply-form .rich")).to_be_focused()
    page.keyboard.type("Bold words")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    paste(
        page,
        "text/html",
        "<h1 style='color:red' onclick='x()'>Head</h1><table><tr><td>cell</td></tr></table>",
    )
    rich = page.locator("#reply-form .rich")
    expect(rich).to_contain_text("cell")
    expect(rich.locator("h1, table, [style], [onclick]")).to_have_count(0)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message-ours").last).to_contain_text("Bold words")
    with site.database.read() as unit:
        found = unit.session.exec(select(Message).where(Message.ticket_id == ticket.pk, Message.html != None))  # noqa: E711
        html = next(one.html for one in found if one.html and "Bold" in one.html)
    assert "<b>Bold words</b>" in html
    assert "style" not in html


def test_pasted_lines_stay_lines(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.take().key}")
    words = ready(page)
    page.get_by_role("button", name="Formatting", exact=True).click()
    expect(page.locator("#reply-form .rich")).to_be_focused()
    paste(page, "text/plain", "one\ntwo\n\nthree")
    expect(words).to_have_value("one\ntwo\n\nthree")


def test_a_hole_in_formatted_text_blocks_sending(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.take().key}")
    words = ready(page)
    words.fill("Your parcel 〔shipment.tracking_number〕 has left.")
    page.get_by_role("button", name="Formatting", exact=True).click()
    expect(page.locator("#reply-form .rich")).to_be_visible()
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    page.wait_for_function("() => CSS.highlights.get('macro-hole')?.size === 1")


def test_an_answer_in_another_language_is_pointed_out_and_may_be_sent(page: Page, site: Site) -> None:
    ticket = site.take()
    page.goto(f"/tickets/{ticket.key}")
    japanese, english = (
        "お問い合わせありがとうございます。確認いたします。",
        "Thank you for writing, we will look into it today.",
    )
    ready(page).fill(english if ticket.language == "ja" else japanese)
    strip = page.locator(".language-strip")
    expect(strip).to_be_visible()
    strip.get_by_role("button").click()
    expect(strip).to_be_hidden()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#reply-form .text")).to_have_value("")


def test_a_colleague_is_called_by_name(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.take().key}")
    ready(page)
    page.keyboard.press("n")
    note = page.get_by_label("Note to colleagues")
    expect(note).to_be_focused()
    page.keyboard.type("Ask @ren")
    option = page.locator("#mentions [role=option]").first
    expect(option).to_be_visible()
    name = option.inner_text()
    page.keyboard.press("Enter")
    expect(note).to_have_value(f"Ask @{name} ")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_open_composer_is_for_everybody(open_page: OpenPage, site: Site, width: int) -> None:
    axe.needed()
    page = open_page("ja-dark", width=width)
    page.goto(f"/tickets/{site.take().key}")
    ready(page).fill("〔shipment.tracking_number〕")
    page.locator("#macro-menu summary").click()
    page.locator("#macro-found li").first.wait_for()
    found = axe.find(page, "#composer")
    page.keyboard.press("Escape")
    page.locator("[data-format-toggle]").click()
    page.locator(".kind-now").click()
    page.locator('[data-kind-choice="forward"]').click()
    page.locator(".send-menu summary").click()
    found += axe.find(page, "#composer")
    page.keyboard.press("Escape")
    page.locator("#tab-note").click()
    page.keyboard.type("@")
    page.locator("#mentions li").first.wait_for()
    found += axe.find(page, "#composer")
    assert found == []


def ready(page: Page) -> Locator:
    """The text of the composer, once it knows of its ticket."""
    page.locator("#composer[data-ready]").wait_for()
    page.locator(".person-chip").first.wait_for(state="attached")
    return page.locator("#reply-form .text")


def convert(page: Page, kana: str, words: str) -> None:
    """As an input method does: the reading grows letter by letter, then what was meant takes its place."""
    session = page.context.new_cdp_session(page)
    for length in range(1, len(kana) + 1):
        session.send(
            "Input.imeSetComposition",
            {"text": kana[:length], "selectionStart": length, "selectionEnd": length},
        )
    session.send("Input.insertText", {"text": words})


def paste(page: Page, kind: str, content: str) -> None:
    page.evaluate(
        """([kind, content]) => {
          const data = new DataTransfer();
          data.setData(kind, content);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [kind, content],
    )


def hear(site: Site, ticket: Ticket, words: str, cc: Sequence[str] = ()) -> None:
    """The customer writes again."""
    with site.database.write() as unit:
        address = recipients.read(unit, ticket).customer or {}
        unit.session.add(
            Message(
                brand_id=ticket.brand_id,
                ticket_id=ticket.pk,
                customer_id=ticket.customer_id,
                channel="email",
                direction=Direction.IN,
                sender=dict(address),
                cc=[{"name": "", "address": one} for one in cc],
                text=words,
                reply=words,
                fingerprint=f"heard {words}",
                sent_at=unit.now,
                created_at=unit.now,
            )
        )
