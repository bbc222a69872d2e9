from __future__ import annotations

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.models import Agent, AuditEntry, Brand, Tag, Ticket, Topic, TopicSearch
from helpdesk.store.db import Database
from helpdesk.tickets import tag
from helpdesk.triage import topic_search
from helpdesk.triage.topic_search import Found
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import only, rows

HERE = "/settings/topics"


@pytest.fixture
def topic(database: Database, brand: Brand, deliver: Deliver) -> Topic:
    """Five tickets about sharpening knives."""
    for n in range(5):
        deliver(f"研ぎ直しの料金を教えて {n}", subject="", sender=f"p{n}@example.jp", message_id=f"<t{n}@a>")
    ids = [one.pk for one in rows(database, Ticket)]
    with database.write() as unit:
        topic_search.ask(unit, brand.pk, by=None)
        row = topic_search.claim(unit)
        assert row is not None
        found = Found("ja", ("研ぎ直し", "料金"), {"研ぎ直し": 1.0}, tuple((pk, 0.9) for pk in ids))
        (topic,) = topic_search.finish(unit, row, [found], looked_at=7)
    return topic


def post(client: TestClient, path: str, **data: str) -> str:
    """What stands on the page that the answer leads to."""
    return client.post(f"{HERE}/{path}", data=data, follow_redirects=True).text


def audited(database: Database) -> list[str]:
    return [one.name for one in rows(database, AuditEntry) if one.name.startswith("topic")]


def tagged(database: Database, name: str) -> int:
    with database.read() as unit:
        ids = list(unit.session.exec(select(Ticket.id)))
        return sum(name in {on.name for on in some} for some in tag.list_tags(unit, ids).values())


def test_before_anybody_looked_the_page_says_so(lead_client: TestClient, brand: Brand) -> None:
    page = lead_client.get(HERE)
    assert page.status_code == 200 and "Nobody has looked yet" in page.text


def test_looking_is_asked_for_once_and_shown(
    lead_client: TestClient, database: Database, brand: Brand
) -> None:
    asked = post(lead_client, "search", brand=brand.key)
    assert "Looking for topics" in asked and 'hx-trigger="model-changed' in asked
    assert "already" in post(lead_client, "search", brand=brand.key)
    assert only(database, TopicSearch).state == "queued" and audited(database) == ["topics_asked"]


def test_a_search_that_found_nothing_or_broke_is_told(
    lead_client: TestClient, database: Database, brand: Brand
) -> None:
    with database.write() as unit:
        topic_search.ask(unit, brand.pk, by=None)
        row = topic_search.claim(unit)
        assert row is not None
        topic_search.finish(unit, row, [], looked_at=3)
    assert "No new topic" in lead_client.get(HERE).text
    with database.write() as unit:
        topic_search.fail(unit, topic_search.ask(unit, brand.pk, by=None), "no memory left")
    page = lead_client.get(HERE).text
    assert "The last search failed" in page and "no memory left" in page


def test_a_topic_shows_its_words_its_tickets_and_how_it_went(
    lead_client: TestClient, database: Database, topic: Topic
) -> None:
    page = lead_client.get(HERE).text
    assert "研ぎ直し" in page and "5 tickets" in page and "7 tickets without a tag" in page
    assert page.count('href="/tickets/') == 4
    assert "the newest last: 0, 0, 0, 0, 0, 0, 0, 5" in page
    whole = lead_client.get(f"{HERE}/{topic.key}").text
    assert all(f"/tickets/{one.key}" in whole for one in rows(database, Ticket))
    assert lead_client.get(HERE, headers={"HX-Request": "true"}).text.lstrip().startswith("<")


def test_one_click_makes_a_tag(lead_client: TestClient, database: Database, topic: Topic) -> None:
    answer = post(lead_client, f"{topic.key}/tag", name="研ぎ直し", ja="研ぎ直し", en="Sharpening")
    assert "5 tickets are tagged" in answer and tagged(database, "研ぎ直し") == 5
    made = next(one for one in rows(database, Tag) if one.name == "研ぎ直し")
    assert made.labels == {"ja": "研ぎ直し", "en": "Sharpening"}
    assert audited(database) == ["topic_tagged"]
    lead_client.post(f"{HERE}/{topic.key}/take-back")
    assert tagged(database, "研ぎ直し") == 0 and only(database, Topic).state == "open"
    assert audited(database) == ["topic_tagged", "topic_taken_back"]


def test_a_name_that_is_taken_is_told_where_it_can_be_changed(
    lead_client: TestClient, database: Database, topic: Topic
) -> None:
    answer = lead_client.post(
        f"{HERE}/{topic.key}/tag", data={"name": "refund", "ja": "返金", "en": "Refund"}
    )
    assert answer.status_code == 422 and "there is such a tag already" in answer.text
    assert 'value="返金"' in answer.text
    assert only(database, Topic).state == "open" and not audited(database)


def test_a_taken_name_under_other_words_is_numbered(
    lead_client: TestClient, database: Database, topic: Topic
) -> None:
    post(lead_client, f"{topic.key}/tag", name="refund", ja="包丁", en="Knives")
    assert tagged(database, "refund_2") == 5


def test_a_topic_joins_a_tag_that_there_is(lead_client: TestClient, database: Database, topic: Topic) -> None:
    key = next(one.key for one in rows(database, Tag) if one.name == "product_question")
    answer = post(lead_client, f"{topic.key}/add", tag=key)
    assert "5 tickets are tagged" in answer and tagged(database, "product_question") == 5
    assert audited(database) == ["topic_added"]


def test_a_dismissed_topic_can_be_taken_up_again(
    lead_client: TestClient, database: Database, topic: Topic
) -> None:
    assert "Decided" in post(lead_client, f"{topic.key}/dismiss")
    assert only(database, Topic).state == "dismissed"
    assert lead_client.post(f"{HERE}/{topic.key}/dismiss").status_code == 409
    lead_client.post(f"{HERE}/{topic.key}/take-up")
    assert only(database, Topic).state == "open"
    assert audited(database) == ["topic_dismissed", "topic_taken_up"]


def test_agents_may_not_and_other_brands_are_not_there(
    client: TestClient,
    lead_client: TestClient,
    lead: Agent,
    database: Database,
    topic: Topic,
    other_brand: Brand,
) -> None:
    assert client.get(HERE).status_code == 403
    assert client.post(f"{HERE}/{topic.key}/dismiss").status_code == 403
    with database.write() as unit:
        theirs = Topic(brand_id=other_brand.pk, language="en", found_at=unit.now, seen_at=unit.now)
        theirs.phrases = ["secret garden"]
        unit.session.add(theirs)
        foreign = Tag(brand_id=other_brand.pk, name="theirs", created_at=unit.now)
        unit.session.add(foreign)
        unit.session.flush()
        key, tag_key = theirs.key, foreign.key
    assert "secret garden" not in lead_client.get(f"{HERE}?brand={other_brand.key}").text
    assert lead_client.get(f"{HERE}/{key}").status_code == 404
    for action in ("tag", "add", "dismiss", "take-up", "take-back"):
        assert lead_client.post(f"{HERE}/{key}/{action}", data={"name": "x", "ja": "x"}).status_code == 404
    assert lead_client.post(f"{HERE}/search", data={"brand": other_brand.key}).status_code == 404
    assert lead_client.post(f"{HERE}/{topic.key}/add", data={"tag": tag_key}).status_code == 404
    assert {one.state for one in rows(database, Topic)} == {"open"}
