"""One window's part in a conversation: what each frame of a visitor does, and what agents see of it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from typing import Any

from starlette.concurrency import run_in_threadpool

from helpdesk.chat import availability, lines, rating, tokens, visitors
from helpdesk.chat.accounts import Widget
from helpdesk.chat.visitors import Hello, Known
from helpdesk.i18n import gettext as _
from helpdesk.intake.taking import Said
from helpdesk.live.guest import Guest
from helpdesk.live.presence import Place
from helpdesk.models import Status, Ticket, Visitor
from helpdesk.web.chat_frames import Frame, Greeting, Older, Page, Rate, Read, Refused, Step, Typing, Words
from helpdesk.web.reception import Reception
from helpdesk.web.state import Parts

TYPING_EVERY = 1.0  # seconds between two words to agents about the same


@dataclass(frozen=True, slots=True)
class _Greeted:
    """What was found out in a thread, as plain data."""

    token: str
    visitor_id: int | None
    ticket: str
    seen: int
    sent: int
    history: list[dict[str, Any]]
    more: bool
    wrong: bool
    wait: int | None
    closed: bool = False


class Talk:
    def __init__(self, parts: Parts, desk: Reception, widget: Widget, guest: Guest) -> None:
        self.parts, self.desk, self.widget, self.guest = parts, desk, widget, guest
        self.hello = Hello()
        self.greeted = False
        self.language = widget.language
        self._typed_at = 0.0

    async def take(self, frame: Frame) -> None:
        """Raises Refused, or what the service below says is wrong."""
        if isinstance(frame, Greeting):
            await self._greet(frame)
        elif isinstance(frame, Words):
            await self._say(frame)
        elif isinstance(frame, Typing):
            self._type(frame)
        elif isinstance(frame, Read):
            self._read(frame)
        elif isinstance(frame, Rate):
            await self._rate(frame)
        elif isinstance(frame, Page):
            await self._turn_to(frame)
        elif isinstance(frame, Older):
            await self._older(frame)
        elif isinstance(frame, Step):
            self.desk.tally.walked(self.widget, frame.flow, frame.step, frame.before)

    def leave(self) -> None:
        last = self.parts.live.lobby.leave(self.guest)
        if last and self.guest.visitor_id is not None:
            self.desk.left(self.guest.visitor_id)
            self._show(online=False)

    async def _greet(self, frame: Greeting) -> None:
        self.hello, self.greeted = frame.hello, True
        self.language = frame.hello.language or self.language
        found = await run_in_threadpool(self._find, frame)
        agents = await run_in_threadpool(self.desk.agents, self.widget)
        guest = self.guest
        guest.token, guest.visitor_id = tokens.hash_of(found.token), found.visitor_id
        guest.ticket, guest.sent, guest.seen = found.ticket, found.sent, found.seen
        self.parts.live.lobby.enter(guest)
        said = {
            "type": "welcome",
            "visitor": found.token,
            "open": availability.is_open(self.widget, self.parts.database.clock(), agents=agents),
            "agents_online": agents,
            "wait": found.wait,
            "history": found.history,
            "more": found.more,
            "read": found.seen,
            "closed": found.closed,
        }
        guest.put(json.dumps(said, ensure_ascii=False, separators=(",", ":")))
        if found.wrong:
            guest.put(Refused("identity", _("the signature of the user does not hold")).frame())
        if found.visitor_id is not None:
            self.parts.live.lobby.look_at(found.visitor_id)  # what was said between the look and the welcome
            self._show(online=True)

    def _find(self, frame: Greeting) -> _Greeted:
        database, seal = self.parts.database, self.parts.seal
        with database.read() as unit:
            writes = visitors.needs_writing(unit, self.widget, frame.hello)
        wait = self.desk.wait(self.widget)
        with database.write() if writes else database.read() as unit:
            known = visitors.greet(unit, self.widget, frame.hello, seal)
            if known.visitor is None:
                return _Greeted(known.token, None, "", 0, 0, [], False, known.wrong, wait)
            return self._known(
                unit.session.get_one(Visitor, known.visitor.pk), known, unit, frame.after, wait
            )

    def _known(
        self, visitor: Visitor, known: Known, unit: Any, after: int | None, wait: int | None
    ) -> _Greeted:
        """A number beyond all lines comes from a talk that is not this one."""
        if after is not None and (after >= visitor.next_seq or known.token != self.hello.token):
            after = None
        said = lines.history(unit, visitor.pk, after=after)
        ticket = unit.session.get(Ticket, visitor.ticket_id) if visitor.ticket_id else None
        sent = said[-1].seq if said else (after or 0)
        more = bool(said) and said[0].seq > 1 and after is None
        return _Greeted(
            known.token,
            visitor.pk,
            ticket.key if ticket else "",
            visitor.seen_seq,
            sent,
            [lines.as_data(one) for one in said],
            more,
            known.wrong,
            wait,
            closed=ticket is not None and ticket.status == Status.CLOSED,
        )

    async def _say(self, words: Words) -> None:
        guest = self.guest
        self.hello = replace(
            self.hello, name=words.name or self.hello.name, email=words.email or self.hello.email
        )
        guest.saying.add(words.key)
        try:
            taken = await self.desk.say(
                Said(
                    self.widget,
                    self.hello,
                    guest.token,
                    guest.visitor_id,
                    words.key,
                    words.text,
                    words.attachments,
                    words.details,
                )
            )
        finally:
            guest.saying.discard(words.key)
        if taken.new:
            self.desk.tally.wrote(
                self.widget, taken.visitor_id, campaign=words.campaign, flow=words.flow, path=words.path
            )
        if guest.visitor_id is None:
            guest.visitor_id = taken.visitor_id
        self.parts.live.lobby.enter(guest)
        if taken.seq > guest.sent:
            guest.own.add(taken.seq)
        ack = {"type": "ack", "key": words.key, "id": taken.id, "seq": taken.seq}
        guest.put(json.dumps(ack, separators=(",", ":")))
        if taken.seq > guest.sent:
            self.parts.live.lobby.look_at(taken.visitor_id)
        self._typed_at = 0.0

    def _type(self, typing: Typing) -> None:
        now = time.monotonic()
        if now - self._typed_at >= TYPING_EVERY:
            self._typed_at = now
            self._show(online=True, typing=True, preview=typing.preview)

    def _read(self, read: Read) -> None:
        if self.guest.visitor_id is not None and read.seq <= self.guest.sent:
            self.desk.read(self.guest.visitor_id, read.seq)
            self._show(online=True, read=read.seq)

    async def _rate(self, rate: Rate) -> None:
        visitor_id = self.guest.visitor_id
        if visitor_id is None:
            raise Refused("rate", _("there is no conversation to rate yet"))

        def write() -> None:
            with self.parts.database.write() as unit:
                rating.rate(unit, visitor_id, score=rate.score, comment=rate.comment)

        await run_in_threadpool(write)
        self.guest.put(json.dumps({"type": "rated", "score": rate.score}))

    async def _turn_to(self, page: Page) -> None:
        self.hello = replace(self.hello, page=page.page, title=page.title)
        visitor_id = self.guest.visitor_id
        if visitor_id is None:
            return

        def write() -> None:
            with self.parts.database.write() as unit:
                visitors.update_facts(lines.hold(unit, visitor_id), self.hello, unit)

        await run_in_threadpool(write)
        self._show(online=True)

    async def _older(self, older: Older) -> None:
        visitor_id = self.guest.visitor_id

        def read() -> list[dict[str, Any]]:
            if visitor_id is None:
                return []
            with self.parts.database.read() as unit:
                return [lines.as_data(one) for one in lines.before(unit, visitor_id, older.before)]

        found = await run_in_threadpool(read)
        more = bool(found) and found[0]["seq"] > 1
        self.guest.put(json.dumps({"type": "history", "history": found, "more": more}, ensure_ascii=False))

    def _show(self, **what: object) -> None:
        """To agents who have the ticket open; passing, and kept nowhere."""
        if self.guest.ticket:
            told = {"page": self.hello.page, "title": self.hello.title, "referrer": self.hello.referrer}
            place = Place(self.guest.ticket, self.guest.brand_id)
            self.parts.live.tell_windows(
                place, {"name": "visitor", "ticket": self.guest.ticket, "visitor": told | what}
            )
