"""How an agent works at a page: one with the mouse, one with the keyboard alone; each in a language of their own."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from helpdesk import i18n
from helpdesk.models import Ticket

WATCH = """for (const kind of ["pointerdown", "pointermove", "wheel", "touchstart"])
  addEventListener(kind, () => window.touched(kind), true);"""
FOCUSED = "(element) => element === document.activeElement"
FURTHEST = 120  # presses of the Tab key


@dataclass
class Person:
    """`who` is the name of the sign-in in Site.tokens."""

    who: str
    name: str
    email: str
    language: str


@dataclass
class Hand:
    """What both have: eyes, and fingers that type words where the focus is."""

    page: Page
    person: Person

    def say(self, words: str, **values: object) -> str:
        """The interface's words in this agent's language."""
        with i18n.using(self.person.language):
            return i18n.gettext(words, **values)

    def see(self, selector: str, has: str | None = None) -> Locator:
        found = self.page.locator(selector, has_text=has) if has else self.page.locator(selector)
        return found.first

    def expect(self, selector: str, words: str = "", **values: object) -> Locator:
        """What is to be seen; with `words`, in this agent's language."""
        found = self.see(selector)
        expect(found).to_be_visible()
        if words:
            expect(found).to_contain_text(self.say(words, **values))
        return found

    def notice(self, words: str) -> None:
        """The newest notice."""
        expect(self.page.locator("#notices .notice p").last).to_contain_text(self.say(words))

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def reading(self, key: str) -> None:
        """The ticket's conversation stands there, and its composer is ready."""
        expect(self.page.locator(f'#conversation[data-key="{key}"]')).to_be_visible()
        expect(self.page.locator(f'#composer[data-key="{key}"][data-ready]')).to_be_attached()

    def live(self) -> None:
        expect(self.page.locator("html[data-live=up]")).to_be_attached()

    def still(self) -> None:
        """Nothing is under way."""
        self.page.wait_for_function(
            "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"
        )


class Mouse(Hand):
    def click(self, selector: str, has: str | None = None) -> None:
        self.see(selector, has).click()

    def write(self, selector: str, words: str) -> None:
        """Into a field that is clicked first; what stood there goes."""
        self.see(selector).click(click_count=3)
        self.type(words)

    def open(self, ticket: Ticket, selector: str = "#rows .ticket-row") -> None:
        self.click(f'{selector}[data-key="{ticket.key}"]')
        self.reading(ticket.key)

    def more(self, words: str) -> None:
        """An entry of the ticket's menu."""
        self.click("#more-menu > summary")
        self.click("#more-menu .menu-list :is(a, button)", self.say(words))


@dataclass
class Keyboard(Hand):
    touched: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Whatever a pointer does is remembered, on every page."""
        self.page.context.expose_function("touched", lambda kind: self.touched.append(kind))
        self.page.context.add_init_script(WATCH)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab(self, place: Locator, key: str = "Tab") -> None:
        """Walk until `place` has the focus."""
        expect(place).to_be_visible()
        for _ in range(FURTHEST):
            if place.evaluate(FOCUSED):
                return
            self.press(key)
        raise AssertionError(f"the Tab key never came to {place}")

    def down(self, place: Locator) -> None:
        """With the arrow keys."""
        self.tab(place, "ArrowDown")

    def choose(self, words: str, to: str = "") -> None:
        """By the palette: type what is to be done or found, and press Enter. `to` is a part of its address."""
        self.press("Control+k")
        field = self.page.locator("#palette input")
        expect(field).to_be_focused()
        self.type(words)
        place = f'[href*="{to}"]' if to else ""
        option = self.page.locator(f"#palette [role=option]{place}", has_text=words).first
        expect(option).to_be_visible()
        while option.get_attribute("aria-selected") != "true":
            self.press("ArrowDown")
        self.press("Enter")
        expect(self.page.locator("#palette")).to_be_hidden()

    def rest(self) -> None:
        """Out of any field, so that single keys are commands."""
        if self.page.evaluate("document.activeElement.matches('input, textarea, select, [contenteditable]')"):
            self.press("Escape")

    def open(self, number: int) -> None:
        """A ticket, by its number."""
        self.choose(f"#{number}")
