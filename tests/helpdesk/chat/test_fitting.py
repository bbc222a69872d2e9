"""Who gets which chat and who loses one, whatever the crowd looks like."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.chat.fitting import PATIENCE, Held, Taker, Waiting, decide_release, plan_assignments

NOON = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
AN_HOUR_AGO = NOON - timedelta(hours=1)
moments = st.integers(0, 5000).map(lambda seconds: NOON - timedelta(seconds=seconds))


@st.composite
def crowds(draw: st.DrawFn) -> tuple[list[Waiting], list[Taker]]:
    """Chats of three brands, some for one of two teams; agents who are idle, busy, full or overfull."""
    waiting = [
        Waiting(
            pk,
            draw(st.integers(1, 3)),
            draw(st.integers(0, 100)),
            draw(moments),
            draw(st.sampled_from([None, None, 1, 2])),
        )
        for pk in range(1, draw(st.integers(0, 12)) + 1)
    ]
    agents = [
        Taker(
            pk,
            frozenset(draw(st.sets(st.integers(1, 3)))),
            draw(st.integers(0, 4)),
            draw(st.integers(0, 5)),
            draw(st.none() | moments),
            frozenset(draw(st.sets(st.integers(1, 2)))),
        )
        for pk in range(1, draw(st.integers(0, 6)) + 1)
    ]
    return waiting, agents


@given(crowds())
def test_nobody_gets_more_than_they_have_room_for_nor_what_does_not_fit(
    crowd: tuple[list[Waiting], list[Taker]],
) -> None:
    waiting, agents = crowd
    plan = plan_assignments(waiting, agents)
    chats, takers = {one.ticket_id: one for one in waiting}, {one.agent_id: one for one in agents}
    assert len({ticket for ticket, _ in plan}) == len(plan)
    for agent_id, new in Counter(agent for _, agent in plan).items():
        assert takers[agent_id].live + new <= takers[agent_id].capacity
    assert all(takers[agent].fits(chats[ticket]) for ticket, agent in plan)


@given(crowds())
def test_no_chat_waits_while_somebody_fitting_has_room(crowd: tuple[list[Waiting], list[Taker]]) -> None:
    waiting, agents = crowd
    plan = dict(plan_assignments(waiting, agents))
    load = Counter(plan.values())
    for chat in waiting:
        if chat.ticket_id not in plan:
            free = [one for one in agents if one.live + load[one.agent_id] < one.capacity]
            assert not any(one.fits(chat) for one in free)


@given(crowds())
def test_who_waits_is_less_urgent_or_later_than_whoever_got_an_agent_they_fit(
    crowd: tuple[list[Waiting], list[Taker]],
) -> None:
    waiting, agents = crowd
    plan = dict(plan_assignments(waiting, agents))
    takers = {one.agent_id: one for one in agents}
    left = [one for one in waiting if one.ticket_id not in plan]
    for chat in (one for one in waiting if one.ticket_id in plan):
        for other in left:
            if takers[plan[chat.ticket_id]].fits(other):
                assert (-chat.urgency, chat.since) <= (-other.urgency, other.since)


@given(crowds(), st.randoms(use_true_random=False))
def test_the_plan_does_not_hang_on_the_order_of_rows(
    crowd: tuple[list[Waiting], list[Taker]], chance
) -> None:  # type: ignore[no-untyped-def]
    waiting, agents = crowd
    plan = plan_assignments(waiting, agents)
    chance.shuffle(waiting)
    chance.shuffle(agents)
    assert plan_assignments(waiting, agents) == plan


def test_the_one_with_fewest_chats_is_next_then_who_has_gone_longest_without() -> None:
    everywhere = frozenset({1})
    agents = [
        Taker(1, everywhere, 3, live=1, given_at=AN_HOUR_AGO),
        Taker(2, everywhere, 3, live=0, given_at=NOON),
        Taker(3, everywhere, 3, live=0, given_at=AN_HOUR_AGO),
        Taker(4, everywhere, 3, live=1),
    ]
    waiting = [Waiting(pk, 1, 50, NOON + timedelta(seconds=pk)) for pk in range(1, 5)]
    assert [agent for _, agent in plan_assignments(waiting, agents)] == [3, 2, 4, 1]


def held(**given: object) -> Held:
    usual = {"ticket_id": 1, "since": NOON, "given_at": AN_HOUR_AGO, "by_hand": False, "spoken": False}
    return Held(**{**usual, **given})  # type: ignore[arg-type]


def test_who_is_gone_loses_every_chat_that_waits() -> None:
    assert decide_release(held(spoken=True), vanished=True, away_since=None, now=NOON) == "gone"


def test_who_turned_away_loses_what_they_have_not_answered_and_keeps_their_talks() -> None:
    assert decide_release(held(), vanished=False, away_since=NOON, now=NOON) == "away"
    assert decide_release(held(spoken=True), vanished=False, away_since=NOON, now=NOON) == ""
    late = NOON + PATIENCE
    assert decide_release(held(spoken=True), vanished=False, away_since=NOON, now=late) == "away"


def test_who_is_there_and_available_keeps_everything() -> None:
    assert decide_release(held(), vanished=False, away_since=None, now=NOON + timedelta(hours=5)) == ""


def test_what_a_colleague_gave_by_hand_stays_a_while_even_with_the_absent() -> None:
    chat = held(by_hand=True, given_at=NOON)
    soon, late = NOON + PATIENCE / 2, NOON + PATIENCE
    for vanished, away in ((True, None), (False, AN_HOUR_AGO)):
        assert decide_release(chat, vanished=vanished, away_since=away, now=soon) == ""
        assert decide_release(chat, vanished=vanished, away_since=away, now=late) != ""
