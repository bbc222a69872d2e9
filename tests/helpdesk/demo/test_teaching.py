"""Agents of the demo correct what is wrong, and leave what is right."""

from __future__ import annotations

from random import Random

import pytest

from classifiers import TAG_IDS
from helpdesk.demo import teaching
from helpdesk.demo.kinds import ABOUT, KINDS
from helpdesk.models import Agent, Brand, Correction, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets import tag
from tests.helpdesk.stories import rows

BY_KEY = {one.key: one for one in KINDS}


class Sure(Random):
    """Always inclined."""

    def random(self) -> float:
        return 0.0


class Busy(Random):
    """Never inclined."""

    def random(self) -> float:
        return 0.99


def correct(
    database: Database, ticket: Ticket, agent: Agent, said: dict[str, float], kind: str, rng: Random
) -> list[tuple[str, str]]:
    with database.write() as unit:
        here = unit.session.get_one(Ticket, ticket.pk)
        tag.ensure_tags(unit, unit.session.get_one(Brand, here.brand_id))
        tag.remove_automatic(unit, here, TAG_IDS)
        tag.add_automatic(unit, here, said)
        unit.session.flush()
        by = unit.session.get_one(Agent, agent.pk)
        teaching.set_tags_right(unit, here, ABOUT.get(kind, ()), rng, by=by)
    return [(one.kind, one.value) for one in rows(database, Correction)]


@pytest.mark.parametrize(
    ("said", "kind", "rng", "told"),
    [
        ({"order_status": 0.8}, "missing", Sure(), [("tag_removed", "order_status"), ("tag_added", "missing_item")]),
        ({}, "missing", Sure(), [("tag_added", "missing_item")]),
        ({"missing_item": 0.9}, "missing", Sure(), [("tag_confirmed", "missing_item")]),
        ({"missing_item": 0.9}, "missing", Random(1), []),
        ({"refund": 0.9}, "angry", Random(1), []),
        ({"payment": 0.9}, "subscription", Sure(), []),
        ({"order_status": 0.8}, "missing", Busy(), []),
    ],
    ids=["wrong", "silent", "right", "right and busy", "also right", "not settled", "wrong and busy"],
)  # fmt: skip
def test_a_wrong_tag_gives_way_to_the_right_one(
    database: Database,
    ticket: Ticket,
    agent: Agent,
    said: dict[str, float],
    kind: str,
    rng: Random,
    told: list[tuple[str, str]],
) -> None:
    assert correct(database, ticket, agent, said, kind, rng) == told


@pytest.mark.parametrize(
    ("kind", "urgency", "told"),
    [("stuck", 20, ["high"]), ("stuck", 60, []), ("receipt", 60, ["normal"]), ("receipt", 20, [])],
)
def test_urgency_is_lifted_or_lowered_where_the_story_says_so(
    database: Database, ticket: Ticket, agent: Agent, kind: str, urgency: int, told: list[str]
) -> None:
    with database.write() as unit:
        here = unit.session.get_one(Ticket, ticket.pk)
        here.urgency = urgency
        teaching.set_urgency_right(unit, here, BY_KEY[kind], by=unit.session.get_one(Agent, agent.pk))
    assert [one.value for one in rows(database, Correction)] == told


def test_every_tag_of_a_story_is_one_that_the_classifier_knows() -> None:
    assert {name for names in ABOUT.values() for name in names} <= set(TAG_IDS)
    assert set(ABOUT) == set(BY_KEY) - {"subscription", "spam"}
