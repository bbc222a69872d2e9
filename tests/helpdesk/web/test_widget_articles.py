"""What a shop's page is told about articles, and what it may say about them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.chat import tokens, visitors
from helpdesk.chat.accounts import get_widget
from helpdesk.chat.visitors import Hello
from helpdesk.help import articles, pictures
from helpdesk.models import Article, ArticleMiss, ArticleText, ArticleVote, Brand, ChannelAccount
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from tests.conftest import StandingClock
from tests.helpdesk.chat.desk import add_widget
from tests.helpdesk.help.desk import tell

SHOP = {"Origin": "https://shop.example"}
LATE = ("荷物がまだ届かないとき", "<p>追跡番号をご覧ください。</p>")
LATE_EN = ("When your parcel is late", "<p>Please look at the tracking number.</p>")
CARE = ("お手入れのしかた", "<p>食洗機はお避けください。</p>")


@pytest.fixture
def widget(database: Database, brand: Brand, seal: Seal) -> ChannelAccount:
    return add_widget(database, brand, seal, origins=["https://shop.example"])


@pytest.fixture
def late(database: Database, brand: Brand) -> Article:
    with database.write() as unit:
        return tell(unit, brand.pk, ja=LATE, en=LATE_EN)


@pytest.fixture
def care(database: Database, brand: Brand) -> Article:
    with database.write() as unit:
        return tell(unit, brand.pk, ja=CARE)


@pytest.fixture
def stranger(browser: Callable[..., TestClient]) -> TestClient:
    return browser()


def test_a_sentence_finds_the_article_that_answers_it(
    stranger: TestClient, widget: ChannelAccount, late: Article, care: Article
) -> None:
    assert _found(stranger, widget, "先週頼んだ物がまだ来ないのですが") == [late.key]
    assert _found(stranger, widget, "食洗機で洗えますか") == [care.key]
    assert _found(stranger, widget, "where is my parcel?", "en") == [late.key]
    answer = stranger.get(_list(widget, "まだ来ない"), headers=SHOP)
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"
    assert answer.json()["articles"] == [
        {"key": late.key, "title": LATE[0], "excerpt": "追跡番号をご覧ください。"}
    ]


def test_what_has_no_text_in_the_language_asked_for_is_told_in_the_other_and_marked(
    stranger: TestClient, widget: ChannelAccount, late: Article, care: Article
) -> None:
    [found] = stranger.get(_list(widget, "dishwasher", "en"), headers=SHOP).json()["articles"]
    assert (found["key"], found["language"]) == (care.key, "ja")
    told = stranger.get(f"/widget/articles/{care.key}?brand={widget.address}&lang=en", headers=SHOP).json()
    assert (told["title"], told["language"]) == (CARE[0], "ja")
    own = stranger.get(f"/widget/articles/{late.key}?brand={widget.address}&lang=en", headers=SHOP).json()
    assert (own["title"], own["html"], own["language"]) == (LATE_EN[0], LATE_EN[1], "en")


def test_with_nothing_asked_the_first_articles_are_named(
    stranger: TestClient, widget: ChannelAccount, late: Article, care: Article
) -> None:
    assert _found(stranger, widget, "") == [late.key, care.key]


def test_drafts_archived_ones_and_other_brands_are_never_told(
    stranger: TestClient, widget: ChannelAccount, database: Database, brand: Brand, other_brand: Brand
) -> None:
    with database.write() as unit:
        draft = tell(unit, brand.pk, ja=LATE, live=False)
        gone = tell(unit, brand.pk, ja=LATE)
        articles.archive(unit, gone)
        foreign = tell(unit, other_brand.pk, ja=LATE)
    assert _found(stranger, widget, "まだ届かない") == []
    assert _found(stranger, widget, "") == []
    for one in (draft, gone, foreign):
        answer = stranger.get(f"/widget/articles/{one.key}?brand={widget.address}", headers=SHOP)
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"


def test_another_site_learns_nothing(stranger: TestClient, widget: ChannelAccount, late: Article) -> None:
    for path in (_list(widget, "届かない"), f"/widget/articles/{late.key}?brand={widget.address}"):
        assert stranger.get(path, headers={"Origin": "https://elsewhere.example"}).status_code == 403


def test_of_a_question_without_an_answer_only_its_last_form_is_kept(
    stranger: TestClient, widget: ChannelAccount, late: Article, database: Database, clock: StandingClock
) -> None:
    for typed in ("おすす", "おすすめの", "おすすめのお茶"):
        assert _found(stranger, widget, typed) == []
        clock.advance(seconds=2)
    assert _missed(database) == ["おすすめのお茶"]
    clock.advance(minutes=5)
    assert _found(stranger, widget, "まだ") == []
    clock.advance(seconds=2)
    assert _found(stranger, widget, "まだ届かない") == [late.key]
    assert _missed(database) == ["おすすめのお茶"]


def test_nothing_that_names_somebody_is_kept_of_a_question(
    stranger: TestClient, widget: ChannelAccount, database: Database
) -> None:
    _found(stranger, widget, "おすすめを hanako@example.jp か 090-1234-5678 へ")
    assert _missed(database) == ["おすすめを … か … へ"]


def test_readers_are_counted_once_and_may_change_their_mind(
    stranger: TestClient, widget: ChannelAccount, late: Article, database: Database, seal: Seal
) -> None:
    token = _visitor(database, widget, seal)
    path = f"/widget/articles/{late.key}"
    for _again in range(2):
        stranger.get(f"{path}?brand={widget.address}&lang=ja", headers=SHOP)
    for helpful in (True, False):
        answer = stranger.post(
            f"{path}/helpful?brand={widget.address}&lang=ja",
            json={"helpful": helpful},
            headers={**SHOP, "Authorization": f"Bearer {token}"},
        )
        assert answer.json() == {"helpful": helpful}
    with database.read() as unit:
        assert [one.helpful for one in unit.session.exec(select(ArticleVote))] == [False]
        views = {one.language: one.views for one in unit.session.exec(select(ArticleText))}
    assert views == {"ja": 1, "en": 0}


def test_votes_of_strangers_are_limited(
    stranger: TestClient, widget: ChannelAccount, late: Article, database: Database
) -> None:
    path = f"/widget/articles/{late.key}/helpful?brand={widget.address}"
    answers = [stranger.post(path, json={"helpful": True}, headers=SHOP).status_code for _time in range(4)]
    assert answers == [200, 200, 200, 429]
    assert stranger.post(path, json={"helpful": "yes"}, headers=SHOP).status_code == 422
    with database.read() as unit:
        assert len(unit.session.exec(select(ArticleVote)).all()) == 3


def test_pictures_come_with_their_whole_address_and_are_shown_in_any_page(
    stranger: TestClient, widget: ChannelAccount, late: Article, database: Database, files: Files
) -> None:
    with database.write() as unit:
        article = unit.session.get_one(Article, late.pk)
        digest = stranger.app.state.parts.files.put(b"a picture")  # type: ignore[attr-defined]
        file = pictures.add(unit, article, name="Foto.png", content_type="image/png", size=9, sha256=digest)
        source = f"/widget/articles/files/{file.key}"
        body = f'<p>Look:</p><img src="{source}" alt="a box"><img src="https://elsewhere.example/x.png">'
        text = articles.write(unit, article, "en", by=None, title="Boxes", body=body)
        articles.publish(unit, article, text)
    path = f"/widget/articles/{late.key}?brand={widget.address}&lang=en"
    html = stranger.get(path, headers=SHOP).json()["html"]
    assert html == f'<p>Look:</p><img src="http://testserver{source}" alt="a box">'
    shown = stranger.get(source)
    assert (shown.content, shown.headers["content-type"]) == (b"a picture", "image/png")
    assert shown.headers["cross-origin-resource-policy"] == "cross-origin"


def _list(widget: ChannelAccount, words: str, language: str = "ja") -> str:
    return f"/widget/articles?brand={widget.address}&lang={language}&q={words}"


def _found(stranger: TestClient, widget: ChannelAccount, words: str, language: str = "ja") -> list[str]:
    answer = stranger.get(_list(widget, words, language), headers=SHOP)
    assert answer.status_code == 200, answer.text
    return [one["key"] for one in answer.json()["articles"]]


def _missed(database: Database) -> list[str]:
    with database.read() as unit:
        return list(unit.session.exec(select(ArticleMiss.query).order_by(ArticleMiss.id)))  # type: ignore[arg-type]


def _visitor(database: Database, widget: ChannelAccount, seal: Seal) -> str:
    with database.write() as unit:
        opened = get_widget(unit, widget.address, seal)
        token = tokens.new_token(opened.config.key, seal)
        visitors.create(unit, opened, Hello(), tokens.hash_of(token))
    return token
