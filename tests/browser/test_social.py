"""One conversation on each social channel, in both languages: a customer writes with a picture and a sticker, the agent
answers, and what becomes of the answer is seen without loading the page again.

`--every-form` leaves pictures of them in shots/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from helpdesk.models import Agent, Brand, ChannelAccount
from helpdesk.people import accounts, sign_in
from helpdesk.simulate.accounts import connect
from helpdesk.simulate.play import Target, person_at
from helpdesk.simulate.provider import Provider
from helpdesk.simulate.serve import serving
from helpdesk.simulate.vendors import VENDORS
from helpdesk.store import seal
from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.social_hands import Conversation, Customer, numbers
from tests.browser.test_pages import SHOTS
from tests.fakes.ports import free_port

WRITTEN = [one for one in VENDORS if one != "phone"]
NAMES = {"en": ("Dana Cole", "Priya Raman"), "ja": ("桜井 恵", "岡部 俊介")}
WORDS = {
    "en": {
        "first": "The bowl came today, and there is a crack right through the rim.",
        "sticker": "😟",
        "answer": "I am sorry about the bowl. A new one leaves tomorrow; please keep the old one.",
    },
    "ja": {
        "first": "今日届いた鉢のふちに、ひびが入っていました。",
        "sticker": "困った",
        "answer": "ご不便をおかけして申し訳ございません。新しいものを明日お送りします。",
    },
}
SEEN = {"delivered": "Arrived", "read": "Read"}
Meet = Callable[[str, str], Customer]


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[Provider, str]]:
    made = Provider()
    with serving(made.app, free_port()) as address:
        yield made, address


@pytest.fixture(scope="module")
def targets(site: Site, provider: tuple[Provider, str]) -> dict[str, Target]:
    """An account on every channel."""
    key = seal.load("", site.folder)
    found = {}
    with site.database.write() as unit:
        brand = unit.session.exec(select(Brand).order_by(col(Brand.id))).first()
        assert brand is not None
        for vendor in VENDORS:
            account = connect(unit, key, brand, vendor, provider[1])
            url = f"{site.url}/hooks/{vendor}/{account.key}"
            found[vendor] = Target(vendor, url, account.address, key.open(account.secrets))
    return found


@pytest.fixture(scope="module", autouse=True)
def quiet_afterwards(site: Site, targets: dict[str, Target]) -> Iterator[None]:
    """Nobody asks these providers anything once they are gone."""
    yield
    with site.database.write() as unit:
        wanted = select(ChannelAccount).where(col(ChannelAccount.address).startswith("simulated-"))
        for account in unit.session.exec(wanted):
            account.active = False


@pytest.fixture(scope="module")
def people(site: Site) -> dict[str, Agent]:
    """Agents whose answers leave at once."""
    found = {}
    with site.database.write() as unit:
        for language, (name, _customer) in NAMES.items():
            who = f"social-{language}"
            agent = accounts.create_agent(
                unit, email=f"{who}@hinoki.example", name=name, role="agent", language=language
            )
            agent.theme, agent.timezone, agent.preferences = "light", "UTC", {"undo_seconds": 0}
            site.tokens[who] = sign_in.start(unit, agent, user_agent="Chromium", days=1)
            found[language] = agent
    return found


@pytest.fixture
def meet(site: Site, provider: tuple[Provider, str], targets: dict[str, Target]) -> Meet:
    """meet("line", "ja") -> a customer whom nobody has met before."""

    def meet_one(vendor: str, language: str) -> Customer:
        who = person_at(vendor, next(numbers))
        return Customer(site, provider[0], provider[1], targets[vendor], NAMES[language][1], who)

    return meet_one


@pytest.fixture
def sit_down(open_page: OpenPage, people: dict[str, Agent]) -> Callable[[str], Conversation]:
    def at(language: str) -> Conversation:
        return Conversation(open_page(f"social-{language}", locale=language, height=900), language)

    return at


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("vendor", WRITTEN)
def test_a_conversation(
    vendor: str, language: str, meet: Meet, sit_down: Callable[[str], Conversation], every_form: bool
) -> None:
    customer, talk, words = meet(vendor, language), sit_down(language), WORDS[language]
    customer.does("text", words["first"])
    customer.does("picture")
    customer.does("sticker", words["sticker"])
    talk.open(customer.ticket(messages=3))
    expect(talk.messages.filter(has_text=words["first"])).to_be_visible()
    expect(talk.pictures()).to_have_count(customer.pictures())
    assert customer.pictures() >= 1
    for picture in talk.pictures().all():
        talk.expect_loaded(picture)
    if vendor == "line":  # its stickers are described by words
        expect(talk.messages.filter(has_text=words["sticker"])).to_be_visible()

    answer = talk.answer(words["answer"])
    sent = customer.hears(words["answer"])
    expect(talk.state_of(answer)).to_contain_text(talk.say("Sent"))
    for kind in customer.reads(sent):
        expect(talk.state_of(answer)).to_contain_text(talk.say(SEEN[kind]))
    if every_form:
        take_picture(talk.page, vendor, language)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_call_that_nobody_took(
    language: str, meet: Meet, sit_down: Callable[[str], Conversation], every_form: bool
) -> None:
    """The caller spoke after the tone; the agent calls back and notes it."""
    customer, talk = meet("phone", language), sit_down(language)
    first = customer.does("missed")
    customer.does("voicemail", of=first)
    talk.open(customer.ticket(messages=1))
    missed = talk.messages.first
    expect(missed).to_contain_text(talk.say("Voicemail"))
    expect(missed.locator("audio")).to_be_visible()

    note = WORDS[language]["answer"]
    talk.page.get_by_label(talk.say("More actions")).click()
    talk.page.get_by_role("link", name=talk.say("Note a call…")).click()
    form = talk.page.get_by_role("dialog")
    form.get_by_label(talk.say("We called the customer")).check()
    form.get_by_label(talk.say("Minutes")).fill("4")
    form.get_by_label(talk.say("What was said")).fill(note)
    form.get_by_role("button", name=talk.say("Note the call")).click()
    expect(form).to_be_hidden()
    noted = talk.messages.filter(has_text=note)
    expect(noted).to_be_visible()
    expect(noted).to_contain_text(talk.say("Outgoing call"))
    if every_form:
        take_picture(talk.page, "phone", language)


def take_picture(page: Page, vendor: str, language: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.screenshot(path=SHOTS / f"social-{vendor}-{language}-light-1280.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=SHOTS / f"social-{vendor}-{language}-light-390.png")
