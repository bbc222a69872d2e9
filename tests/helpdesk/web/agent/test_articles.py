"""/articles: written by those who may, looked up by everybody, taught by what customers did not find."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.help import articles, misses
from helpdesk.models import Article, ArticleCategory, ArticleMiss, ArticleText, AuditEntry, Brand, Ticket
from helpdesk.store.db import Database
from tests.helpdesk.help.desk import tell
from tests.helpdesk.web.agent.test_queries import MOST, counted

HTMX = {"HX-Request": "true"}
LATE = ("荷物がまだ届かないとき", "<p>追跡番号をご覧ください。</p>")
PICTURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def late(database: Database, brand: Brand) -> Article:
    with database.write() as unit:
        return tell(unit, brand.pk, ja=LATE, en=("Late parcels", "<p>Look at the tracking number.</p>"))


def test_an_article_is_begun_kept_previewed_and_published(
    lead_client: TestClient, database: Database, brand: Brand
) -> None:
    begun = lead_client.post(
        "/articles", data={"brand": brand.key, "title": "Sizes", "language": "en"}, follow_redirects=False
    )
    path, _, asked = begun.headers["location"].partition("/edit")
    assert asked == "?lang=en"
    said = {"language": "en", "version": "1", "title": "Sizes", "body": "<h3>Shoes</h3><p>As usual.</p>"}
    assert "The draft is kept." in _after(lead_client, path, **said, then="keep")
    looked = _after(lead_client, path, **said | {"version": "2"}, then="look")
    assert "A draft. Customers do not see it." in looked
    assert "<h3>Shoes</h3>" in looked
    assert "The article is published." in _after(lead_client, path, **said | {"version": "2"}, then="publish")
    with database.read() as unit:
        [text] = unit.session.exec(select(ArticleText)).all()
        assert (text.live_title, text.live_body) == ("Sizes", "<h3>Shoes</h3><p>As usual.</p>")
        assert [one.name for one in unit.session.exec(select(AuditEntry)) if "article" in one.name] == [
            "article_published"
        ]


def test_a_refused_form_keeps_every_word(lead_client: TestClient, late: Article) -> None:
    said = {
        "language": "en",
        "version": "1",
        "title": "",
        "body": "<p>Typed for an hour.</p>",
        "then": "publish",
    }
    answer = lead_client.post(f"/articles/{late.key}?lang=en", data=said)
    assert answer.status_code == 422
    assert "needs a title" in answer.text
    assert "Typed for an hour." in answer.text


def test_who_saves_second_keeps_the_words_and_is_told(
    lead_client: TestClient, database: Database, late: Article
) -> None:
    with database.write() as unit:
        article = unit.session.get_one(Article, late.pk)
        articles.write(unit, article, "en", by=None, title="Theirs", body="<p>Theirs</p>")
    said = {"language": "en", "version": "1", "title": "Mine", "body": "<p>Mine</p>"}
    answer = lead_client.post(f"/articles/{late.key}?lang=en", data=said)
    assert answer.status_code == 409
    assert "somebody else has changed this article" in answer.text
    assert 'value="Mine"' in answer.text
    assert re.search(r'name="version" value="2"', answer.text)


def test_everybody_looks_articles_up_but_not_all_write_them(client: TestClient, late: Article) -> None:
    page = client.get("/articles").text
    assert "Late parcels" in page
    assert "Write an article" not in page
    assert "Look at the tracking number." in client.get(f"/articles/{late.key}").text
    assert client.get(f"/articles/{late.key}/edit").status_code == 403
    assert client.post("/articles", data={"title": "x"}).status_code == 403
    assert client.post(f"/articles/{late.key}/archive").status_code == 403


def test_the_list_is_searched_as_customers_search(
    client: TestClient, database: Database, brand: Brand, late: Article
) -> None:
    with database.write() as unit:
        tell(unit, brand.pk, en=("Parcels by night", "<p>Soon.</p>"), live=False)
    found = client.get("/articles?q=where is my order", headers=HTMX).text
    assert "Late parcels" in found
    assert "Parcels by night" not in found
    assert "Parcels by night" in client.get("/articles?q=by night", headers=HTMX).text
    assert "No article answers this" in client.get("/articles?q=zebra", headers=HTMX).text


def test_another_brands_article_is_simply_not_there(
    lead_client: TestClient, database: Database, other_brand: Brand
) -> None:
    with database.write() as unit:
        foreign = tell(unit, other_brand.pk, en=("Secret", "<p>Secret</p>"))
        shelf = articles.create(unit, other_brand.pk)
    for path in (f"/articles/{foreign.key}", f"/articles/{foreign.key}/edit", f"/articles/{shelf.key}"):
        assert lead_client.get(path).status_code == 404
    assert lead_client.post(f"/articles/{foreign.key}/archive").status_code == 404
    assert "Secret" not in lead_client.get("/articles").text


def test_an_article_is_withdrawn_archived_and_taken_up_again(
    lead_client: TestClient, database: Database, late: Article
) -> None:
    lead_client.post(f"/articles/{late.key}/withdraw", data={"language": "ja"})
    with database.read() as unit:
        live = {one.language: one.published_at is not None for one in unit.session.exec(select(ArticleText))}
    assert live == {"ja": False, "en": True}
    lead_client.post(f"/articles/{late.key}/archive")
    assert "Late parcels" not in lead_client.get("/articles").text
    assert "Late parcels" in lead_client.get("/articles?archived=1").text
    assert "The article is back." in _after(lead_client, f"/articles/{late.key}/restore")


def test_a_question_without_an_answer_becomes_an_article_or_teaches_one(
    lead_client: TestClient, database: Database, brand: Brand, late: Article
) -> None:
    with database.write() as unit:
        for words in ("名入れはできますか", "迷子の荷物"):
            misses.note(unit, brand.pk, words, language="ja", found=False)
    with database.read() as unit:
        first, second = unit.session.exec(select(ArticleMiss).order_by(ArticleMiss.id)).all()  # type: ignore[arg-type]
    assert "名入れはできますか" in lead_client.get("/articles/report").text
    form = lead_client.get(f"/articles/new?brand={brand.key}&miss={first.key}").text
    assert 'value="名入れはできますか"' in form
    lead_client.post(
        "/articles",
        data={"brand": brand.key, "title": "名入れについて", "language": "ja", "miss": first.key},
    )
    taught = _after(lead_client, f"/articles/misses/{second.key}", brand=brand.key, article=late.key)
    assert "found by these words now" in taught
    report = lead_client.get("/articles/report").text
    assert "Nobody searched in vain" in report
    with database.read() as unit:
        keywords = {one.title: one.keywords for one in unit.session.exec(select(ArticleText))}
    assert keywords["名入れについて"] == "名入れはできますか"
    assert keywords[LATE[0]] == "迷子の荷物"


def test_categories_are_named_moved_and_removed(
    lead_client: TestClient, database: Database, brand: Brand
) -> None:
    path, mine = "/articles/categories", {"brand": brand.key}
    assert lead_client.post(path, data={**mine, "name_ja": "", "name_en": ""}).status_code == 422
    for name in ("One", "Two"):
        lead_client.post(path, data={**mine, "name_en": name})
    keys = _categories(database)
    lead_client.post(f"{path}/{keys['Two']}/move", data={**mine, "to": "up"})
    assert list(_categories(database)) == ["Two", "One"]
    assert lead_client.post(f"{path}/{keys['One']}", data={**mine, "name_en": ""}).status_code == 422
    lead_client.post(f"{path}/{keys['One']}", data={**mine, "name_en": "Uno"})
    lead_client.post(f"{path}/{keys['Two']}/delete", data=mine)
    assert list(_categories(database)) == ["Uno"]


def test_a_picture_is_taken_and_anything_else_refused(lead_client: TestClient, late: Article) -> None:
    path = f"/articles/{late.key}/pictures"
    sent = lead_client.post(path, files={"file": ("box.png", PICTURE, "image/png")})
    assert sent.status_code == 201
    shown = lead_client.get(sent.json()["url"])
    assert (shown.content, shown.headers["content-type"]) == (PICTURE, "image/png")
    refused = lead_client.post(path, files={"file": ("box.svg", b"<svg/>", "image/svg+xml")})
    assert refused.status_code == 422
    assert "only PNG" in refused.json()["error"]


def test_an_article_stands_among_the_macros_and_brings_its_words(
    client: TestClient, ticket: Ticket, late: Article
) -> None:
    listed = client.get(f"/tickets/{ticket.key}/macros?words=追跡番号", headers=HTMX).text
    path = f"/tickets/{ticket.key}/articles/{late.key}"
    assert path in listed
    given = client.get(f"{path}?tongue=en", headers={"Accept": "application/json"}).json()
    assert given["text"] == "Look at the tracking number."
    assert "追跡番号をご覧ください。" in client.get(f"{path}?preview=1&tongue=ja", headers=HTMX).text
    assert client.get(path, follow_redirects=False).headers["location"].startswith(f"/articles/{late.key}")


def test_the_palette_finds_articles(client: TestClient, late: Article) -> None:
    assert f"/articles/{late.key}" in client.get("/palette?q=parcel", headers=HTMX).text


@pytest.mark.parametrize("path", ["/articles", "/articles?q=parcel", "/articles/{key}", "/articles/report"])
def test_pages_ask_the_database_few_questions(
    client: TestClient, database: Database, brand: Brand, late: Article, path: str
) -> None:
    with database.write() as unit:
        for number in range(12):
            tell(unit, brand.pk, en=(f"Parcel {number}", "<p>Words.</p>"))
    client.get("/outbox")  # what a process asks once a minute is known
    with counted(database) as said:
        assert client.get(path.format(key=late.key)).status_code == 200
    assert len(said) <= MOST, "\n".join(said)


def _after(client: TestClient, path: str, **said: str) -> str:
    """The page that follows a form."""
    answer = client.post(path, data=said, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["location"]).text


def _categories(database: Database) -> dict[str, str]:
    with database.read() as unit:
        found = unit.session.exec(select(ArticleCategory).order_by(ArticleCategory.position))  # type: ignore[arg-type]
        return {str(one.names.get("en")): one.key for one in found}
