"""The settings of a chat widget in a browser: the preview follows the form, and steps come and go without a save."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site


def preview(page: Page) -> FrameLocator:
    """The frame as it is drawn last."""
    return page.frame_locator("[name=widget-preview]")


def test_the_preview_follows_the_form_and_leaves_the_cursor_alone(read_as: OpenPage, site: Site) -> None:
    page = read_as("en-light")
    page.goto(f"/settings/widgets/{site.keys['widget']}")
    expect(preview(page).get_by_role("dialog")).to_be_visible()
    depth = page.evaluate("history.length")
    name = page.get_by_label("Name", exact=True)
    name.fill("Cedar corner")
    expect(preview(page).get_by_role("dialog").get_by_text("Cedar corner").first).to_be_visible()
    expect(name).to_be_focused()
    page.locator("#f-colour").fill("#ffd84d")
    expect(page.locator("[data-contrast-pale]")).to_be_visible()
    assert page.evaluate("history.length") == depth, "the way back stays one step"
    page.reload()
    expect(name).not_to_have_value("Cedar corner")


def test_what_is_tried_in_the_preview_reaches_nobody(read_as: OpenPage, site: Site) -> None:
    page = read_as("en-light")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.goto(f"/settings/widgets/{site.keys['widget']}/campaigns/shipping")
    preview(page).get_by_role("button", name="Ask us").dispatch_event("click")  # the frame is scaled
    expect(preview(page).get_by_role("dialog")).to_be_visible()
    assert not [url for url in asked if "/widget/seen" in url or "/widget/config" in url or "/chat?" in url]
    assert page.locator("[name=widget-preview]").get_attribute("sandbox") == "allow-scripts allow-forms"


def test_a_flow_is_built_step_by_step_and_walked_in_the_preview(read_as: OpenPage, site: Site) -> None:
    page = read_as("en-light")
    page.goto(f"/settings/widgets/{site.keys['widget']}/flows")
    page.get_by_label("Title").fill("Sizes")
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator("[name=s0_text_en]").fill("Which size do you look for?")
    page.get_by_role("button", name="Add a button").click()
    page.locator("[name=s0b0_label_en]").fill("Large")
    page.locator("[name=s0b0_goes]").select_option("say")
    page.locator("[name=s0b0_say_en]").fill("I look for a large one.")
    expect(page.locator("[name=s0b0_url]")).to_be_hidden()
    preview(page).get_by_role("button", name="Large").dispatch_event("click")
    page.locator("[name=active]").check()
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("The flow is saved.")).to_be_visible()
    page.once("dialog", lambda question: question.accept())
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("The flow is deleted")).to_be_visible()
