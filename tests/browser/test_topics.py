"""A lead makes a tag of a new topic: what is proposed can be changed first, and taken back after."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site


def test_a_topic_becomes_a_tag_and_is_taken_back(open_page: OpenPage, site: Site) -> None:
    page = open_page("en-light")
    page.goto("/settings")
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="New topics").click()
    card = page.get_by_role("article", name="pottery workshop")
    expect(card.get_by_role("img")).to_have_accessible_name(
        "Tickets week by week, the newest last: 0, 0, 0, 0, 0, 0, 0, 5"
    )
    card.get_by_role("textbox", name="Shown in Japanese").fill("陶芸教室")
    card.get_by_role("button", name="Make a tag").press("Enter")
    expect(page.get_by_text("5 tickets are tagged Pottery workshop")).to_be_visible()
    expect(page.get_by_role("article", name="pottery workshop")).to_have_count(0)
    decided = page.get_by_role("region", name="Decided").get_by_role("listitem").filter(has_text="workshop")
    page.once("dialog", lambda asked: asked.accept())
    decided.get_by_role("button", name="Take the tag off again").click()
    expect(page.get_by_text("Taken off 5 tickets.")).to_be_visible()
    expect(card).to_be_visible()


def test_every_ticket_of_a_topic_is_a_click_away(open_page: OpenPage, site: Site) -> None:
    page = open_page("en-light")
    page.goto("/settings/topics")
    page.get_by_role("article", name="研ぎ直し").get_by_role("link", name="7 tickets").click()
    expect(page.get_by_role("region", name="Tickets").get_by_role("link")).to_have_count(7)
    page.get_by_role("region", name="Tickets").get_by_role("link").first.click()
    expect(page.locator("#composer[data-ready]")).to_be_visible()
