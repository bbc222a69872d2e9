"""What a team has taught of a tag outlives what happens to the tag and to its tickets: nothing is lost or doubled."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from sqlmodel import select

from classifiers import Row
from helpdesk.models import Agent, Merge, Message, Tag, Ticket
from helpdesk.store.db import Database, Unit
from helpdesk.tickets import merge, split, tag, tag_list
from helpdesk.triage import learn, lessons
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import rows

ASKED = tuple(f"提灯まつりについて質問です、その{number}" for number in range(6))


@dataclass
class Team:
    """One agent who put a tag of the shop's own on six tickets."""

    database: Database
    agent: Agent
    tickets: list[int]
    brand_id: int

    def lessons(self) -> list[Row]:
        with self.database.read() as unit:
            found = lessons.gather(unit, self.brand_id).rows
        return sorted(found, key=lambda row: row.text)

    def put_together(self, source: int, target: int) -> None:
        with self.database.write() as unit:
            merge.merge(unit, *(unit.session.get_one(Ticket, one) for one in (source, target)), by=self.agent)

    def take_apart_again(self) -> None:
        with self.database.write() as unit:
            newest = unit.session.exec(select(Merge).order_by(Merge.id.desc())).first()  # type: ignore[union-attr]
            assert newest
            merge.undo(unit, newest, by=self.agent)

    def split_off(self, ticket: int, text: str) -> None:
        with self.database.write() as unit:
            key = next(one.key for one in unit.session.exec(select(Message)) if one.text.strip() == text)
            split.split(unit, unit.session.get_one(Ticket, ticket), [key], by=self.agent)


@pytest.fixture
def team(database: Database, deliver: Deliver, agent: Agent) -> Team:
    for number, text in enumerate(ASKED):
        deliver(text, subject="", sender=f"c{number}@example.jp", message_id=f"<{number}@a>")
    tickets = sorted(rows(database, Ticket), key=lambda one: one.pk)
    for one in tickets:
        with database.write() as unit:
            learn.correct_tag(unit, unit.session.get_one(Ticket, one.pk), "matsuri", by=agent, added=True)
    return Team(database, agent, [one.pk for one in tickets], tickets[0].brand_id)


def test_every_ticket_teaches_once(team: Team) -> None:
    taught = team.lessons()
    assert [row.text.strip() for row in taught] == list(ASKED)
    assert all("matsuri" in row.tags and row.weight == lessons.SAID for row in taught)


def test_a_tag_that_gets_another_name_keeps_its_lessons(team: Team) -> None:
    taught = team.lessons()
    with team.database.write() as unit:
        tag_list.change(find(unit, "matsuri"), labels={"ja": "祭り", "en": "Festival"}, colour="red")
    assert team.lessons() == taught


def test_tickets_put_together_taken_apart_and_split_teach_the_same(team: Team) -> None:
    taught = team.lessons()
    first, second, third, *_ = team.tickets
    team.put_together(first, second)
    assert team.lessons() == taught
    team.take_apart_again()
    assert team.lessons() == taught
    team.put_together(third, second)
    team.split_off(second, ASKED[2])
    assert team.lessons() == taught


def test_a_tag_that_goes_into_another_takes_its_lessons_along(team: Team) -> None:
    taught = team.lessons()
    with team.database.write() as unit:
        target = tag.get_or_create(unit, team.brand_id, "events")
        assert tag_list.merge(unit, find(unit, "matsuri"), target) == len(ASKED)
    team.put_together(*team.tickets[:2])
    team.take_apart_again()
    assert team.lessons() == [renamed(row) for row in taught]


def find(unit: Unit, name: str) -> Tag:
    return unit.session.exec(select(Tag).where(Tag.name == name)).one()


def renamed(row: Row) -> Row:
    return replace(row, tags=tuple(sorted({"matsuri": "events"}.get(one, one) for one in row.tags)))
