"""A macro on a ticket: facts that are known, actions that are done with the reply."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from helpdesk.automation import macro
from helpdesk.errors import Invalid, LimitExceeded
from helpdesk.models import Agent, Brand, Customer, MacroVersion, PointsEntry, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets import macro_actions, tag
from macros.catalog import Catalog
from macros.facts import Money
from macros.macro import Action
from tests.helpdesk.desk import add_order, add_ticket, put_tag


def apply(database: Database, ticket: Ticket, agent: Agent, *actions: Action, token: str = "t") -> Ticket:
    with database.write() as unit:
        ours, by = unit.session.get_one(Ticket, ticket.pk), unit.session.get_one(Agent, agent.pk)
        macro_actions.apply(unit, ours, actions, by=by, colleagues=[by], token=token)
    return ours


def test_facts_come_from_customer_order_and_parcel(database: Database, brand: Brand, agent: Agent) -> None:
    ticket = add_ticket(database, brand, name="佐藤 由美")
    with database.read() as unit:
        now = unit.now
    add_order(database, ticket.customer_id, brand, "HK-1", shipped_at=now, expected_on=date(2026, 1, 9))
    with database.read() as unit:
        facts = macro.facts_for(unit, ticket, agent)
    assert (facts.customer.family_name, facts.customer.given_name) == ("佐藤", "由美")
    assert (facts.order.number, facts.order.total, facts.order.items) == (
        "HK-1",
        Money(8640, "JPY"),
        "マグカップ ×2",
    )
    assert (facts.order.state, facts.shipment.tracking_number, facts.shipment.expected_on) == (
        "in_transit",
        "4821",
        date(2026, 1, 9),
    )
    assert (facts.agent.name, facts.brand.name) == ("Misaki Takahashi", "青葉商店")


def test_dates_are_those_of_the_brands_day(database: Database, brand: Brand, agent: Agent) -> None:
    ticket = add_ticket(database, brand)
    with database.read() as unit:
        evening = unit.now.replace(hour=20)  # 5 in the morning of the next day in Tokyo
    add_order(database, ticket.customer_id, brand, shipped_at=evening)
    with database.read() as unit:
        assert macro.facts_for(unit, ticket, agent).shipment.shipped_on == evening.date() + timedelta(days=1)


@pytest.mark.parametrize("name", ["Emma Clarke", "山田花子", "佐藤 由美 様方", "hanako"])
def test_a_name_that_cannot_be_told_apart_stays_whole(
    database: Database, brand: Brand, agent: Agent, name: str
) -> None:
    ticket = add_ticket(database, brand, name=name)
    with database.read() as unit:
        facts = macro.facts_for(unit, ticket, agent)
    assert (facts.customer.name, facts.customer.family_name) == (name, None)


def test_what_is_not_known_is_missing_in_the_draft(database: Database, brand: Brand, agent: Agent) -> None:
    ticket = add_ticket(database, brand)
    with database.read() as unit:
        draft = macro.draft(unit, ticket, Catalog.load_builtin().get("order_in_transit"), agent=agent)
    assert "order.number" in draft.missing
    assert "〔order.number〕" in draft.text


def test_the_macro_that_fits_tag_and_parcel_is_offered_first(database: Database, brand: Brand) -> None:
    ticket = add_ticket(database, brand)
    put_tag(database, ticket, "order_status", score=0.95)
    with database.read() as unit:
        now = unit.now
    add_order(database, ticket.customer_id, brand, shipped_at=now)
    with database.read() as unit:
        offered = macro.suggestions(unit, ticket, Catalog.load_builtin())
    assert offered[0].macro.key == "order_in_transit"
    assert len(offered) <= 3


def test_actions_survive_the_form() -> None:
    actions = [
        Action("add_tag", "refund"),
        Action("status", "closed"),
        Action("grant_points", 500, "late_delivery"),
    ]
    assert macro_actions.read_actions([macro_actions.write_action(one) for one in actions]) == actions


@pytest.mark.parametrize(
    "text", ["", "delete:1", "status:gone", "grant_points:-5:x", "grant_points:9999999999:x", "add_tag:"]
)
def test_an_action_that_no_macro_has_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        macro_actions.read_actions([text])


def test_tags_status_and_assignee_are_set(database: Database, brand: Brand, agent: Agent) -> None:
    ticket = add_ticket(database, brand)
    put_tag(database, ticket, "refund")
    changed = apply(
        database,
        ticket,
        agent,
        Action("add_tag", "apology"),
        Action("remove_tag", "refund"),
        Action("assign", "me"),
        Action("status", "closed"),
    )
    with database.read() as unit:
        assert [one.name for one in tag.list_tags(unit, [ticket.pk])[ticket.pk]] == ["apology"]
    assert (changed.status, changed.assignee_id) == ("closed", agent.pk)


def test_points_are_granted_once_for_one_composer(database: Database, brand: Brand, agent: Agent) -> None:
    ticket = add_ticket(database, brand)
    for _ in range(2):
        apply(database, ticket, agent, Action("grant_points", 500, "late_delivery"))
    with database.read() as unit:
        (entry,) = unit.session.exec(select(PointsEntry)).all()
        assert (entry.amount, entry.reason) == (500, "late_delivery")
        assert unit.session.get_one(Customer, ticket.customer_id).points == 500


def test_points_above_a_limit_undo_everything(database: Database, brand: Brand, agent: Agent) -> None:
    ticket = add_ticket(database, brand)
    with pytest.raises(LimitExceeded):
        apply(database, ticket, agent, Action("status", "closed"), Action("grant_points", 5000, "x"))
    with database.read() as unit:
        assert unit.session.get_one(Ticket, ticket.pk).status == "open"


def test_a_macro_may_not_assign_to_a_stranger(database: Database, brand: Brand, agent: Agent) -> None:
    with pytest.raises(Invalid, match="nobody-here"):
        apply(database, add_ticket(database, brand), agent, Action("assign", "nobody-here"))


def test_each_wording_is_kept_once(database: Database, brand: Brand) -> None:
    used = Catalog.load_builtin().get("order_in_transit")
    for _ in range(2):
        with database.write() as unit:
            macro.keep_version(unit, brand.pk, used)
    with database.read() as unit:
        (kept,) = unit.session.exec(select(MacroVersion)).all()
    assert (kept.key, kept.version, kept.content["body"]["ja"]) == (used.key, used.version, used.body["ja"])
