"""Why a tag is there, and one word on it: by mouse, by key, by finger; without JavaScript too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlmodel import col, delete, select

from helpdesk.models import Correction, Message, Ticket, TicketTag
from helpdesk.tickets import tag
from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.until import becomes

TEXT = (
    "The kettle is broken. Please cancel my order and give me my money back, or my lawyer will write to you."
)
SURE = {"refund": 0.91, "damaged_item": 0.88}
CONFIRMED = [("tag_confirmed", "refund")]


@pytest.fixture
def ticket(site: Site) -> Ticket:
    """Somebody wants three things; the classifier is sure of two of them."""
    found = site.take()
    with site.database.write() as unit:
        row = unit.session.get_one(Ticket, found.pk)
        row.sentiment, row.text_reasons = "threat", [{"code": "cue:legal", "points": 12}]
        unit.session.exec(delete(TicketTag).where(col(TicketTag.ticket_id) == found.pk))
        unit.session.exec(delete(Correction).where(col(Correction.ticket_id) == found.pk))
        said = unit.session.exec(
            select(Message).where(Message.ticket_id == found.pk, Message.direction == "in")
        ).all()
        for one in said:
            one.subject, one.reply, one.text = "", TEXT, TEXT
        for name, score in SURE.items():
            tag.add(unit, row, name, by=None, source="auto", score=score)
    return found


def chip(page: Page, name: str) -> Locator:
    return page.locator(f'#head li[data-tag="{name}"]')


def taught(site: Site, ticket: Ticket) -> list[tuple[str, str]]:
    with site.database.read() as unit:
        wanted = select(Correction).where(Correction.ticket_id == ticket.pk).order_by(col(Correction.id))
        return [(one.kind, one.value) for one in unit.session.exec(wanted)]


def open_ticket(page: Page, ticket: Ticket) -> None:
    page.goto(f"/tickets/{ticket.key}")
    page.locator("#composer[data-ready]").wait_for()


def test_one_key_accepts_and_another_refuses_what_is_in_doubt(page: Page, site: Site, ticket: Ticket) -> None:
    open_ticket(page, ticket)
    expect(page.locator(".tags-maybe li[data-tag=cancel_order]")).to_be_visible()
    page.keyboard.press("y")
    expect(chip(page, "refund").locator('[data-verdict="accept"]')).to_have_count(0)
    becomes(page, lambda: taught(site, ticket), CONFIRMED)  # the chip answers before the server does
    page.keyboard.press("d")
    expect(chip(page, "damaged_item")).to_have_count(0)
    becomes(page, lambda: taught(site, ticket), [*CONFIRMED, ("tag_removed", "damaged_item")])
    page.keyboard.press("y")  # now the first suggestion
    expect(page.locator(".tags-maybe li[data-tag=cancel_order]")).to_have_count(0)
    expect(chip(page, "cancel_order")).to_be_visible()
    said = f"Confirmed: {chip(page, 'cancel_order').locator('.tag-name').inner_text()}"
    expect(page.locator("#notices .notice p").last).to_have_text(said)  # the newest is what z undoes
    last = ("tag_added", "cancel_order")
    becomes(page, lambda: taught(site, ticket), [*CONFIRMED, ("tag_removed", "damaged_item"), last])
    page.keyboard.press("z")
    expect(page.locator(".tags-maybe li[data-tag=cancel_order]")).to_be_visible()
    becomes(page, lambda: taught(site, ticket)[2:], [])


def test_a_key_is_for_the_chip_in_focus(page: Page, site: Site, ticket: Ticket) -> None:
    open_ticket(page, ticket)
    chip(page, "cancel_order").locator("summary").focus()
    page.keyboard.press("y")
    expect(page.locator(".tags-maybe li[data-tag=cancel_order]")).to_have_count(0)
    expect(chip(page, "cancel_order").locator(":focus")).to_have_count(1)  # and the focus stays with it
    expect(chip(page, "refund").locator('[data-verdict="accept"]')).to_have_count(1)
    becomes(page, lambda: taught(site, ticket), [("tag_added", "cancel_order")])


def test_why_comes_when_it_is_asked_for(page: Page, ticket: Ticket) -> None:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/why" in one.url else None)
    open_ticket(page, ticket)
    assert asked == []
    why = chip(page, "refund").locator("summary")
    why.focus()
    page.keyboard.press("Enter")
    box = chip(page, "refund").locator(".why-box")
    expect(box.locator("mark", has_text="money").first).to_be_visible()
    expect(box).to_contain_text("set from")
    page.keyboard.press("Escape")
    expect(why).to_be_focused()
    page.keyboard.press("Enter")
    expect(box.locator("mark").first).to_be_visible()
    box.get_by_role("button", name="That is wrong").click()
    expect(chip(page, "refund")).to_have_count(0)


def test_what_is_delicate_says_why(page: Page, ticket: Ticket) -> None:
    open_ticket(page, ticket)
    page.locator(".risk-threat summary").click()
    expect(page.locator(".risk-threat mark", has_text="lawyer")).to_be_visible()


def test_a_finger_is_enough_on_a_telephone(open_page: OpenPage, site: Site, ticket: Ticket) -> None:
    page = open_page("agent", width=390, height=844, has_touch=True, is_mobile=True)
    open_ticket(page, ticket)
    for button in page.locator("#head .tag-x").all():
        box = button.bounding_box()
        assert box is not None and box["width"] >= 28 and box["height"] >= 28
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    chip(page, "refund").locator("summary").tap()
    box = chip(page, "refund").locator(".why-box")
    expect(box.locator("mark").first).to_be_visible()
    place = box.bounding_box()
    assert place is not None and place["x"] >= 0 and place["x"] + place["width"] <= 390
    chip(page, "damaged_item").locator('[data-verdict="accept"] button').tap()
    expect(chip(page, "damaged_item").locator('[data-verdict="accept"]')).to_have_count(0)
    becomes(page, lambda: taught(site, ticket), [("tag_confirmed", "damaged_item")])


def test_a_chip_answers_before_the_server_does(page: Page, ticket: Ticket) -> None:
    open_ticket(page, ticket)
    page.route("**/tags/refund/accept", lambda route: None)  # nothing is answered
    with page.expect_request("**/tags/refund/accept"):
        page.keyboard.press("y")
    expect(chip(page, "refund")).to_have_attribute("data-going", "accept")


def test_the_undo_is_offered_though_the_ticket_was_renewed_before_the_answer_came(
    page: Page, ticket: Ticket
) -> None:
    open_ticket(page, ticket)

    def late(route: Route) -> None:
        answer = route.fetch()
        expect(page.locator(".tags-maybe li[data-tag=cancel_order]")).to_have_count(
            0
        )  # the live change was faster
        route.fulfill(response=answer)

    page.route("**/tags/cancel_order/accept", late)
    chip(page, "cancel_order").locator("summary").focus()
    page.keyboard.press("y")
    expect(page.locator("#notices .notice p")).to_have_text("Confirmed: Cancel order")
    expect(page.locator("#notices .notice-action")).to_be_visible()


@pytest.mark.expects("ERR_FAILED", "htmx:sendError")
def test_what_could_not_be_said_stays_open(page: Page, site: Site, ticket: Ticket) -> None:
    open_ticket(page, ticket)
    page.route("**/tags/refund/accept", lambda route: route.abort())
    page.keyboard.press("y")
    expect(page.locator("#notices .notice-error")).to_be_visible()
    expect(chip(page, "refund").locator('[data-verdict="accept"] button')).to_be_visible()
    assert taught(site, ticket) == []


def test_without_javascript_it_is_links_and_forms(open_page: OpenPage, site: Site, ticket: Ticket) -> None:
    page = open_page("agent", java_script_enabled=False, path=f"/tickets/{ticket.key}")
    chip(page, "refund").locator("summary").click()
    chip(page, "refund").get_by_role("link", name="Why?").click()
    expect(page.locator("mark", has_text="money").first).to_be_visible()
    page.get_by_role("button", name="That is right").click()
    expect(chip(page, "refund")).to_be_visible()
    becomes(page, lambda: taught(site, ticket), CONFIRMED)


def test_the_keys_are_told(page: Page, ticket: Ticket) -> None:
    open_ticket(page, ticket)
    page.keyboard.press("?")
    keys = page.locator("#keys")
    expect(keys).to_contain_text("The tag is right")
    expect(keys).to_contain_text("The tag is wrong")
