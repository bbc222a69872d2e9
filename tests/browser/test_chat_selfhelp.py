"""A shopper before anybody answers: what the shop says by itself, and articles, on the real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from helpdesk.demo import storefront
from helpdesk.demo.storefront.chat import open_chat
from helpdesk.help import articles
from helpdesk.models import ArticleVote, Brand, CampaignAnswer, WidgetCount
from helpdesk.store import seal
from tests.browser.conftest import PATIENCE, OpenPage
from tests.browser.site import Site
from tests.browser.widget.hands import launcher
from tests.fakes.ports import free_port


@pytest.fixture(scope="module")
def shop(site: Site) -> Iterator[str]:
    port = free_port()
    with site.database.write() as unit:
        key = open_chat(unit, seal.load("", site.folder), origins=[f"http://127.0.0.1:{port}"])
        brand = unit.session.exec(select(Brand).order_by(Brand.id)).first()  # type: ignore[arg-type]
        assert brand
        article = articles.create(unit, brand.pk)
        body = "<p>Keep it out of a <b>dishwasher</b>.</p>"
        text = articles.write(unit, article, "en", by=None, title="Washing lacquerware", body=body)
        articles.publish(unit, article, text)
    with storefront.serving(port, helpdesk=site.url, widget=lambda: key) as address:
        yield address


def wait_for_row(site: Site, page: Page, wanted: object) -> None:
    """Counts are written together, after some seconds."""
    for _ in range(PATIENCE // 100):
        with site.database.read() as unit:
            if unit.session.exec(wanted).first():  # type: ignore[call-overload]
                return
        page.wait_for_timeout(100)
    raise AssertionError(f"no row of {wanted}")


def test_who_answers_what_the_shop_says_is_counted(open_page: OpenPage, site: Site, shop: str) -> None:
    page = open_page("")
    page.goto(f"{shop}/products/KT-101?lang=en")
    page.locator("main form button").first.click()
    page.goto(f"{shop}/cart?lang=en")
    page.get_by_role("button", name="Ask us").click()
    expect(page.locator(".theirs .bubble")).to_contain_text("ship free")
    page.locator(".composer textarea").fill("What goes with this board?")
    page.locator(".composer textarea").press("Enter")
    page.get_by_role("textbox", name="E-mail").fill("guest@example.com")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Start the chat").click()
    page.locator(".composer textarea").press("Enter")
    expect(page.locator(".foot .fate")).to_be_visible()
    wait_for_row(site, page, select(CampaignAnswer).where(CampaignAnswer.campaign == "shipping"))
    for step in ("shown", "clicked"):
        wait_for_row(site, page, select(WidgetCount).where(WidgetCount.step == step))


def test_an_article_is_suggested_read_and_voted_on(open_page: OpenPage, site: Site, shop: str) -> None:
    page = open_page("")
    page.goto(f"{shop}/?lang=en")
    launcher(page).click()
    panel = page.get_by_role("dialog")
    panel.get_by_role("searchbox").fill("lacquerware dishwasher")
    panel.locator(".shelf .topic", has_text="Washing lacquerware").click()
    expect(panel.locator(".rich b")).to_have_text("dishwasher")
    panel.get_by_role("button", name="Yes", exact=True).click()
    expect(panel.get_by_text("Thank you for telling us.")).to_be_focused()
    wait_for_row(site, page, select(ArticleVote).where(ArticleVote.helpful))  # type: ignore[arg-type]
