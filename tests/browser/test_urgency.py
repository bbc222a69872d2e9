"""Why a ticket stands where it stands, and what if it were weighed otherwise."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site


def test_a_place_is_reached_and_compared_with_the_keyboard(open_page: OpenPage, site: Site) -> None:
    first, second, third = (one.key for one in site.tickets(3))
    page = open_page("en-light", path=f"/tickets/{second}")
    page.locator("#composer[data-ready]").wait_for()
    page.locator(".why-score").focus()
    page.keyboard.press("Enter")
    page.locator(".why .menu-list a").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/tickets/{second}/standing"))
    expect(page.locator(".standing-own")).to_be_visible()
    expect(page.locator(".standing-rows a[aria-current]")).to_have_attribute("href", re.compile(first))
    page.locator(f'.standing-rows a[href*="{third}"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".standing-rows a[aria-current]")).to_have_attribute("href", re.compile(third))
    lines = page.locator(".standing tbody tr td:last-child").all_inner_texts()
    total = page.locator(".standing tfoot tr").first.locator("td").last.inner_text()
    assert sum(points(one) for one in lines) == points(total)
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile(f"/tickets/{second}$"))


@pytest.mark.expects("status of 404")
def test_a_number_that_nobody_has_is_said_at_the_field(open_page: OpenPage, site: Site) -> None:
    page = open_page("en-light", path=f"/tickets/{site.keys['ticket']}/standing")
    page.get_by_label("Compare with ticket number").fill("99999999")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("no such ticket")
    expect(page.get_by_label("Compare with ticket number")).to_have_attribute("aria-invalid", "true")


def test_the_queue_is_tried_while_one_types(open_page: OpenPage) -> None:
    page = open_page("en-light", path="/settings/urgency")
    expect(page.locator("#what-if h2")).to_have_text("The queue now")
    field = page.get_by_label("VIP")
    field.fill("40")
    expect(page.locator("#what-if h2")).to_have_text("What if")
    expect(page.locator("#moved")).to_contain_text("would move")
    expect(field).to_be_focused()
    page.reload()
    expect(page.locator("#what-if h2")).to_have_text("The queue now")


@pytest.mark.expects("status of 422")
def test_what_is_out_of_reach_is_said_at_once(open_page: OpenPage) -> None:
    page = open_page("en-light", path="/settings/urgency")
    page.get_by_label("VIP").fill("900")
    expect(page.locator("#moved .problem")).to_contain_text("VIP")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("VIP")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("VIP")).to_have_value("900")


def test_the_usual_weights_are_tried_without_javascript(open_page: OpenPage) -> None:
    page = open_page("en-light", path="/settings/urgency", java_script_enabled=False)
    page.get_by_label("VIP").fill("40")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#what-if h2")).to_have_text("What if")
    page.get_by_role("button", name="Try the usual weights").click()
    expect(page.get_by_label("VIP")).to_have_value("8")


def points(shown: str) -> int:
    return int(shown.replace("−", "-").replace("±", "").replace("+", "").strip() or 0)


def test_a_telephone_shows_the_whole_table(open_page: OpenPage, site: Site) -> None:
    page: Page = open_page("en-light", width=390, height=844, path=f"/tickets/{site.keys['ticket']}/standing")
    table = page.locator(".standing .log-table").bounding_box()
    assert table is not None and table["x"] >= 0 and table["x"] + table["width"] <= 390
