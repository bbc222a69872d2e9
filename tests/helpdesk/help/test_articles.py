"""Writing and publishing: what readers see is never what is only being written, and nobody overwrites another."""

from __future__ import annotations

import pytest

from helpdesk import i18n
from helpdesk.errors import Conflict, Invalid, NotFound
from helpdesk.help import answering, articles, body, categories, listing, misses, reading, votes
from helpdesk.models import Agent, Article, Brand
from helpdesk.store.db import Database, Unit
from tests.conftest import StandingClock
from tests.helpdesk.help.desk import tell, text_of

TOLD = ("Shipping", "<p>Two days.</p>")


def test_readers_see_what_was_published_until_it_is_published_anew(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        told = tell(unit, brand.pk, en=TOLD)
        articles.write(unit, told, "en", by=None, title="Shipping", body="<p>Three days.</p>")
        assert reading.get_live(unit, brand.pk, told.key, language="en").html == "<p>Two days.</p>"
        assert articles.is_changed(text_of(unit, told, "en"))
        articles.publish(unit, told, text_of(unit, told, "en"))
        assert reading.get_live(unit, brand.pk, told.key, language="en").html == "<p>Three days.</p>"
        assert not articles.is_changed(text_of(unit, told, "en"))


def test_nothing_is_published_without_a_title_or_words(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        told = articles.create(unit, brand.pk)
        for title, words in (("", "<p>Words</p>"), ("Title", "<p><br></p>")):
            text = articles.write(unit, told, "en", by=None, title=title, body=words)
            with pytest.raises(Invalid):
                articles.publish(unit, told, text)
        with pytest.raises(NotFound):
            reading.get_live(unit, brand.pk, told.key, language="en")


def test_the_second_of_two_writers_is_told(database: Database, brand: Brand, agent: Agent) -> None:
    with database.write() as unit:
        told = tell(unit, brand.pk, en=TOLD)
        begun = text_of(unit, told, "en").version
        articles.write(unit, told, "en", by=agent, title="Mine", body="<p>Mine</p>", version=begun)
        with pytest.raises(Conflict):
            articles.write(unit, told, "en", by=None, title="Theirs", body="<p>Theirs</p>", version=begun)
        assert text_of(unit, told, "en").title == "Mine"


def test_only_simple_formatting_links_and_own_pictures_are_kept() -> None:
    kept = "/widget/articles/files/abc234"
    given = (
        f'<h1>A</h1><div onclick="x()">B<script>alert(1)</script></div><a href="javascript:x()">C</a>'
        f'<img src="{kept}" alt="D" onerror="x()"><img src="https://elsewhere.example/p.gif"><p> </p>'
    )
    cleaned = body.clean(given)
    assert cleaned == f'<h3>A</h3><p>B</p><a>C</a><img src="{kept}" alt="D">'
    assert body.pictures(cleaned) == ["abc234"]
    assert body.clean(cleaned) == cleaned
    assert f'src="https://desk.example{kept}"' in body.elsewhere(cleaned, "https://desk.example/")


def test_keywords_are_lines_without_doubles(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        told = articles.create(unit, brand.pk)
        text = articles.write(unit, told, "ja", by=None, title="A", body="", keywords="返品、 返金\n返品\n\n")
        assert text.keywords == "返品\n返金"
        with pytest.raises(Invalid):
            articles.write(unit, told, "ja", by=None, title="A", body="", url="javascript:alert(1)")


def test_articles_and_categories_keep_the_order_that_the_team_gave(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        first, second, third = (tell(unit, brand.pk, en=(name, "<p>x</p>")) for name in "abc")
        articles.move(unit, third, -1)
        articles.move(unit, first, -1)  # is the first already
        assert _order(unit, brand) == [first.key, third.key, second.key]
        shelf, other = (categories.create(unit, brand.pk, names={"en": name}) for name in ("one", "two"))
        categories.move(unit, other, -1)
        assert [one.pk for one in categories.list_categories(unit, brand.pk)] == [other.pk, shelf.pk]
        articles.place(unit, first, shelf)
        unit.session.flush()
        categories.remove(unit, shelf)
        unit.session.flush()
        unit.session.expire_all()
        assert unit.session.get_one(Article, first.pk).category_id is None


def test_the_list_says_how_far_each_language_is(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        told = tell(unit, brand.pk, en=TOLD)
        articles.write(unit, told, "ja", by=None, title="送料", body="<p>下書き</p>")
        with i18n.using("ja"):
            [line] = listing.list_lines(unit, brand.pk)
            assert line.title == "送料"
        assert [(one.language, one.state) for one in line.tellings] == [("ja", "draft"), ("en", "live")]
        articles.write(unit, told, "en", by=None, title="Shipping", body="<p>New</p>")
        [line] = listing.list_lines(unit, brand.pk)
        assert line.tellings[1].state == "changed"
        assert listing.matching([line], "送料 ship") == [line]
        assert listing.matching([line], "refund") == []


def test_votes_are_counted_for_each_article(database: Database, brand: Brand, clock: StandingClock) -> None:
    with database.write() as unit:
        told = tell(unit, brand.pk, en=TOLD)
        read = reading.get_live(unit, brand.pk, told.key, language="ja")
        for helpful in (True, True, False):
            votes.vote(unit, read, helpful=helpful, visitor_id=None)
    clock.advance(days=100)
    with database.write() as unit:
        votes.vote(unit, read, helpful=True, visitor_id=None)
        unit.session.flush()
        assert votes.count(unit, brand.pk) == {told.pk: votes.Votes(3, 1)}
        assert votes.count(unit, brand.pk, since=unit.now) == {told.pk: votes.Votes(1, 0)}
        assert votes.count_of(unit, told).share == 0.75
        assert votes.Votes().share is None


def test_questions_are_told_by_how_often_and_leave_when_settled(
    database: Database, brand: Brand, clock: StandingClock
) -> None:
    for words in ("名入れ", "実店舗", "名 入れ", "名入れ", "a", "!!"):
        with database.write() as unit:
            misses.note(unit, brand.pk, words, language="ja", found=False)
        clock.advance(minutes=2)
    with database.write() as unit:
        listed = misses.list_missed(unit, brand.pk, since=clock.now.replace(year=2025))
        assert [(one.query, one.times) for one in listed] == [("名入れ", 2), ("名 入れ", 1), ("実店舗", 1)]
        found = misses.find_missed(unit, brand.pk, listed[0].key)
        assert found
        misses.settle(unit, found)
        left = misses.list_missed(unit, brand.pk, since=clock.now.replace(year=2025))
        assert [one.query for one in left] == ["名 入れ", "実店舗"]
    clock.advance(days=200)
    with database.write() as unit:
        assert misses.sweep(unit) == 4


def test_an_article_in_a_letter_has_neither_headings_nor_pictures(database: Database, brand: Brand) -> None:
    picture = '<img src="/widget/articles/files/abc234" alt="x">'
    with database.write() as unit:
        told = tell(unit, brand.pk, en=("Care", f"<h3>Boards</h3><p>Wash them.</p>{picture}<h3>End</h3>"))
        ticket = _ticket(brand)
        words = answering.words_of(unit, ticket, told.key)
    assert words.html == "<p><b>Boards</b><br>Wash them.</p><p><b>End</b></p>"
    assert words.text == "Boards\nWash them.\n\nEnd"


def _ticket(brand: Brand) -> answering.Ticket:
    return answering.Ticket(brand_id=brand.pk, language="en")


def _order(unit: Unit, brand: Brand) -> list[str]:
    return [one.key for one in listing.list_lines(unit, brand.pk)]
