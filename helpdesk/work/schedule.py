"""All recurring work on one page: what, how often, and which news make it run at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from helpdesk.automation.bulk import Bulk
from helpdesk.chat import assignment, mail
from helpdesk.delivery.worker import Courier
from helpdesk.intake.pipeline import Intake
from helpdesk.social import outages
from helpdesk.social.redact import drop_files
from helpdesk.store.db import Database
from helpdesk.tickets.snooze import wake_due
from helpdesk.triage import alarm
from helpdesk.triage.rank import rerank_waiting
from helpdesk.work import housekeeping
from helpdesk.work.care import Caretaker
from helpdesk.work.likeness import Likeness
from helpdesk.work.mailboxes import Mailboxes
from helpdesk.work.media import Media
from helpdesk.work.people import People
from helpdesk.work.reading import Reading
from helpdesk.work.topics import TopicFinder
from helpdesk.work.training import Trainer


@dataclass(frozen=True, slots=True)
class Parts:
    """What the work below works with."""

    database: Database
    intake: Intake
    courier: Courier
    mailboxes: Mailboxes
    bulk: Bulk
    media: Media
    likeness: Likeness
    care: Caretaker
    people: People
    reading: Reading
    trainer: Trainer
    topics: TopicFinder


@dataclass(frozen=True, slots=True)
class Recurring:
    """`run` is called every `every` seconds, up to `idle` while there is nothing to do, at once on `wakes`.

    A queue (`drains`) is run again immediately while it still finds something. However often it is woken, it rests
    `rest` seconds between two runs.
    """

    name: str
    every: float
    idle: float
    run: Callable[[Parts], int | Awaitable[int]]
    wakes: frozenset[str] = frozenset()
    drains: bool = False
    rest: float = 0


HOUR = 3600.0
CHATS_MOVE = frozenset(  # somebody may have room now, or somebody may be needed
    (
        "agent_came", "agent_left", "availability_changed", "ticket_answered", "ticket_assigned",
        "ticket_assigned_team", "ticket_closed", "ticket_marked_spam", "ticket_merged_away", "ticket_opened",
        "ticket_reopened", "ticket_returned", "ticket_snoozed", "ticket_transferred", "ticket_unassigned",
        "ticket_unassigned_team", "ticket_undone", "ticket_woken",
    )
)  # fmt: skip

SCHEDULE = (
    Recurring(
        "talks", 1, 5, lambda parts: parts.intake.drain_talks(), frozenset({"talk_queued"}), drains=True
    ),
    Recurring("intake", 1, 5, lambda parts: parts.intake.drain(), frozenset({"inbound_queued"}), drains=True),
    Recurring(
        "courier", 1, 5, lambda parts: parts.courier.drain(), frozenset({"delivery_queued"}), drains=True
    ),
    Recurring("media", 2, 10, lambda parts: parts.media.drain(), frozenset({"media_queued"}), drains=True),
    Recurring(
        "people", 5, 60, lambda parts: parts.people.drain(), frozenset({"profile_wanted"}), drains=True
    ),
    Recurring(
        "reading", 5, 60, lambda parts: parts.reading.drain(), frozenset({"reading_queued"}), drains=True
    ),
    Recurring(
        "care", 5, 20, lambda parts: parts.care.drain(), frozenset({"account_saved", "care_due"}), drains=True
    ),
    Recurring("outages", 30, 30, lambda parts: outages.look(parts.database)),
    Recurring("dropped", 60, 600, lambda parts: drop_files(parts.database, parts.media.files)),
    Recurring("chats", 2, 4, lambda parts: assignment.drain(parts.database), CHATS_MOVE, rest=0.5),
    Recurring("bulk", 1, 5, lambda parts: parts.bulk.drain(), frozenset({"bulk_queued"}), drains=True),
    Recurring("mailboxes", 2, 2, lambda parts: parts.mailboxes.tick(), frozenset({"account_saved"})),
    Recurring("waking", 20, 60, lambda parts: wake_due(parts.database)),
    Recurring("chat_mail", 20, 60, lambda parts: mail.continue_by_mail(parts.database)),
    Recurring(
        "likeness", 5, 60, lambda parts: parts.likeness.drain(), frozenset({"message_received"}), rest=2
    ),
    Recurring(
        "ranking",
        *(HOUR, HOUR),
        lambda parts: rerank_waiting(parts.database),
        frozenset({"urgency_weighed"}),
        rest=5,
    ),
    Recurring("training", 10, 60, lambda parts: parts.trainer.drain(), frozenset({"model_asked"})),
    Recurring("lessons", HOUR, HOUR, lambda parts: parts.trainer.ask_nightly()),
    Recurring("drift", 6 * HOUR, 6 * HOUR, lambda parts: alarm.tell_all(parts.database)),
    Recurring("topics", 10, 60, lambda parts: parts.topics.drain(), frozenset({"topics_asked"})),
    Recurring("topics_weekly", HOUR, HOUR, lambda parts: parts.topics.ask_weekly()),
    Recurring("housekeeping", HOUR, HOUR, lambda parts: housekeeping.sweep(parts.database)),
)
