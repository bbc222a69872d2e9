from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.commerce.orders import OrderCard
from helpdesk.models import Agent, Correction, Customer, Order, Ticket
from helpdesk.store.db import Database
from helpdesk.triage import learn, rank
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import only, rows

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
WORDS = st.lists(
    st.tuples(st.sampled_from(["intent:refund", "cue:legal", "cue:calm"]), st.integers(-12, 60)), max_size=6
)
TAGS = st.sets(st.sampled_from(["cancel_order", "order_status", "spam", "refund"]))


def total(words: list[tuple[str, int]], **known: object) -> int:
    reasons = rank.decide(now=NOW, zone="Asia/Tokyo", **known)  # type: ignore[arg-type]
    return rank.score(rank.weigh([{"code": code, "points": points} for code, points in words], reasons))


@given(words=WORDS, tags=TAGS, hours=st.floats(0, 500), more=st.floats(0, 100), vip=st.booleans())
def test_waiting_longer_never_lowers_urgency(
    words: list[tuple[str, int]], tags: set[str], hours: float, more: float, vip: bool
) -> None:
    def at(waited: float) -> int:
        since = NOW - timedelta(hours=waited)
        return total(words, tags=tags, card=None, vip=vip, waiting_since=since)

    assert 0 <= at(hours) <= at(hours + more) <= 100


@given(words=WORDS, tags=TAGS, hours=st.floats(0, 500))
def test_a_vip_is_never_less_urgent(words: list[tuple[str, int]], tags: set[str], hours: float) -> None:
    since = NOW - timedelta(hours=hours)
    plain = total(words, tags=tags, card=None, vip=False, waiting_since=since)
    assert plain <= total(words, tags=tags, card=None, vip=True, waiting_since=since)


def test_a_late_parcel_and_a_near_cutoff_weigh() -> None:
    late = OrderCard(
        Order(number="1", total=25_000, placed_at=NOW, brand_id=1, customer_id=1), (), (), "late"
    )
    codes = {
        r.code: r.points
        for r in rank.decide(tags=[], card=late, vip=False, waiting_since=None, now=NOW, zone="UTC")
    }
    assert codes == {"order:late": 14, "order_value": 5}
    soon = Order(number="2", placed_at=NOW, brand_id=1, customer_id=1, ship_by=NOW + timedelta(hours=3))
    card = OrderCard(soon, (), (), "placed")
    decided = rank.decide(
        tags=["cancel_order"], card=card, vip=False, waiting_since=None, now=NOW, zone="UTC"
    )
    assert [r.code for r in decided] == ["ship_cutoff"]
    assert rank.decide(tags=["refund"], card=card, vip=False, waiting_since=None, now=NOW, zone="UTC") == []


def test_a_late_order_does_not_make_a_question_about_something_else_urgent() -> None:
    late = OrderCard(
        Order(number="1", total=25_000, placed_at=NOW, brand_id=1, customer_id=1), (), (), "late"
    )

    def codes(*tags: str) -> set[str]:
        known = rank.decide(tags=tags, card=late, vip=False, waiting_since=None, now=NOW, zone="UTC")
        return {reason.code for reason in known}

    assert "order:late" in codes() & codes("order_status") & codes("product_question", "complaint")
    assert "order:late" not in codes("product_question")


def test_reasons_add_up_on_the_ticket_and_waiting_raises_it(
    database: Database, ticket: Ticket, clock: StandingClock
) -> None:
    before = only(database, Ticket).urgency
    clock.advance(hours=30)
    assert rank.rerank_waiting(database, batch=1) == 1
    after = only(database, Ticket)
    assert after.urgency > before
    assert after.urgency == sum(reason["points"] for reason in after.urgency_reasons)


def test_an_agents_level_wins_until_released_and_is_training_data(
    database: Database, ticket: Ticket, agent: Agent
) -> None:
    scored = only(database, Ticket).urgency
    correct(database, ticket, agent, "urgent")
    assert (only(database, Ticket).urgency, rank.level(only(database, Ticket).urgency)) == (90, "urgent")
    assert (only(database, Correction).kind, only(database, Correction).value) == ("urgency", "urgent")
    assert only(database, Correction).text == "荷物が届きません。"
    correct(database, ticket, agent, "auto")
    assert only(database, Ticket).urgency == scored


def test_heavier_new_words_overrule_an_older_low(
    database: Database, ticket: Ticket, agent: Agent, deliver: Deliver
) -> None:
    correct(database, ticket, agent, "low")
    text = "子どもがアレルギー反応を起こしました。消費者センターと弁護士に相談します。至急返金してください！"
    deliver(text, in_reply_to="<first@example.jp>", message_id="<worse@example.jp>")
    assert only(database, Ticket).urgency > 50


def test_a_tag_taken_off_by_an_agent_stays_off(
    database: Database, ticket: Ticket, agent: Agent, deliver: Deliver
) -> None:
    with database.write() as unit:
        row = unit.session.get_one(Ticket, ticket.pk)
        learn.correct_tag(unit, row, "order_status", by=agent, added=True)
        learn.correct_tag(unit, row, "order_status", by=agent, added=False)
        learn.correct_tag(unit, row, "order_status", by=agent, added=False)
    assert [c.kind for c in rows(database, Correction)] == ["tag_confirmed", "tag_removed"]
    deliver(
        "荷物はどこですか。まだ届きません。",
        in_reply_to="<first@example.jp>",
        message_id="<again@example.jp>",
    )
    with database.read() as unit:
        from helpdesk.tickets import tag

        names = [on.name for on in tag.list_tags(unit, [ticket.pk]).get(ticket.pk, [])]
    assert "order_status" not in names


def test_a_vip_customers_ticket_says_so(database: Database, ticket: Ticket) -> None:
    with database.write() as unit:
        unit.session.get_one(Customer, ticket.customer_id).vip = True
        row = unit.session.get_one(Ticket, ticket.pk)
        rank.rerank(unit, row)
    assert {"code": "vip", "points": 8} in only(database, Ticket).urgency_reasons


def correct(database: Database, ticket: Ticket, agent: Agent, level: str) -> None:
    with database.write() as unit:
        learn.correct_urgency(unit, unit.session.get_one(Ticket, ticket.pk), level, by=agent)
