"""Plays the planned conversations: mail through journal and pipeline, answers with the services of agents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.automation import macro as macros_at_work
from helpdesk.channels import registry
from helpdesk.channels.protocol import Receipt
from helpdesk.commerce import points
from helpdesk.delivery import outcome, outgoing
from helpdesk.demo import carriers, conversations, followup, mail, picture, shop, teaching
from helpdesk.demo.dice import dice
from helpdesk.demo.kinds import ABOUT
from helpdesk.demo.moments import SettableClock
from helpdesk.demo.people import Person
from helpdesk.demo.tickets import Step, Story
from helpdesk.errors import LimitExceeded
from helpdesk.intake import journal
from helpdesk.intake.pipeline import Intake
from helpdesk.models import (
    Agent,
    ChannelAccount,
    Delivery,
    InboundEvent,
    Message,
    Order,
    Ticket,
)
from helpdesk.store.db import Unit
from helpdesk.tickets import assign, close, macro_actions, note, reply, tag
from macros.catalog import Catalog

KINDS = registry.kinds()
META = {"via": "imap", "folder": "INBOX"}


@dataclass(slots=True)
class Played:
    """A story on its way: its ticket once there is one, its words as they were chosen."""

    story: Story
    topic: conversations.Topic
    facts: dict[str, str]
    rng: Random
    ticket_id: int | None = None
    last_words: str = ""


@dataclass(slots=True)
class Stage:
    clock: SettableClock
    intake: Intake
    catalog: Catalog
    account_id: int
    agents: Sequence[Agent]
    played: dict[int, Played] = field(default_factory=dict)

    def play(self, story: Story, step: Step) -> None:
        """One step at its moment. Steps of a story come in order."""
        self.clock.now = step.at
        if step.kind == "ask":
            self._ask(story, step)
            return
        played = self.played[story.place]
        if played.ticket_id is None:
            return
        if step.kind in ("again", "thanks"):
            self._write_again(played, step)
            return
        with self.intake.database.write() as unit:
            ticket = unit.session.get_one(Ticket, played.ticket_id)
            agent = unit.session.get_one(Agent, self.agents[step.agent].pk)
            self._act(unit, played, step, ticket, agent)

    def receive(self, raw: bytes, *, external_id: str | None = None) -> int | None:
        """Mail arrives: the ticket it came to, or None."""
        with self.intake.database.write() as unit:
            account = unit.session.get_one(ChannelAccount, self.account_id)
            event = journal.record(
                unit, account, raw, external_id=external_id, meta={"via": "imap", "folder": "INBOX"}
            )
            event_id = event.pk if event else None
        if event_id is None:
            return None
        self.intake.process(event_id)
        with self.intake.database.read() as unit:
            return unit.session.exec(
                select(Message.ticket_id)
                .join(InboundEvent, col(InboundEvent.message_id) == col(Message.id))
                .where(InboundEvent.id == event_id)
            ).first()

    def _ask(self, story: Story, step: Step) -> None:
        played = begin(story)
        self.played[story.place] = played
        who, rng = story.who, played.rng
        letter = mail.Letter(
            who.name,
            who.email,
            played.topic.subject,
            played.topic.opening,
            step.at,
            program=rng.randrange(len(mail.PROGRAMS)),
            abroad=who.area == "abroad",
            picture=picture.photo(rng) if rng.random() < story.kind.photo else None,
            markup=rng.random() < 0.2,
            old_charset=who.language == "ja" and rng.random() < 0.12,
        )
        played.last_words = letter.text
        played.ticket_id = self.receive(mail.write(rng, letter))

    def _write_again(self, played: Played, step: Step) -> None:
        who, rng = played.story.who, played.rng
        words = conversations.say(rng, played.story.kind.key, step.kind, who, played.facts)
        text = conversations.in_manner(rng, who, words, first=False)
        with self.intake.database.read() as unit:
            ticket = unit.session.get_one(Ticket, played.ticket_id)
            letter = followup.answer(unit, self.intake.seal, rng, ticket, who, text, step.at)
        if step.kind == "again" and rng.random() < played.story.kind.photo:
            letter = replace(letter, picture=picture.photo(rng))
        self.receive(mail.write(rng, letter))

    def _act(self, unit: Unit, played: Played, step: Step, ticket: Ticket, agent: Agent) -> None:
        if step.kind == "answer":
            self._answer(unit, played, ticket, agent)
        elif step.kind == "second":
            self._second(unit, played, ticket, agent)
        elif step.kind == "points":
            self._apologise(unit, played, ticket, agent)
        elif step.kind == "close":
            close.close(unit, ticket, by=agent)
        elif step.kind == "spam":
            close.mark_spam(unit, ticket, by=agent)
        elif step.kind == "mark":
            tag.add(unit, ticket, carriers.STUCK_DEPOT, by=agent)
        elif step.kind == "assign":
            assign.to(unit, ticket, agent, by=agent)
        elif step.kind == "note":
            words = conversations.say(played.rng, "notes", "answers", _colleague(played), played.facts)
            note.add(unit, ticket, by=agent, body=words, files=self.intake.files)
        elif step.kind == "correct":
            teaching.set_urgency_right(unit, ticket, played.story.kind, by=agent)

    def _answer(self, unit: Unit, played: Played, ticket: Ticket, agent: Agent) -> None:
        story = played.story
        right = ABOUT.get(story.kind.key, ())
        teaching.set_tags_right(unit, ticket, right, dice(f"{story.seed}:tags"), by=agent)
        key = story.kind.macro
        if key == "address_changed" and ticket.order_id:
            order = unit.session.get_one(Order, ticket.order_id)
            order.address = {**order.address, "line": played.facts["moved"]}
        if key is None or not self._send_macro(unit, ticket, agent, key, token=played.story.seed):
            self.send(
                unit, ticket, agent, conversations.signed(agent.name, played.story.who, played.topic.answer)
            )

    def _second(self, unit: Unit, played: Played, ticket: Ticket, agent: Agent) -> None:
        words = conversations.say(played.rng, played.story.kind.key, "second", played.story.who, played.facts)
        self.send(unit, ticket, agent, conversations.signed(agent.name, played.story.who, words))

    def _apologise(self, unit: Unit, played: Played, ticket: Ticket, agent: Agent) -> None:
        """With points; above a limit a lead is asked and the customer hears of it later."""
        late = played.story.kind.key in ("tardy", "stuck", "angry", "unfound")
        key = "apology_points_delay" if late else "apology_points_trouble"
        token = f"{played.story.seed}:points"
        try:
            sent = self._send_macro(unit, ticket, agent, key, token=token)
        except LimitExceeded as refused:
            limit = str(refused.data.get("limit", ""))
            points.request_approval(
                unit,
                ticket=ticket,
                agent=agent,
                amount=500,
                reason="late_delivery",
                limit=limit,
                idempotency_key=token,
            )
            return
        if not sent:
            self._second(unit, played, ticket, agent)

    def _send_macro(self, unit: Unit, ticket: Ticket, agent: Agent, key: str, *, token: str) -> bool:
        """False when a fact is missing or the order is in another state: then an agent writes by hand."""
        chosen = self.catalog.get(key)
        card = macros_at_work.find_card(unit, ticket)
        if chosen.states and (card.state if card else "none") not in chosen.states:
            return False
        with i18n.using(ticket.language, shop.ZONE):
            draft = macros_at_work.draft(unit, ticket, chosen, agent=agent)
        if not draft.ready:
            return False
        macros_at_work.keep_version(unit, ticket.brand_id, chosen)
        granting = [action for action in draft.actions if action.kind == "grant_points"]
        macro_actions.apply(unit, ticket, granting, by=agent, colleagues=self.agents, token=token)
        self.send(unit, ticket, agent, draft.text, macro=(draft.key, draft.version))
        rest = [action for action in draft.actions if action.kind != "grant_points"]
        macro_actions.apply(unit, ticket, rest, by=agent, colleagues=self.agents, token=token)
        return True

    def send(
        self, unit: Unit, ticket: Ticket, agent: Agent, body: str, *, macro: tuple[str, str] | None = None
    ) -> None:
        """An answer, and what the mail server said of it."""
        message = reply.send(unit, ticket, by=agent, body=body, files=self.intake.files, macro=macro)
        delivery = unit.session.exec(select(Delivery).where(Delivery.message_id == message.pk)).one()
        job = outgoing.job(unit, delivery, self.intake.files, self.intake.seal, KINDS)
        delivery.attempts = 1
        outcome.answered(unit, delivery, Receipt(job.parcel.id, accepted=job.parcel.recipients))


def begin(story: Story) -> Played:
    """The story with its words chosen; the same each time."""
    rng = dice(story.seed)
    who = story.who
    facts = conversations.facts_of(who, story.order, conversations.chance_facts(rng, who))
    topic = conversations.choose(rng, story.kind.key, who, facts)
    return Played(story, topic, facts, rng)


def _colleague(played: Played) -> Person:
    """Colleagues write Japanese among themselves."""
    return replace(played.story.who, language="ja")
