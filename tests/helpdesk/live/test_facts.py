from __future__ import annotations

from helpdesk.events import Happened
from helpdesk.live import facts
from helpdesk.live.facts import Fact
from helpdesk.models import Brand
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_message, add_ticket


def test_what_no_window_shows_is_left_out() -> None:
    told = [
        Happened("inbound_queued", 1, {"event": 4}),
        Happened("ticket_closed", 1, {"ticket": 5}, ticket="abc"),
        Happened("notified", 1, {"agent": 6}),
        Happened("model_progress", 1),
    ]
    assert facts.of(told) == [
        Fact("ticket_closed", 1, "abc"),
        Fact("notified", 1, agent_id=6),
        Fact("model_progress", 1),
    ]


def test_a_unit_names_tickets_by_key_also_through_their_messages(database: Database, brand: Brand) -> None:
    ticket = add_ticket(database, brand)
    message = add_message(database, ticket, "Hello")
    heard: list[Happened] = []
    database.listeners.append(heard.extend)
    with database.write() as unit:
        unit.tell("ticket_closed", brand.pk, ticket=ticket.pk)
        unit.tell("delivery_queued", brand.pk, message=message.pk)
        unit.tell("account_changed", brand.pk, account=1)
        unit.tell("ticket_gone", brand.pk, ticket=987654)
    assert [one.ticket for one in heard] == [ticket.key, ticket.key, "", ""]


def test_facts_survive_the_way_to_another_process() -> None:
    told = [Fact("ticket_closed", 1, "abc"), Fact("changed"), Fact("notified", 1, "abc", agent_id=6)]
    assert facts.unpack(facts.pack(told)) == told
