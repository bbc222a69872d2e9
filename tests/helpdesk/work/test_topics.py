"""The whole way: silence, a search in a process of its own, a topic, a tag, and a model that knows it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path

import pytest

import classifiers
from helpdesk.access import Access
from helpdesk.models import Agent, Brand, ModelVersion, Ticket, Topic, TopicSearch
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.tickets import tag
from helpdesk.triage import topic_search, topics, versions
from helpdesk.work.topics import TopicFinder
from helpdesk.work.training import Trainer
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import only, rows
from tests.helpdesk.work.new_thing import FESTIVAL, LATER, OTHERS

TAGS = {"order_status", "refund", "size_fit"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the built-in corpus that is quick to learn."""
    folder = tmp_path_factory.mktemp("corpus")
    taken: Counter[tuple[str, ...]] = Counter()
    chosen = []
    for row in classifiers.read_corpus():
        label = (row.lang, *row.tags[:1])
        taken[label] += 1
        if taken[label] <= 25 and set(row.tags) <= TAGS:
            chosen.append(row)
    (folder / "few.jsonl").write_text("".join(json.dumps(row.as_json()) + "\n" for row in chosen))
    return folder


def ask(database: Database, brand: Brand, finder: TopicFinder) -> TopicSearch:
    with database.write() as unit:
        asked = topic_search.ask(unit, brand.pk, by=None)
    assert asyncio.run(finder.drain()) == 1
    with database.read() as unit:
        return unit.session.get_one(TopicSearch, asked.pk)


def write(database: Database, deliver: Deliver, texts: tuple[str, ...], who: str) -> list[int]:
    """Each by another customer; the classifier of the day keeps silent on them."""
    for n, text in enumerate(texts):
        deliver(text, subject="", sender=f"{who}{n}@example.jp", message_id=f"<{who}{n}@a>")
    ids = [one.pk for one in rows(database, Ticket)][-len(texts) :]
    with database.write() as unit:
        for pk, some in tag.list_tags(unit, ids).items():
            for on in some:
                tag.remove(unit, unit.session.get_one(Ticket, pk), on.name, by=None)
    return ids


def test_something_new_becomes_a_topic_a_tag_and_then_tags_itself(
    database: Database,
    files: Files,
    brand: Brand,
    deliver: Deliver,
    lead: Agent,
    access: Access,
    corpus: Path,
) -> None:
    ids = write(database, deliver, FESTIVAL, "f")
    write(database, deliver, OTHERS, "o")
    finder = TopicFinder(database, corpus=corpus)
    search = ask(database, brand, finder)
    assert (search.state, search.looked_at, search.found) == ("done", len(FESTIVAL) + len(OTHERS), 1)
    topic = only(database, Topic)
    assert topic.phrases[0] == "提灯まつり" and topic.size >= 0.9 * len(FESTIVAL)
    with database.write() as unit:
        found = topics.get_topic(unit, access, topic.key)
        assert {one.key for one in topics.list_samples(unit, [found])[found.pk]} <= {
            unit.session.get_one(Ticket, pk).key for pk in ids
        }
        name, labels = topics.plan_name(found)
        topics.make_tag(unit, found, name=name, labels=labels, colour="", by=lead)
        asked = versions.ask(unit, brand.pk, by=lead)
    assert asyncio.run(Trainer(database, files, corpus=corpus).drain()) == 1
    with database.read() as unit:
        made = unit.session.get_one(ModelVersion, asked.pk)
        assert (made.state, made.objections) == ("active", [])
    for n, text in enumerate(LATER):
        deliver(text, subject="", sender=f"later{n}@example.jp", message_id=f"<later{n}@a>")
    newest = sorted(one.pk for one in rows(database, Ticket))[-len(LATER) :]
    with database.read() as unit:
        assert all(name in {on.name for on in tag.list_tags(unit, [pk])[pk]} for pk in newest)
    again = ask(database, brand, finder)
    assert (again.found, again.looked_at) == (0, search.looked_at - topic.size)


def test_a_search_that_breaks_says_why(
    database: Database, brand: Brand, deliver: Deliver, tmp_path: Path
) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "rows.jsonl").write_text('{"text": 1}\n')
    write(database, deliver, FESTIVAL[:6], "f")
    search = ask(database, brand, TopicFinder(database, corpus=tmp_path / "bad"))
    assert search.state == "failed" and "rows.jsonl line 1" in search.error and search.lease_until is None


def test_nothing_without_a_tag_needs_no_process(database: Database, brand: Brand, tmp_path: Path) -> None:
    finder = TopicFinder(database, corpus=tmp_path / "missing")
    assert ask(database, brand, finder).state == "done"
    assert asyncio.run(finder.drain()) == 0


def test_nobody_is_asked_for_right_after_a_start(
    database: Database, brand: Brand, clock: StandingClock
) -> None:
    clock.advance(hours=14)
    finder = TopicFinder(database)
    assert finder.ask_weekly() == 0
    clock.advance(hours=2)
    assert finder.ask_weekly() == 1
