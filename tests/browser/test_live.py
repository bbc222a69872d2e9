"""Two agents at two desks: what one does, and what customers write, shows at the other's without a reload."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from sqlmodel import select

from helpdesk.models import Agent, Ticket
from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.until import becomes

pytestmark = pytest.mark.expects("htmx:sendError")


def open_ticket(page: Page, ticket: Ticket) -> None:
    page.goto(f"/tickets/{ticket.key}")
    expect(page.locator("#messages")).to_be_visible()


def connected(page: Page) -> None:
    """The line stands: only what is told by it counts then."""
    expect(page.locator("html[data-live=up]")).to_be_attached()


@pytest.fixture
def two(open_page: OpenPage) -> tuple[Page, Page]:
    return open_page("agent"), open_page("en-dark")


def test_a_customers_mail_appears_in_both_inboxes_without_a_reload(
    two: tuple[Page, Page], site: Site
) -> None:
    for page in two:
        page.goto("/?view=unassigned")
        connected(page)
        page.evaluate("window.untouched = true")
    site.write_in("The lantern flickers", "It flickers whenever it rains.")
    for page in two:
        expect(page.get_by_role("link", name=re.compile("The lantern flickers"))).to_be_visible()
        assert page.evaluate("window.untouched")


def test_a_colleagues_note_appears_in_the_open_conversation(two: tuple[Page, Page], site: Site) -> None:
    ticket = site.take()
    one, other = two
    open_ticket(one, ticket)
    open_ticket(other, ticket)
    connected(other)
    answer = one.request.post(
        f"{site.url}/tickets/{ticket.key}/notes",
        form={"body": "Ask the warehouse first.", "token": "live-note-token"},
        headers={"Origin": site.url},
    )
    assert answer.ok
    expect(other.locator("#messages")).to_contain_text("Ask the warehouse first.")


def test_who_looks_and_types_is_shown_to_the_other_in_row_and_head(
    two: tuple[Page, Page], site: Site
) -> None:
    ticket = site.take()
    one, other = two
    open_ticket(one, ticket)
    open_ticket(other, ticket)
    seen = other.locator(f'#head [data-presence="{ticket.key}"]')
    expect(seen).to_contain_text("is viewing")
    writing = one.locator("#reply-form [contenteditable=true], #reply-form textarea:visible").first
    writing.press_sequentially("Hello, ")
    expect(seen).to_contain_text("is typing")
    one.goto("/customers")
    expect(seen).to_be_empty()


def test_a_dead_line_is_shown_quietly_and_what_was_missed_comes_after(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page("agent")
    lines: list[WebSocketRoute] = []
    cut = False

    def route(line: WebSocketRoute) -> None:
        if cut:
            line.close(code=1011)
        else:
            lines.append(line)
            line.connect_to_server()

    page.add_init_script("delete window.SharedWorker")  # a window's own line can be cut here
    page.route_web_socket(re.compile("/live"), route)
    page.goto("/?view=unassigned")
    connected(page)
    cut = True
    lines[0].close(code=1011)
    expect(page.locator("#line")).to_contain_text("Offline")
    site.write_in("The teapot drips", "From its spout.")
    cut = False
    expect(page.locator("#line")).to_be_empty()
    expect(page.get_by_role("link", name=re.compile("The teapot drips"))).to_be_visible()


def test_two_windows_of_one_browser_share_a_line(open_page: OpenPage, site: Site) -> None:
    page = open_page("agent")
    second = page.context.new_page()
    sockets: list[str] = []
    for window in (page, second):
        window.on("websocket", lambda socket: sockets.append(socket.url))
        window.goto("/")
        connected(window)
    assert sockets == []  # the worker's own, not a window's


AWAY = """
Object.defineProperty(document, "hidden", { get: () => window.away ?? false });
document.hasFocus = () => !window.away;
window.notices = [];
window.Notification = class {
  static permission = "granted";
  constructor(words) { window.notices.push(words); }
};
"""


def test_news_count_in_the_title_of_hidden_windows_and_one_of_them_says_it(
    open_page: OpenPage, site: Site
) -> None:
    with site.database.write() as unit:
        agent = unit.session.exec(select(Agent).where(Agent.email == "emma@hinoki.example")).one()
        agent.preferences = {**agent.preferences, "desktop": True}
    page = open_page("agent")
    windows = [page, page.context.new_page()]
    for window in windows:
        window.add_init_script(AWAY)
        window.goto("/customers")
        connected(window)
        window.evaluate("window.away = true")
    site.write_in("The clock stands still", "Since noon.")
    for window in windows:
        expect(window).to_have_title(re.compile(r"^\(1\) "))

    def said() -> list[str]:
        return [words for window in windows for words in window.evaluate("window.notices")]

    becomes(page, said, ["A customer has written"])
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).not_to_have_title(re.compile(r"^\("))
