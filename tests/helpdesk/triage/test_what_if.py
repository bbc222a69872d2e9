"""How the queue would stand: places now and then, nothing written."""

from __future__ import annotations

from datetime import timedelta

from helpdesk.models import Brand, Customer, Ticket
from helpdesk.store.db import Database
from helpdesk.triage import rank, weights, what_if
from helpdesk.triage.weights import Weights
from tests.conftest import StandingClock
from tests.helpdesk.desk import add_ticket
from tests.helpdesk.stories import rows


def words(points: int) -> list[dict[str, object]]:
    return [{"code": "text:grade", "points": points}]


def stand(database: Database, brand: Brand) -> tuple[Ticket, Ticket, Ticket]:
    """A VIP with few points, a plain customer with more, one who tells of harm."""
    vip = add_ticket(database, brand, name="VIP", waited=0, text_reasons=words(20))
    plain = add_ticket(database, brand, name="Plain", waited=0, text_reasons=words(30))
    harm = [{"code": "cue:safety", "points": 28}, {"code": "sentiment:angry", "points": 16}]
    hurt = add_ticket(database, brand, name="Hurt", waited=0, text_reasons=harm)
    with database.write() as unit:
        unit.session.get_one(Customer, vip.customer_id).vip = True
    rank.rerank_waiting(database)
    return vip, plain, hurt


def look(database: Database, brand: Brand, given: Weights, first: int = 50) -> what_if.Preview:
    with database.read() as unit:
        return what_if.preview(unit, unit.session.get_one(Brand, brand.pk), given, first=first)


def test_other_weights_show_other_places_and_write_nothing(database: Database, brand: Brand) -> None:
    vip, plain, hurt = stand(database, brand)
    before = {one.pk: (one.urgency, one.urgency_reasons) for one in rows(database, Ticket)}
    seen = look(database, brand, Weights(vip=30))
    assert [move.key for move in seen.moves] == [hurt.key, vip.key, plain.key]
    assert [(move.was, move.place, move.up) for move in seen.moves] == [(1, 1, 0), (3, 2, 1), (2, 3, -1)]
    assert [(move.before, move.after) for move in seen.moves[1:]] == [(28, 50), (30, 30)]
    assert (seen.moved, seen.looked_at, seen.leaving) == (2, 3, ())
    assert {one.pk: (one.urgency, one.urgency_reasons) for one in rows(database, Ticket)} == before


def test_the_usual_weights_move_nobody(database: Database, brand: Brand) -> None:
    stand(database, brand)
    seen = look(database, brand, weights.USUAL)
    assert seen.moved == 0
    assert all(move.before == move.after == sum(why.points for why in move.reasons) for move in seen.moves)


def test_who_leaves_the_head_of_the_queue_is_told(database: Database, brand: Brand) -> None:
    _vip, plain, _hurt = stand(database, brand)
    seen = look(database, brand, Weights(vip=30), first=2)
    assert [move.key for move in seen.leaving] == [plain.key]


def test_another_brand_and_who_was_put_off_are_not_in_it(
    database: Database, brand: Brand, other_brand: Brand, clock: StandingClock
) -> None:
    add_ticket(database, other_brand)
    add_ticket(database, brand, snoozed_until=clock.now + timedelta(hours=1))
    add_ticket(database, brand, status="closed")
    shown = add_ticket(database, brand, urgency_fixed=62)
    seen = look(database, brand, Weights(waiting=40))
    assert [(move.key, move.before, move.after) for move in seen.moves] == [(shown.key, 62, 62)]


def test_ranking_many_at_once_says_the_same_as_one_by_one(database: Database, brand: Brand) -> None:
    tickets = stand(database, brand)
    with database.write() as unit:
        unit.session.get_one(Brand, brand.pk).urgency_weights = {"vip": 33, "intent": 150}
    assert rank.rerank_waiting(database) == 2
    for ticket in tickets:
        with database.write() as unit:
            row = unit.session.get_one(Ticket, ticket.pk)
            at_once = row.urgency_reasons
            rank.rerank(unit, row)
            assert row.urgency_reasons == at_once
            assert row.urgency == sum(why["points"] for why in at_once)
