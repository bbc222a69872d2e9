"""The frame around everything: panes, the way back, keys, the palette, notices; by mouse, keyboard and telephone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.until import becomes

pytestmark = pytest.mark.expects("ERR_INTERNET_DISCONNECTED", "htmx:sendError")

SHIFTS = """() => {
  window.shifted = [];
  const box = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
  const name = (node) => node?.id || node?.className || node?.nodeName;
  const told = (one) => `${name(one.node)}: ${box(one.previousRect)} to ${box(one.currentRect)}`;
  const watch = new PerformanceObserver((list) => {
    const seen = list.getEntries().filter((one) => !one.hadRecentInput && one.value >= 0.01);
    window.shifted.push(...seen.flatMap((one) => one.sources.map(told)));
  });
  // From when the page has come in whole, and before any script of ours runs.
  document.addEventListener("readystatechange", () => watch.observe({ type: "layout-shift" }), { once: true });
}"""
COMPOSED = """(key) => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key, isComposing: true, bubbles: true, cancelable: true }))"""
UNDO = """(text) => document.dispatchEvent(new CustomEvent("notice", { detail: {
  text, kind: "ok", action: { label: "Undo", url: "/undo-it", seconds: 60 } } }))"""


def test_a_pane_keeps_the_width_it_was_dragged_to(page: Page) -> None:
    page.goto("/")
    usual = width(page, "#pane-list")
    line = page.locator(".splitter-list")
    box = line.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 200
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=3)
    page.mouse.up()
    becomes(page, lambda: width(page, "#pane-list"), usual + 60)
    page.reload()
    becomes(page, lambda: width(page, "#pane-list"), usual + 60)
    expect(line).to_have_attribute("aria-valuenow", str(usual + 60))
    line.dblclick(position={"x": 4, "y": 200})
    becomes(page, lambda: width(page, "#pane-list"), usual)
    page.reload()
    becomes(page, lambda: width(page, "#pane-list"), usual)


def test_panes_are_moved_and_folded_with_keys(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.keys['ticket']}")
    usual = width(page, "#pane-side")
    page.locator(".splitter-side").press("ArrowLeft")
    becomes(page, lambda: width(page, "#pane-side"), usual + 16)
    page.locator("#messages").focus()
    press(page, "[", "]")
    expect(page.locator("#pane-views")).to_be_hidden()
    expect(page.locator("#pane-side")).to_be_hidden()
    page.reload()
    expect(page.locator("#pane-views")).to_be_hidden()
    expect(page.locator("#pane-side")).to_be_hidden()
    press(page, "]", "[")
    expect(page.locator("#pane-views")).to_be_visible()
    becomes(page, lambda: width(page, "#pane-side"), usual + 16)


def test_the_first_paint_has_the_remembered_panes_without_any_script(open_page: OpenPage, site: Site) -> None:
    page = open_page("agent", java_script_enabled=False)
    page.context.add_cookies([{"name": "panes", "value": "list-400.side-folded", "url": site.url}])
    page.goto(f"/tickets/{site.keys['ticket']}")
    becomes(page, lambda: width(page, "#pane-list"), 400)
    expect(page.locator("#pane-side")).to_be_hidden()
    expect(page.locator("#pane-views")).to_be_visible()


@pytest.mark.parametrize("viewport", [(1280, 800), (1024, 768), (768, 1024), (390, 844)])
def test_nothing_jumps_while_a_page_is_built(
    open_page: OpenPage, site: Site, viewport: tuple[int, int]
) -> None:
    page = open_page("agent", width=viewport[0], height=viewport[1])
    page.goto("/settings/profile")  # a browser that has just begun finds its fonts in two steps
    page.context.add_init_script(f"({SHIFTS})()")
    page.route("**/inbox/rows*", lambda route: route.fulfill(status=304))  # others may be at work meanwhile
    for path in ("/", f"/tickets/{site.keys['ticket']}"):
        page.goto(path)
        if path != "/":
            page.locator("#panel .orders").wait_for(state="attached")
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate("window.shifted") == [], path


def test_the_keyboard_stays_in_the_list_when_more_of_it_comes(page: Page) -> None:
    held: list[Route] = []
    page.route("**/inbox/more*", lambda route: held.append(route))
    page.goto("/?view=all")
    rows = page.locator("#rows .ticket-row")
    many = rows.count()
    page.locator("#more a").scroll_into_view_if_needed()
    becomes(page, lambda: len(held), 1)
    page.locator("#more a").focus()
    held[0].continue_()
    expect(rows.nth(many)).to_be_attached()
    expect(page.locator("#more a:focus, #rows .ticket-row:focus")).to_have_count(1)


def test_at_a_desk_all_panes_stand_side_by_side(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.keys['ticket']}")
    for pane in ("#pane-views", "#pane-list", "#conversation", "#pane-side"):
        expect(page.locator(pane)).to_be_in_viewport(ratio=0.99)
    assert width(page, "#conversation") > 400


def test_at_1024_the_panel_lies_over_the_conversation(open_page: OpenPage, site: Site) -> None:
    page = open_page("agent", path=f"/tickets/{site.keys['ticket']}", width=1024)
    panel = page.locator("#pane-side")
    expect(panel).to_be_hidden()
    page.locator("#head .side-toggle").click()
    expect(panel).to_be_in_viewport(ratio=0.99)
    press(page, "Escape")
    expect(panel).to_be_hidden()
    expect(page.locator("#head .side-toggle")).to_be_focused()


def test_at_768_list_and_conversation_remain_and_views_are_a_drawer(open_page: OpenPage, site: Site) -> None:
    page = open_page("agent", path=f"/tickets/{site.keys['ticket']}", width=768, height=1024)
    for pane in ("#pane-list", "#conversation"):
        expect(page.locator(pane)).to_be_in_viewport(ratio=0.99)
    expect(page.locator("#pane-views")).to_be_hidden()
    page.locator("#messages").focus()
    press(page, "[")
    expect(page.locator("#pane-views")).to_be_in_viewport(ratio=0.99)
    page.mouse.click(700, 500)
    expect(page.locator("#pane-views")).to_be_hidden()


def test_on_a_telephone_drawers_open_without_a_script_too(open_page: OpenPage, site: Site) -> None:
    page = open_page("agent", path="/", width=390, height=844, java_script_enabled=False)
    page.locator(".views-toggle").click()
    expect(page.locator("#pane-views")).to_be_in_viewport(ratio=0.99)
    page.goto(f"/tickets/{site.keys['ticket']}")
    expect(page.locator("#pane-list")).to_be_hidden()
    page.locator("#head .side-toggle").click()
    expect(page.locator("#pane-side")).to_be_in_viewport(ratio=0.99)
    page.goto(f"/tickets/{site.keys['ticket']}")
    page.locator("#head .conv-back").click()
    expect(page.locator("#pane-list")).to_be_visible()


def test_the_way_back_leads_to_the_row_where_one_was(page: Page, site: Site) -> None:
    page.goto("/")
    title = page.title()
    key = site.tickets(3)[2].key
    row = page.locator(f'#rows .ticket-row[data-key="{key}"]')
    row.click()
    expect(opened(page, key)).to_be_visible()
    expect(page.locator("#conversation h1")).to_be_focused()
    expect(page).not_to_have_title(title)
    page.evaluate("window.stayed = true")
    page.go_back()
    expect(page.locator("#conversation.is-open")).to_have_count(0)
    expect(row).to_be_focused()
    expect(page).to_have_title(re.compile(re.escape(title)))
    page.go_forward()
    expect(opened(page, key)).to_be_visible()
    assert page.evaluate("window.stayed")


def test_opening_a_ticket_does_not_take_the_focus_from_somebody_typing(page: Page, site: Site) -> None:
    page.goto("/")
    search = page.locator('.pane-search input[type="search"]')
    search.focus()
    page.evaluate(
        "(key) => document.querySelector(`#rows .ticket-row[data-key='${key}']`).click()",
        site.keys["ticket"],
    )
    expect(opened(page, site.keys["ticket"])).to_be_visible()
    expect(search).to_be_focused()


def test_everything_is_reached_without_a_mouse(page: Page, site: Site) -> None:
    page.goto("/")
    press(page, "Tab")
    expect(page.locator(".skip").first).to_be_focused()
    press(page, "Enter")
    first, second = (one.key for one in site.tickets(2))
    press(page, "j", "j")
    expect(page.locator(f'#rows .ticket-row[data-key="{second}"]')).to_be_focused()
    press(page, "ArrowUp", "Enter")
    expect(opened(page, first)).to_be_visible()
    press(page, "r")
    expect(page.locator("#composer :focus")).to_have_count(1)
    page.keyboard.type("j e ]")
    expect(opened(page, first)).to_be_visible()
    press(page, "Escape", "u")
    expect(page.locator("#conversation.is-open")).to_have_count(0)
    expect(page.locator(f'#rows .ticket-row[data-key="{first}"]')).to_be_focused()
    press(page, "/")
    expect(page.locator('.pane-search input[type="search"]')).to_be_focused()
    press(page, "Escape", "g", "c")
    expect(page).to_have_url(re.compile("/customers$"))


def test_only_one_row_of_the_list_is_a_stop_for_the_tab_key(page: Page) -> None:
    page.goto("/")
    expect(page.locator('#rows .ticket-row[tabindex="0"]')).to_have_count(1)
    press(page, "j", "j", "j")
    expect(page.locator('#rows .ticket-row[tabindex="0"]')).to_be_focused()


def test_the_sheet_of_keys_lists_what_the_page_offers(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.keys['ticket']}")
    press(page, "?")
    sheet = page.locator("#keys")
    expect(sheet).to_be_visible()
    expect(sheet.locator("#keys-here")).to_contain_text("Show or hide the views")
    expect(sheet).to_contain_text("Commands and search")
    press(page, "Escape")
    expect(sheet).to_be_hidden()
    page.goto("/reports")
    press(page, "?")
    expect(sheet.get_by_text("Commands and search")).to_be_visible()
    expect(sheet.get_by_text("Back to the list")).to_be_hidden()


def test_the_palette_finds_a_ticket_by_its_number(page: Page, site: Site) -> None:
    page.goto("/")
    press(page, "Control+k")
    field = page.get_by_role("combobox", name="Commands and search")
    expect(field).to_be_focused()
    ticket = site.tickets(1)[0]
    page.keyboard.type(str(ticket.number))
    first = page.get_by_role("option", name=re.compile(f"#{ticket.number}"))
    expect(first.first).to_be_visible()
    while first.first.get_attribute("aria-selected") != "true":
        press(page, "ArrowDown")
    press(page, "Enter")
    expect(opened(page, ticket.key)).to_be_visible()
    expect(page.locator("#palette")).to_be_hidden()
    page.go_back()
    expect(page.locator("#conversation.is-open")).to_have_count(0)


def test_the_palette_does_what_a_button_does(page: Page) -> None:
    page.goto("/")
    press(page, "Control+k")
    page.keyboard.type("hide views")
    expect(page.get_by_role("option", name="Show or hide the views")).to_have_attribute(
        "aria-selected", "true"
    )
    page.evaluate(COMPOSED, "Enter")  # this Enter belongs to the input method
    expect(page.locator("#palette")).to_be_visible()
    press(page, "Enter")
    expect(page.locator("#pane-views")).to_be_hidden()
    press(page, "Control+k", "Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_what_was_done_is_undone_with_one_key(page: Page, site: Site) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.method)
        told = '{"notice": {"text": "Undone.", "kind": "ok"}}'
        route.fulfill(status=204, headers={"HX-Trigger": told})

    page.route("**/undo-it", answer)
    page.goto("/")
    page.evaluate(UNDO, "Closed.")
    page.evaluate(UNDO, "Sent.")
    notices = page.locator("#notices .notice")
    expect(notices).to_have_count(2)
    page.locator(f'#rows .ticket-row[data-key="{site.keys["ticket"]}"]').click()
    expect(opened(page, site.keys["ticket"])).to_be_visible()
    expect(notices).to_have_count(2)
    press(page, "z")
    expect(notices).to_have_text([re.compile("Closed"), re.compile("Undone")])
    becomes(page, lambda: asked, ["POST"])
    page.goto("/customers")
    expect(notices).to_have_text([re.compile("Closed")])  # still to be undone on the next page
    notices.get_by_label("Close").click()
    page.reload()
    expect(notices).to_have_count(0)


def test_colours_are_switched_in_the_account_menu(page: Page) -> None:
    page.goto("/customers")
    page.locator(".rail-menu > summary").click()
    with page.expect_response("**/settings/theme"):
        page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator(".rail-menu > summary").click()
    with page.expect_response("**/settings/theme"):
        page.get_by_role("button", name="Light", exact=True).click()


def test_what_cannot_be_loaded_is_asked_for_again(open_page: OpenPage, site: Site) -> None:
    page = open_page("agent", path="/")
    page.route(f"**/tickets/{site.keys['ticket']}*", lambda route: route.abort("internetdisconnected"))
    page.locator(f'#rows .ticket-row[data-key="{site.keys["ticket"]}"]').click()
    again = page.locator("#notices").get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    page.unroute_all()
    again.click()
    expect(opened(page, site.keys["ticket"])).to_be_visible()
    expect(again).to_have_count(0)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def opened(page: Page, key: str) -> Locator:
    return page.locator(f'#conversation[data-key="{key}"]')


def width(page: Page, selector: str) -> int:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return round(box["width"])
