"""A customer on a social channel with the provider between, and the agent's page of their conversation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from urllib.request import Request, urlopen

from playwright.sync_api import Locator, Page, expect
from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.models import Attachment, Contact, MediaFetch, Message, Ticket
from helpdesk.simulate.deed import Deed
from helpdesk.simulate.play import Step, Target, files_at
from helpdesk.simulate.provider import Provider, Sent
from helpdesk.simulate.reading import receipts
from tests.browser.site import Site
from tests.fakes.waiting import until

numbers = count(7_001)


@dataclass
class Customer:
    """Somebody new on one account. `who` is their id at the provider, `address` where that one's servers stand."""

    site: Site
    provider: Provider
    address: str
    target: Target
    name: str
    who: str
    said: list[str] = field(default_factory=list)

    def does(self, kind: str, text: str = "", *, of: str = "") -> str:
        """One deed, told by its provider; returns its number there."""
        number = str(next(numbers))
        self.provider.about.names[self.who] = self.name
        data = {"name": self.name, **files_at(f"{self.address}/files")}
        self._tell(Step(self.target, Deed(kind, self.who, datetime.now(UTC), number, text, of, data)))
        self.said.append(number)
        return number

    def ticket(self, *, messages: int) -> str:
        """The key of their conversation, once so many messages and all of their files are in it."""
        until(lambda: len(self.messages()) >= messages and not self._waiting())
        with self.site.database.read() as unit:
            return unit.session.exec(
                select(Ticket.key).where(Ticket.id == self.messages()[0].ticket_id)
            ).one()

    def messages(self) -> list[Message]:
        wanted = (
            select(Message)
            .join(Contact, col(Contact.customer_id) == col(Message.customer_id))
            .where(Contact.address == self.who, Message.direction == "in")
        )
        with self.site.database.read() as unit:
            return list(unit.session.exec(wanted.order_by(col(Message.id))))

    def pictures(self) -> int:
        """How many of the files they sent are pictures in our store."""
        mine = [one.id for one in self.messages()]
        with self.site.database.read() as unit:
            files = unit.session.exec(select(Attachment).where(col(Attachment.message_id).in_(mine)))
            return sum(one.content_type.startswith("image/") for one in files)

    def hears(self, words: str) -> Sent:
        """The answer, as it has come to the provider."""
        until(lambda: self._find(words))
        found = self._find(words)
        assert found is not None
        return found

    def reads(self, sent: Sent) -> Iterator[str]:
        """The provider tells of it, one after the other; yields the kind of each receipt."""
        for step in receipts(sent, [self.target], at=datetime.now(UTC)):
            self._tell(step)
            yield step.deed.kind

    def _find(self, words: str) -> Sent | None:
        return next(
            (one for one in self.provider.sent if words in json.dumps(one.body, ensure_ascii=False)), None
        )

    def _waiting(self) -> bool:
        """Stickers of LINE lie at another place of LINE's, which tests do not reach."""
        mine = [one.id for one in self.messages()]
        wanted = select(MediaFetch).where(col(MediaFetch.message_id).in_(mine), MediaFetch.state == "queued")
        with self.site.database.read() as unit:
            return any(self.address in one.ref or "://" not in one.ref for one in unit.session.exec(wanted))

    def _tell(self, step: Step) -> None:
        request = step.request()
        call = Request(step.target.url, request.body, dict(request.headers))
        with urlopen(call, timeout=20) as answer:
            assert answer.status == 200


@dataclass
class Conversation:
    """The agent's page of one ticket."""

    page: Page
    language: str

    def say(self, words: str, **values: object) -> str:
        with i18n.using(self.language):
            return i18n.gettext(words, **values)

    def open(self, key: str) -> None:
        self.page.goto(f"/tickets/{key}")
        self.page.locator("#composer[data-ready]").wait_for()

    @property
    def messages(self) -> Locator:
        """Whatever the customer or the brand has said, in order."""
        return self.page.locator('article[id^="message-"]')

    def pictures(self) -> Locator:
        """Pictures that customers sent, from our own store."""
        return self.messages.locator('img[src^="/attachments/"]')

    def expect_loaded(self, picture: Locator) -> None:
        picture.scroll_into_view_if_needed()
        expect(picture).to_be_visible()
        until(lambda: picture.evaluate("(one) => one.complete && one.naturalWidth > 0"))

    def answer(self, words: str) -> Locator:
        """Written and sent; the message as it stands in the conversation."""
        self.page.locator("#reply-form .text").fill(words)
        self.page.get_by_role("button", name=self.say("Send"), exact=True).click()
        mine = self.messages.filter(has_text=words)
        expect(mine).to_be_visible()
        return mine

    def state_of(self, answer: Locator) -> Locator:
        """The line below an answer that says how far it has come."""
        return answer.locator(".delivery")
