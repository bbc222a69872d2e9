"""Files of an answer: dropped, pasted, on their way, refused, tried again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect
from sqlmodel import select

from helpdesk.models import Attachment, Message
from tests.browser.site import Site
from tests.browser.test_composer import ready
from tests.browser.until import becomes

pytestmark = pytest.mark.expects("status of 413", "ERR_INTERNET_DISCONNECTED", "htmx:sendError")

GIVE = """([kind, name, type, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type }));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  (kind === "paste" ? document.activeElement : document.querySelector("#messages")).dispatchEvent(event);
}"""
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
TEXT = "aGVsbG8="


def test_a_dropped_file_shows_its_way_and_goes_with_the_answer(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.spare().key}")
    words = ready(page)
    held: list[Route] = []
    page.route("**/files/reply", lambda route: held.append(route))
    page.evaluate(GIVE, ["drop", "list.txt", "text/plain", TEXT])
    file = page.locator("#panel-reply .staged li")
    expect(file).to_contain_text("list.txt")
    expect(file.locator("progress")).to_be_visible()
    words.fill("The list is attached.")
    page.get_by_role("button", name="Send", exact=True).click()  # waits for the file
    becomes(page, lambda: len(held), 1)
    held[0].continue_()
    answer = page.locator(".message-ours").last
    expect(answer).to_contain_text("The list is attached.")
    expect(answer).to_contain_text("list.txt")
    expect(page.locator("#panel-reply .staged li")).to_have_count(0)


def test_a_lost_upload_is_tried_again_and_a_file_can_be_left_out(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.spare().key}")
    ready(page)
    page.context.set_offline(True)
    page.evaluate(GIVE, ["drop", "list.txt", "text/plain", TEXT])
    file = page.locator("#panel-reply .staged li")
    expect(file).to_contain_text("the connection was lost")
    page.context.set_offline(False)
    file.get_by_role("button", name="Try again").click()
    expect(page.locator("#panel-reply .staged li[data-key]")).to_have_count(1)
    page.reload()
    expect(page.locator("#panel-reply .staged li[data-key]")).to_contain_text("list.txt")
    file.get_by_role("button", name="Remove list.txt").click()
    expect(file).to_have_count(0)


def test_a_pasted_picture_stands_in_the_text(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.spare().key}")
    words = ready(page)
    words.fill("Look here:")
    words.focus()
    page.evaluate(GIVE, ["paste", "shot.png", "image/png", PICTURE])
    picture = page.locator("#reply-form .rich img")
    expect(picture).to_be_visible()
    page.wait_for_function("() => document.querySelector('.rich img').naturalWidth === 1")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message-ours").last).to_contain_text("Look here:")
    with site.database.read() as unit:
        found = select(Attachment).join(Message).where(Message.reply.startswith("Look here:"))
        assert [one.inline for one in unit.session.exec(found)] == [True]


def test_a_refused_file_says_why(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.spare().key}")
    ready(page)
    refusal = {"error": "list.txt is larger than 20 MB; send a smaller file"}
    page.route("**/files/reply", lambda route: route.fulfill(status=413, json=refusal))
    page.evaluate(GIVE, ["drop", "list.txt", "text/plain", TEXT])
    expect(page.locator("#panel-reply .staged-failed")).to_contain_text("send a smaller file")
    page.locator("#reply-form .text").fill("With a file?")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#panel-reply .composer-trouble")).to_contain_text("A file was not uploaded")
