"""Which articles are found, in which language, and in what order."""

from __future__ import annotations

import pytest

from helpdesk.help import articles, excerpt, search
from helpdesk.models import Brand
from helpdesk.store.db import Database, Unit
from tests.helpdesk.help.desk import tell, text_of

LATE = ("荷物がまだ届かないとき", "<p>お待たせしております。</p><p>追跡番号をご覧ください。</p>")
LATE_EN = ("When your parcel is late", "<p>Look at the tracking number.</p>")


def test_the_article_named_by_the_words_comes_before_those_that_mention_them(
    database: Database, brand: Brand
) -> None:
    with database.write() as unit:
        tell(unit, brand.pk, ja=("お手入れ", "<p>返品された品は洗ってください。</p>"))
        named = tell(unit, brand.pk, ja=("返品のしかた", "<p>箱に入れてください。</p>"))
        assert _keys(unit, brand, "返品したい")[0] == named.key


@pytest.mark.parametrize("words", ["サイズ交換", "ｻｲｽﾞ交換", "ＳＩＺＥの交換", "こうかん"])
def test_width_and_kana_make_no_difference(database: Database, brand: Brand, words: str) -> None:
    with database.write() as unit:
        told = tell(unit, brand.pk, ja=("サイズの交換", "<p>一度まで無料です。</p>"))
        assert _keys(unit, brand, words) == [told.key]


def test_the_readers_language_is_shown_also_when_the_words_are_in_it_alone(
    database: Database, brand: Brand
) -> None:
    with database.write() as unit:
        tell(unit, brand.pk, ja=LATE, en=LATE_EN)
        assert [one.language for one in search.find(unit, [brand.pk], "まだ来ない", language="ja")] == ["ja"]
        assert [one.language for one in search.find(unit, [brand.pk], "parcel late", language="en")] == ["en"]
        # somebody writes Japanese in a shop that speaks English
        assert [one.language for one in search.find(unit, [brand.pk], "追跡番号", language="en")] == ["ja"]


def test_a_word_in_many_articles_counts_less_than_a_rare_one(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        for number in range(8):
            tell(unit, brand.pk, ja=(f"檜の道具{number}", "<p>檜の道具です。</p>"))
        rare = tell(unit, brand.pk, ja=("檜の急須", "<p>急須です。</p>"))
        assert _keys(unit, brand, "檜の急須")[0] == rare.key


def test_what_is_written_but_not_published_is_not_found(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        told = tell(unit, brand.pk, ja=LATE)
        articles.write(unit, told, "ja", by=None, title="ポイントの使い方", body="<p>ためて使います。</p>")
        assert _keys(unit, brand, "まだ来ない") == [told.key]
        assert _keys(unit, brand, "ポイント") == []
        articles.publish(unit, told, text_of(unit, told, "ja"))
        assert _keys(unit, brand, "まだ来ない") == []
        assert _keys(unit, brand, "ポイント") == [told.key]


def test_words_taught_to_an_article_find_it_at_once(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        told = tell(unit, brand.pk, ja=("ギフト包装", "<p>和紙でお包みします。</p>"))
        assert _keys(unit, brand, "名入れ") == []
        articles.teach(unit, told, "名入れ", language="ja", by=None)
        assert _keys(unit, brand, "名入れはできますか") == [told.key]


def test_withdrawn_archived_and_restored_articles_leave_and_come_back(
    database: Database, brand: Brand
) -> None:
    with database.write() as unit:
        told = tell(unit, brand.pk, ja=LATE, en=LATE_EN)
        articles.archive(unit, told)
        assert _keys(unit, brand, "まだ来ない") == _featured(unit, brand) == []
        articles.restore(unit, told)
        assert _keys(unit, brand, "まだ来ない") == _featured(unit, brand) == [told.key]
        articles.withdraw(unit, text_of(unit, told, "ja"))
        [hit] = search.find(unit, [brand.pk], "まだ来ない", language="ja")
        assert hit.language == "en"


def test_only_the_brands_asked_for_are_searched(database: Database, brand: Brand, other_brand: Brand) -> None:
    with database.write() as unit:
        tell(unit, other_brand.pk, ja=LATE)
        assert _keys(unit, brand, "まだ来ない") == []
        assert search.find(unit, [], "まだ来ない", language="ja") == []


def test_an_excerpt_is_the_sentence_that_answers() -> None:
    text = "お待たせしております。\n- 郵便受けをご覧ください。\n- 追跡番号で調べられます。"
    assert excerpt.cut(text, {"追跡", "番号"}) == "追跡番号で調べられます。"
    assert excerpt.cut(text, set()).startswith("お待たせしております。")
    assert excerpt.cut("", set()) == ""
    assert len(excerpt.cut("word " * 200, set())) <= excerpt.LENGTH


def _keys(unit: Unit, brand: Brand, words: str) -> list[str]:
    return [one.key for one in search.find(unit, [brand.pk], words, language="ja")]


def _featured(unit: Unit, brand: Brand) -> list[str]:
    return [one.key for one in search.featured(unit, brand.pk, language="ja")]
