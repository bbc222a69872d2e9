"""Answering on social channels: time that runs out, templates, another way to the same customer, what goes along."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlmodel import col, select

from helpdesk.channels.care import Template
from helpdesk.models import Brand, ChannelAccount, Contact, Message, Order, Ticket
from helpdesk.social import templates
from tests.browser import axe
from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.helpdesk.desk import customer_of
from tests.helpdesk.talks import add_account, add_contact, add_talk

DAY = timedelta(days=1)
OTHER_WAY = r"/ways\?via=\w"
ON_ITS_WAY = Template(
    "on_its_way",
    "ja",
    "approved",
    "{{1}} 様、ご注文 {{2}} はお届け中です。",
    parameters=({"name": "1", "example": "山田"}, {"name": "2", "example": "HK-20391"}),
)


def talk(site: Site, kind: str, **given: Any) -> tuple[Ticket, Contact]:
    with site.database.read() as unit:
        brand = unit.session.exec(select(Brand).order_by(col(Brand.id))).first()
    assert brand
    return add_talk(site.database, brand, kind, **given)


def ours(site: Site, ticket: Ticket) -> Message:
    with site.database.read() as unit:
        wanted = select(Message).where(Message.ticket_id == ticket.pk, Message.direction == "out")
        return unit.session.exec(wanted.order_by(col(Message.id).desc())).one()


def give_order(site: Site, ticket: Ticket) -> None:
    """An order of the shop becomes this ticket's."""
    with site.database.write() as unit:
        order = unit.session.exec(select(Order).where(Order.brand_id == ticket.brand_id)).first()
        assert order
        unit.session.get_one(Ticket, ticket.pk).order_id = order.pk


def test_when_the_free_day_ends_a_template_takes_the_place_of_the_words(page: Page, site: Site) -> None:
    ticket, contact = talk(site, "whatsapp")
    with site.database.write() as unit:
        templates.keep(unit, unit.session.get_one(ChannelAccount, contact.account_id), [ON_ITS_WAY])
        unit.session.get_one(Contact, contact.pk).acted_at = unit.now - DAY + timedelta(minutes=3)
    page.clock.install()
    page.goto(f"/tickets/{ticket.key}")
    expect(page.locator(".window-words")).to_have_text(re.compile(r"[12]:\d\d left"))
    expect(page.locator("#reply-form .text")).to_be_visible()
    with site.database.write() as unit:
        unit.session.get_one(Contact, contact.pk).acted_at = unit.now - DAY
    page.clock.fast_forward("03:00")
    expect(page.locator(".template-pick")).to_be_visible()
    expect(page.locator("#reply-form .text")).to_be_hidden()
    places = page.locator(".template-pick [name=parameter]")
    places.nth(1).fill("")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".composer-trouble:visible")).to_have_text("Fill in every place of the template.")
    places.nth(0).fill("山田")
    places.nth(1).fill("HK-9")
    expect(page.locator(".template-preview")).to_have_text("山田 様、ご注文 HK-9 はお届け中です。")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message-ours").last).to_contain_text("山田 様、ご注文 HK-9 はお届け中です。")
    assert ours(site, ticket).content["name"] == "on_its_way"


def test_another_way_is_chosen_kept_in_the_draft_and_taken(page: Page, site: Site) -> None:
    ticket = over_on_instagram(page, site)
    page.get_by_role("button", name="Answer by LINE").click()
    expect(page.locator(".ways-now")).to_have_text("to はなこ on LINE")
    page.locator("#reply-form .text").fill("お待たせしました。")
    expect(page.locator(".draft-words:visible")).to_have_text("Saved")
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator("#reply-form .text")).to_have_value("お待たせしました。")
    expect(page.locator(".ways-now")).to_have_text("to はなこ on LINE")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message-ours").last).to_contain_text("お待たせしました。")
    assert ours(site, ticket).channel == "line"


def test_a_way_stays_chosen_when_news_come_before_the_server_has_answered(page: Page, site: Site) -> None:
    ticket = over_on_instagram(page, site)
    release = hold_ways(page)
    with page.expect_request(re.compile(OTHER_WAY)):
        page.get_by_role("button", name="Answer by LINE").click()
    with page.expect_request(re.compile("/ways[?]")):
        page.evaluate(f"htmx.trigger(document.body, 'ticket-{ticket.key}')")
    release()
    expect(page.locator(".ways-now")).to_have_text("to はなこ on LINE")


def test_news_that_come_while_a_button_is_pressed_take_nothing_away(page: Page, site: Site) -> None:
    ticket = over_on_instagram(page, site)
    page.locator(".ways-in").evaluate("(one) => { one.dataset.mark = 'of before'; }")
    page.get_by_role("button", name="Answer by LINE").hover()
    page.mouse.down()
    with page.expect_response(re.compile("/ways[?]")):
        page.evaluate(f"htmx.trigger(document.body, 'ticket-{ticket.key}')")
    page.wait_for_timeout(100)  # as long as a press takes
    page.mouse.up()
    expect(page.locator(".ways-now")).to_have_text("to はなこ on LINE")


def test_words_sent_before_the_server_has_answered_go_by_the_chosen_way(page: Page, site: Site) -> None:
    ticket = over_on_instagram(page, site)
    release = hold_ways(page)
    page.get_by_role("button", name="Answer by LINE").click()
    page.locator("#reply-form .text").fill("お待たせしました。")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#reply-form.is-sending")).to_be_attached()
    release()
    expect(page.locator(".message-ours").last).to_contain_text("お待たせしました。")
    assert ours(site, ticket).channel == "line"


def over_on_instagram(page: Page, site: Site) -> Ticket:
    """The page of a ticket that takes no more answers where it came from; its customer has LINE as well."""
    ticket, _ = talk(site, "instagram", ago=9 * 24 * 60)
    line = add_account(site.database, _brand(site, ticket), "line")
    add_contact(site.database, line, customer=customer_of(site.database, ticket))
    page.goto(f"/tickets/{ticket.key}")
    page.locator("#composer[data-ready]").wait_for()
    expect(page.locator(".ways-strip")).to_contain_text("is over")
    return ticket


def hold_ways(page: Page) -> Callable[[], None]:
    """Questions for a way of the agent's own choice wait until what is returned is called."""
    held: list[Route] = []
    holding = [True]
    page.route(re.compile(OTHER_WAY), lambda route: held.append(route) if holding else route.continue_())

    def release() -> None:
        holding.clear()
        for one in held:
            one.continue_()

    return release


def test_a_mail_ticket_offers_the_customers_line_beside_its_kinds(page: Page, site: Site) -> None:
    ticket = site.take()
    line = add_account(site.database, _brand(site, ticket), "line")
    add_contact(site.database, line, customer=customer_of(site.database, ticket))
    page.goto(f"/tickets/{ticket.key}")
    page.locator(".kind-now").click()
    page.locator(".other-ways [data-way]").click()
    expect(page.locator(".ways-now")).to_have_text("to はなこ on LINE")
    expect(page.locator(".envelope")).to_be_hidden()
    page.locator(".ways-now").click()
    page.locator('.ways-menu [data-way-kind="email"]').click()
    expect(page.locator(".envelope")).to_be_visible()
    expect(page.locator("#ways")).to_be_hidden()


def test_a_card_and_quick_replies_go_along_and_come_back(page: Page, site: Site) -> None:
    ticket, _ = talk(site, "line")
    give_order(site, ticket)
    page.goto(f"/tickets/{ticket.key}")
    page.get_by_role("button", name="Add the order as a card").click()
    title = page.locator(".card-shown b").inner_text()
    page.get_by_role("button", name="Quick replies").click()
    page.keyboard.type("はい")
    page.keyboard.press("Enter")
    page.keyboard.type("いいえ")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message-ours").last).to_contain_text(title)
    assert ours(site, ticket).replies == ["はい", "いいえ"]
    page.locator(".message-ours").last.get_by_role("button", name="Take back").click()
    expect(page.locator(".card-shown b")).to_have_text(title)
    expect(page.locator(".offers input").first).to_have_value("はい")


def test_long_words_tell_in_how_many_messages_they_go(page: Page, site: Site) -> None:
    ticket, _ = talk(site, "instagram")
    page.goto(f"/tickets/{ticket.key}")
    expect(page.locator(".ways-now")).to_be_visible()
    page.locator("#reply-form .text").fill("あ" * 300)
    expect(page.locator(".length")).to_have_text("900 of 1,000 characters")
    page.locator("#reply-form .text").fill("あ" * 700)
    expect(page.locator(".length")).to_have_text("2,100 characters, 3 messages")


@pytest.mark.parametrize("kind", ["line", "messenger", "whatsapp"])
@pytest.mark.parametrize(("who", "width"), [("en-light", 1280), ("ja-dark", 390)])
def test_the_composer_of_social_channels_is_for_everybody(
    open_page: OpenPage, site: Site, kind: str, who: str, width: int
) -> None:
    axe.needed()
    ticket, contact = talk(site, kind, ago=25 * 60)
    give_order(site, ticket)
    with site.database.write() as unit:
        templates.keep(unit, unit.session.get_one(ChannelAccount, contact.account_id), [ON_ITS_WAY])
    page = open_page(who, width=width)
    page.goto(f"/tickets/{ticket.key}")
    expect(page.locator(".ways-now")).to_be_visible()
    for button in page.locator(":is([data-card-toggle], [data-offers-toggle]):visible").all():
        button.click()
    assert axe.find(page, "#composer") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def _brand(site: Site, ticket: Ticket) -> Brand:
    with site.database.read() as unit:
        return unit.session.get_one(Brand, ticket.brand_id)
