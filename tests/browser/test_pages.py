"""Every page, in both languages and both colour schemes: axe finds nothing, and a telephone needs no sideways scroll.

Each page in two of the eight forms, see forms.py; `--every-form` for all, with pictures of them in shots/ for whoever
wants to look. What only appears when one opens it: test_states.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import axe
from tests.browser.conftest import OpenPage
from tests.browser.forms import DESK, HEIGHTS, TELEPHONE, Form
from tests.browser.site import Site

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "shots"
PAGES = {
    "login": "/login",
    "inbox": "/",
    "search": "/?q=返品",
    "filter": "/inbox/filter?view=all&tag=return",
    "filtered": "/?view=all&tag=return&urgency=high,normal",
    "ticket": "/tickets/{ticket}",
    "ticket-html": "/tickets/{mailed}",
    "ticket-log": "/tickets/{ticket}/log",
    "ticket-standing": "/tickets/{ticket}/standing",
    "ticket-why": "/tickets/{ticket}/risks/angry",
    "ticket-print": "/tickets/{ticket}/print",
    "ticket-merge": "/tickets/{ticket}/merge",
    "ticket-split": "/tickets/{ticket}/split",
    "ticket-block": "/tickets/{mailed}/block",
    "ticket-call": "/tickets/{ticket}/call",
    "source": "/messages/{message}/source",
    "macros": "/tickets/{ticket}/macros",
    "chats": "/chats",
    "chats-phrases": "/chats/phrases",
    "articles": "/articles",
    "articles-found": "/articles?q=返品",
    "articles-report": "/articles/report",
    "articles-categories": "/articles/categories",
    "article": "/articles/{article}",
    "article-new": "/articles/new",
    "article-edit": "/articles/{article}/edit",
    "notifications": "/notifications",
    "views": "/views",
    "view-new": "/views/new?view=all&tag=return",
    "bulk": "/bulk",
    "customer": "/customers/{customer}",
    "customer-call": "/customers/{customer}/call",
    "customers": "/customers",
    "customer-merge": "/customers/{same_mail}/merge",
    "customer-compare": "/customers/{same_mail}/merge?with={same_line}",
    "customer-merged": "/customers/{same_kept}",
    "customer-split": "/customers/{same_kept}/split?identity={same_identity}",
    "same-people": "/customers/merges",
    "same-people-merged": "/customers/merges?show=done",
    "customer-part": "/customers/merges/{same_merge}",
    "reports": "/reports",
    "report-widget": "/reports/widget",
    "report-tickets": "/reports/tickets",
    "outbox": "/outbox",
    "outbox-sent": "/outbox?state=sent",
    "outbox-mail": "/outbox/{delivery}",
    "settings": "/settings",
    "profile": "/settings/profile",
    "brands": "/settings/brands",
    "brand": "/settings/brands/{brand}",
    "mailboxes": "/settings/mailboxes",
    "mailbox": "/settings/mailboxes/{mailbox}",
    "mailbox-new": "/settings/mailboxes/new",
    "channels": "/settings/channels",
    "channel": "/settings/channels/{channel}",
    "channel-events": "/settings/channels/{channel}/events",
    "channel-new-line": "/settings/channels/new/line",
    "channel-new-phone": "/settings/channels/new/phone",
    "widgets": "/settings/widgets",
    "widget-look": "/settings/widgets/{widget}",
    "widget-talk": "/settings/widgets/{widget}/talk",
    "widget-flows": "/settings/widgets/{widget}/flows",
    "widget-flow": "/settings/widgets/{widget}/flows/order",
    "widget-campaigns": "/settings/widgets/{widget}/campaigns",
    "widget-campaign": "/settings/widgets/{widget}/campaigns/shipping",
    "widget-install": "/settings/widgets/{widget}/install",
    "agents": "/settings/agents",
    "agent": "/settings/agents/{agent}",
    "roles": "/settings/roles",
    "role": "/settings/roles/{role}",
    "teams": "/settings/teams",
    "team": "/settings/teams/{team}",
    "urgency": "/settings/urgency",
    "tags": "/settings/tags",
    "tag": "/settings/tags/{tag}",
    "tag-built-in": "/settings/tags/{used_tag}",
    "model": "/settings/model",
    "topics": "/settings/topics",
    "topic": "/settings/topics/{topic}",
    "model-compare": "/settings/model/compare",
    "model-back": "/settings/model/back?brand={brand}&version={old_model}",
    "fields": "/settings/fields",
    "field": "/settings/fields/{brand}/{field}",
    "audit": "/settings/audit",
    "blocked": "/settings/blocked",
    "shared": "/settings/shared",
    "quarantine": "/settings/quarantine",
    "points": "/settings/points",
    "missing": "/tickets/nothing",
}
SIDEWAYS = """() => [document.scrollingElement, document.querySelector("#main")]
  .filter((area) => area && area.scrollWidth > area.clientWidth).map((area) => area.tagName)"""


@pytest.mark.expects("status of 404")  # of the page that is missing
@pytest.mark.looks_at(PAGES)
def test_a_page_is_for_everybody(
    read_as: OpenPage, open_page: OpenPage, site: Site, name: str, form: Form, every_form: bool
) -> None:
    page = open_page("login-stranger", **preferences(form)) if name == "login" else read_as(form.reader)
    axe.needed()
    answer = page.goto(PAGES[name].format(**site.keys))
    assert answer is not None
    assert answer.ok != (name == "missing")
    assert page.locator("html").get_attribute("lang") == form.language
    settle(page)
    assert look(page, name, form, picture=every_form) == []


def look(page: Page, name: str, form: Form, *, without: str = "no rule", picture: bool = False) -> list[str]:
    """What is wrong with what this form shows, and whether it would have to be moved sideways on a telephone."""
    found: list[str] = []
    for width in (DESK, TELEPHONE):
        if width == TELEPHONE:
            turn_into_telephone(page)
        if width == form.width:
            found = [one for one in axe.find(page) if not one.startswith(without)]
            if picture:
                page.screenshot(path=SHOTS / f"{name}-{form}.png")
    return found + [f"sideways: {one}" for one in page.evaluate(SIDEWAYS)]


def turn_into_telephone(page: Page) -> None:
    page.set_viewport_size({"width": TELEPHONE, "height": HEIGHTS[TELEPHONE]})
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def preferences(form: Form) -> dict[str, str]:
    """What a browser says of its owner; before the sign-in nothing else is known."""
    return {"locale": form.language, "color_scheme": form.theme}


def settle(page: Page) -> None:
    """What the page asks for by itself has come."""
    page.wait_for_load_state("load")
    if page.locator("#composer").count():
        page.locator("#panel .orders").first.wait_for(state="attached")
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
