from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.access import Access
from helpdesk.errors import Conflict, Invalid, NotFound
from helpdesk.models import Agent, Brand, Correction, Tag, Ticket, Topic, TopicSearch, TopicTicket
from helpdesk.store.db import Database, Unit
from helpdesk.tickets import tag, tag_list
from helpdesk.triage import learn, topic_search, topics, untagged
from helpdesk.triage.topic_search import Found
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import only, rows

ODD = "提灯まつりの受付は何時からでしょうか"
KNOWN = "注文した荷物がまだ届きません。いつ届きますか。"


@pytest.fixture
def tickets(database: Database, deliver: Deliver) -> list[int]:
    """Six tickets without a tag."""
    for n in range(6):
        deliver(f"{ODD} {n}", subject="", sender=f"p{n}@example.jp", message_id=f"<odd{n}@a>")
    with database.write() as unit:
        for one in rows(database, Ticket):
            for name in [on.name for on in tag.list_tags(unit, [one.pk])[one.pk]]:
                tag.remove(unit, unit.session.get_one(Ticket, one.pk), name, by=None)
    return [one.pk for one in rows(database, Ticket)]


def found(ids: list[int], *, words: str = "提灯", language: str = "ja") -> Found:
    return Found(language, (words, "受付"), {words: 0.9, "受付": 0.2}, tuple((pk, 0.9) for pk in ids))


def look(unit: Unit, brand_id: int, *results: Found) -> list[Topic]:
    asked = topic_search.ask(unit, brand_id, by=None)
    assert topic_search.claim(unit) is asked
    return topic_search.finish(unit, asked, results, looked_at=9)


def test_only_silence_is_looked_at(
    database: Database, tickets: list[int], agent: Agent, deliver: Deliver, clock: StandingClock
) -> None:
    deliver(KNOWN, subject="", sender="k@example.jp", message_id="<known@a>")
    by_agent, spam, old, *rest = tickets
    with database.write() as unit:
        learn.correct_tag(unit, unit.session.get_one(Ticket, by_agent), "vip", by=agent, added=True)
        unit.session.get_one(Ticket, spam).status = "spam"
        unit.session.get_one(Ticket, old).created_at = unit.now - timedelta(weeks=untagged.WEEKS, days=1)
        one = unit.session.get_one(Ticket, rest[0])
        tag.add(
            unit, one, "apology_points", by=agent, source="macro"
        )  # says what was done, not what it is about
    with database.read() as unit:
        brand_id = unit.session.get_one(Ticket, by_agent).brand_id
        assert [one.ticket_id for one in untagged.gather(unit, brand_id)] == rest
        assert {one.text for one in untagged.gather_usual(unit, brand_id)} == {KNOWN, f"{ODD} 0"}


def test_a_card_number_is_neither_searched_nor_shown(
    database: Database, tickets: list[int], deliver: Deliver, brand: Brand
) -> None:
    deliver(f"{ODD} 4242 4242 4242 4242", subject="", sender="card@example.jp", message_id="<card@a>")
    with database.write() as unit:
        carded = max(one.pk for one in rows(database, Ticket))
        for name in [on.name for on in tag.list_tags(unit, [carded])[carded]]:
            tag.remove(unit, unit.session.get_one(Ticket, carded), name, by=None)
        assert all("4242" not in one.text for one in untagged.gather(unit, brand.pk))
        [topic] = look(unit, brand.pk, found([*tickets, carded]))
        shown = topics.list_samples(unit, [topic], most=7)[topic.pk]
        assert len(shown) == 7 and sum("4242" in one.words for one in shown) == 1
        assert all("4242 4242" not in one.words for one in shown)


def test_the_message_that_says_most_speaks_for_its_ticket(
    database: Database, tickets: list[int], deliver: Deliver
) -> None:
    deliver("はい", subject="", sender="p0@example.jp", message_id="<more@a>", in_reply_to="<odd0@a>")
    with database.read() as unit:
        said = untagged.gather(unit, unit.session.get_one(Ticket, tickets[0]).brand_id)
    assert [one.text for one in said if one.ticket_id == tickets[0]] == [f"{ODD} 0"]


def test_a_topic_keeps_its_place_when_it_comes_again_and_goes_when_it_does_not(
    database: Database, brand: Brand, tickets: list[int], clock: StandingClock
) -> None:
    with database.write() as unit:
        (first,) = look(unit, brand.pk, found(tickets[:5]))
        assert (first.size, first.weeks) == (5, [0, 0, 0, 0, 0, 0, 0, 5])
    clock.advance(days=7)
    with database.write() as unit:
        (again,) = look(unit, brand.pk, found(tickets, words="提灯"))
        assert (again.key, again.size, again.weeks[-2:]) == (first.key, 6, [6, 0])
        assert look(unit, brand.pk, found(tickets, words="灯籠", language="en"))[0].key != first.key
    assert [one.language for one in rows(database, Topic)] == ["en"]
    assert len(rows(database, TopicTicket)) == 6


def test_what_was_dismissed_stays_dismissed_until_it_is_taken_up(
    database: Database, brand: Brand, tickets: list[int], lead: Agent
) -> None:
    with database.write() as unit:
        (topic,) = look(unit, brand.pk, found(tickets[:5]))
        topics.dismiss(unit, topic, by=lead)
    with database.write() as unit:
        assert look(unit, brand.pk, found(tickets[5:], words="提灯")) == []  # by its words
    with database.write() as unit:
        assert look(unit, brand.pk, found(tickets, words="行列")) == []  # by its tickets
        kept = unit.session.get_one(Topic, topic.pk)
        assert (kept.state, kept.size, kept.phrases[0]) == ("dismissed", 6, "行列")
        with pytest.raises(Conflict):
            topics.dismiss(unit, kept, by=lead)
        topics.take_up(unit, kept)
        assert topics.count_open(unit, [brand.pk]) == 1


def test_a_topic_becomes_a_tag_that_teaches_and_can_be_taken_back(
    database: Database, brand: Brand, tickets: list[int], lead: Agent, deliver: Deliver
) -> None:
    deliver("よろしく", subject="", sender="p0@example.jp", message_id="<more@a>", in_reply_to="<odd0@a>")
    with database.write() as unit:
        (topic,) = look(unit, brand.pk, found(tickets))
        name, labels = topics.plan_name(topic)
        assert (name, labels["ja"]) == ("提灯", "提灯")
        unit.session.get_one(Ticket, tickets[5]).status = "spam"
        made, done = topics.make_tag(unit, topic, name=name, labels=labels, colour="", by=lead)
        assert done == 5 and (topic.state, topic.tag, topic.decided_by_id) == ("tagged", made.name, lead.pk)
        with pytest.raises(Conflict):
            topics.make_tag(unit, topic, name="another", labels={}, colour="", by=lead)
    taught = rows(database, Correction)
    assert {(one.kind, one.value, one.agent_id) for one in taught} == {("tag_added", "提灯", lead.pk)}
    assert {one.text for one in taught} == {f"{ODD} {n}" for n in range(5)}
    with database.write() as unit:
        assert topics.take_back(unit, unit.session.get_one(Topic, topic.pk), by=lead) == 5
        assert not any(tag.list_tags(unit, tickets).values())
        assert topics.count_open(unit, [brand.pk]) == 1
    texts = [(one.kind, one.text) for one in rows(database, Correction)]
    assert sorted(text for kind, text in texts if kind == "tag_removed") == [f"{ODD} {n}" for n in range(5)]


def test_a_topic_whose_tag_is_not_learnt_yet_comes_back_with_its_name(
    database: Database, brand: Brand, tickets: list[int], lead: Agent
) -> None:
    with database.write() as unit:
        (topic,) = look(unit, brand.pk, found(tickets[:5]))
        topics.make_tag(unit, topic, name="lantern", labels={}, colour="", by=lead)
    with database.write() as unit:
        (again,) = look(unit, brand.pk, found(tickets[5:]))
        assert again.pk != topic.pk and again.tag == "lantern"
        there = unit.session.get_one(
            Tag, next(one.pk for one in topics.list_tags(unit, brand.pk) if one.name == "lantern")
        )
        assert topics.add_to(unit, again, there, by=lead) == 1


def test_a_tag_of_another_brand_a_product_or_a_taken_name_is_refused(
    database: Database, brand: Brand, other_brand: Brand, tickets: list[int], lead: Agent, access: Access
) -> None:
    with database.write() as unit:
        (topic,) = look(unit, brand.pk, found(tickets))
        foreign = tag_list.create(unit, other_brand.pk, name="lantern", labels={}, colour="")
        goods = tag.get_or_create(unit, brand.pk, "product:tea")
        goods.kind = tag.PRODUCT
        for one in (foreign, goods):
            with pytest.raises(Invalid):
                topics.add_to(unit, topic, one, by=lead)
        with pytest.raises(Invalid):
            topics.make_tag(unit, topic, name="x", labels={"en": "Refund"}, colour="", by=lead)
        assert topic.state == "open"
        theirs = Topic(brand_id=other_brand.pk, language="ja", found_at=unit.now, seen_at=unit.now)
        unit.session.add(theirs)
        unit.session.flush()
        with pytest.raises(NotFound):
            topics.get_topic(unit, access, theirs.key)
        assert topics.count_open(unit, access.brand_ids) == 1


def test_brands_are_looked_at_once_a_week_by_night(
    database: Database, brand: Brand, clock: StandingClock
) -> None:
    def asked() -> int:
        with database.write() as unit:
            return len(topic_search.ask_weekly(unit))

    assert asked() == 0  # noon
    clock.advance(hours=14)
    assert asked() == 1
    with database.write() as unit:
        with pytest.raises(Conflict):
            topic_search.ask(unit, brand.pk, by=None)
        row = topic_search.claim(unit)
        assert row is not None
        topic_search.finish(unit, row, [], looked_at=0)
    clock.advance(days=6)
    assert asked() == 0
    clock.advance(days=1)
    assert asked() == 1


def test_a_search_whose_worker_dies_again_and_again_is_given_up(
    database: Database, brand: Brand, clock: StandingClock
) -> None:
    with database.write() as unit:
        topic_search.ask(unit, brand.pk, by=None)
    for _ in range(topic_search.MOST_ATTEMPTS):
        with database.write() as unit:
            assert topic_search.claim(unit) is not None
            assert topic_search.claim(unit) is None  # leased
        clock.advance(minutes=11)
    with database.write() as unit:
        assert topic_search.claim(unit) is None
    assert only(database, TopicSearch).state == "failed"


def test_the_newest_searches_are_kept(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        for _ in range(topic_search.KEPT + 3):
            look(unit, brand.pk)
    assert len(rows(database, TopicSearch)) == topic_search.KEPT
