"""Articles in a browser: written with formatting and pictures, kept from being lost, put into answers."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from helpdesk.help import articles
from helpdesk.models import Article, ArticleText, Brand
from tests.browser import axe
from tests.browser.conftest import OpenPage
from tests.browser.forms import PAIRS, Form
from tests.browser.site import Site
from tests.browser.test_composer import ready
from tests.browser.test_files import PICTURE
from tests.browser.test_pages import look, settle
from tests.browser.until import becomes


@pytest.fixture
def writer(open_page: OpenPage) -> Page:
    """Of somebody who may write articles."""
    return open_page("en-light")


def test_an_article_is_written_with_headings_lists_and_a_picture(writer: Page, site: Site) -> None:
    page = writer
    _begin(page, "How we pack")
    text = page.get_by_role("textbox", name="Body text")
    text.click()
    page.keyboard.type("Boxes")
    page.get_by_role("button", name="Heading").click()
    expect(page.get_by_role("button", name="Heading")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="List", exact=True).click()
    page.keyboard.type("Paper")
    picture = {"name": "box.png", "mimeType": "image/png", "buffer": base64.b64decode(PICTURE)}
    page.locator("[data-pictures]").set_input_files(files=[picture])
    alt = page.get_by_label("What the picture shows, for those who cannot see it")
    expect(alt).to_be_focused()
    alt.fill("A box")
    alt.press("Enter")
    expect(text.get_by_role("img", name="A box")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("The article is published.")).to_be_visible()
    live = _text(site, "How we pack").live_body
    assert live.startswith("<h3>Boxes</h3><ul><li>Paper")
    assert re.search(r'<img src="/widget/articles/files/[a-z0-9]+" alt="A box">', live)


def test_a_draft_is_kept_by_the_keyboard_and_never_left_unawares(writer: Page, site: Site) -> None:
    page = writer
    _begin(page, "Half written")
    page.get_by_role("textbox", name="Body text").click()
    expect(page.locator("[data-state]")).to_have_text("")
    page.keyboard.type("First thought.")
    expect(page.locator("[data-state]")).to_have_text("Your changes are not kept yet.")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("navigation", name="Where you are").get_by_role("link", name="Articles").click()
    becomes(page, lambda: asked, ["beforeunload"])
    page.keyboard.press("Control+s")
    expect(page.get_by_text("The draft is kept.")).to_be_visible()
    becomes(page, lambda: _text(site, "Half written").body, "<p>First thought.</p>")
    assert _text(site, "Half written").published_at is None


def test_an_article_is_found_beside_the_macros_and_put_into_the_answer(page: Page, site: Site) -> None:
    with site.database.write() as unit:
        brand = unit.session.exec(select(Brand)).one()
        told = articles.create(unit, brand.pk)
        text = articles.write(
            unit, told, "en", by=None, title="Quokka feeding", url="https://hinoki.example/quokka",
            body="<h3>Leaves</h3><p>Two a day.</p><ul><li>fresh</li></ul>",
        )  # fmt: skip
        articles.publish(unit, told, text)
    page.goto(f"/tickets/{site.spare().key}")
    words = ready(page)
    words.press("/")
    search = page.get_by_label("Find a macro")
    search.press_sequentially("quokka")
    expect(page.locator("#macro-found a")).to_have_count(1)
    expect(page.locator("#macro-preview .preview-title")).to_have_text("Quokka feeding")
    search.press("Enter")
    expect(words).to_have_value("Leaves\nTwo a day.\n\n- fresh")
    expect(words).to_be_focused()
    words.fill("")
    page.get_by_role("button", name="Formatting", exact=True).click()
    page.keyboard.press("/")
    expect(page.locator("#macro-found a")).to_have_count(1)
    page.locator("#macro-found a").click()
    expect(page.locator("#reply-form .rich b")).to_have_text("Leaves")
    page.get_by_role("button", name="Formatting", exact=True).click()
    words.fill("")
    words.press("/")
    page.get_by_role("button", name="Put in its link alone").click()
    expect(words).to_have_value("Quokka feeding\nhttps://hinoki.example/quokka")


def test_the_list_is_searched_while_one_types(page: Page) -> None:
    page.goto("/articles")
    page.get_by_role("searchbox", name="Search articles").press_sequentially("dishwasher")
    expect(page.locator("#found .article-line")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=dishwasher"))
    expect(page.locator("#found")).to_contain_text("Caring for cypress")


@pytest.mark.parametrize("form", PAIRS[0], ids=str)
def test_axe_finds_nothing_in_what_one_opens(open_page: OpenPage, site: Site, form: Form) -> None:
    page = open_page(form.reader)
    axe.needed()
    page.goto("/articles/report")
    page.locator(".asked-line details > summary").first.click()
    expect(page.locator(".teach").first).to_be_visible()
    # what the menu covers cannot be pressed while it is open
    assert look(page, "articles-teach", form, without="target-size") == []
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"/tickets/{site.spare().key}")
    settle(page)
    page.locator("#macro-menu > summary").click()
    page.locator(".macro-search").press_sequentially("dishwasher")
    expect(page.locator("#macro-found a")).to_have_count(1)
    expect(page.locator("#macro-preview .preview-article")).to_be_visible()
    assert look(page, "composer-articles", form, without="target-size") == []


def _begin(page: Page, title: str) -> None:
    page.goto("/articles")
    page.keyboard.press("c")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#article-form .rich")).to_be_visible()


def _text(site: Site, title: str) -> ArticleText:
    with site.database.read() as unit:
        found = select(ArticleText).join(Article).where(ArticleText.title == title)
        return unit.session.exec(found).one()
