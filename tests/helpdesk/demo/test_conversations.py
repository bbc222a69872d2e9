"""Every story can be told in both languages, for every way of writing, without a gap."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk.demo import conversations
from helpdesk.demo.dice import dice
from helpdesk.demo.kinds import KINDS
from helpdesk.demo.orders import PlannedOrder, plan_orders
from helpdesk.demo.people import Person, make_people

NOW = datetime(2026, 3, 12, 5, 30, tzinfo=UTC)
PEOPLE = make_people(dice("people"), 40)
ORDERS = plan_orders(dice("orders"), PEOPLE, 1500, NOW)


def an_order(kind: str, language: str) -> tuple[Person, PlannedOrder | None]:
    window = next(one.window for one in KINDS if one.key == kind)
    if window is None:
        return next(who for who in PEOPLE if who.language == language), None
    found = next(one for one in ORDERS if one.who.language == language and window(one, NOW))
    return found.who, found


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", [one.key for one in KINDS])
def test_every_story_can_be_told(kind: str, language: str) -> None:
    who, order = an_order(kind, language)
    for throw in range(25):
        rng = dice(f"{kind}{throw}")
        facts = conversations.facts_of(who, order, conversations.chance_facts(rng, who))
        topic = conversations.choose(rng, kind, who, facts)
        later = [conversations.say(rng, kind, one, who, facts) for one in ("again", "second", "thanks")]
        assert topic.subject and all(later)
        assert "{" not in topic.subject + topic.opening + topic.answer + "".join(later)


def test_stories_that_no_macro_answers_have_an_answer_of_their_own() -> None:
    for kind in KINDS:
        if kind.macro is None and kind.key != "spam":
            assert all(conversations.words(kind.key, language).answers for language in ("ja", "en")), kind.key


def test_no_two_people_share_a_name_or_an_address() -> None:
    people = make_people(dice("many"), 400)
    assert len({one.name for one in people}) == len({one.email for one in people}) == 400
