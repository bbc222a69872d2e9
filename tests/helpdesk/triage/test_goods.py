from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.demo.shop import PRODUCTS
from helpdesk.triage import goods
from helpdesk.triage.goods import Catalogue, Item

SHOP = goods.learn(Item(one.sku, (one.ja, one.en), one.category) for one in PRODUCTS)
CLOTHES = goods.learn(
    (
        Item("TS-01-BK-M", ("オーガニックTシャツ ブラック M", "Organic T-Shirt Black M"), "tops"),
        Item("TS-01-WH-L", ("オーガニックTシャツ ホワイト L", "Organic T-Shirt White L"), "tops"),
        Item("SK-7-NV-S", ("プリーツスカート ネイビー S", "Pleated Skirt Navy S"), "skirts"),
    )
)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("檜のまな板が割れていました", "kitchen"),
        ("ﾏﾅ板にひびが", "kitchen"),
        ("弁当箱の蓋が閉まりません", "kitchen"),
        ("バスタオルの色が写真とちがいます", "bath"),
        ("the soap dish arrived broken", "bath"),
        ("One of the pillows smells odd", "living"),
        ("急須の取っ手がとれた", "tea"),
        ("sencha tastes stale", "tea"),
        ("KT-110 は再入荷しますか", "kitchen"),
        ("lip balm melted", "skincare"),
        ("スマホスタンドがぐらつく", "desk"),
    ],
)
def test_a_category_is_known_by_what_people_call_the_thing(text: str, category: str) -> None:
    assert goods.find(text, SHOP).categories[:1] == (category,)


@pytest.mark.parametrize(
    "text",
    [
        "My phone number is 090-0000-0000",
        "I can't stand waiting any more",
        "荷物がまだ届きません。注文番号は HK-20391 です",
        "hinoki is lovely",
        "ギフトセットはありますか",
        "Please change my address to room 12",
        "",
    ],
)
def test_everyday_words_name_no_goods(text: str) -> None:
    assert goods.find(text, SHOP).categories == ()


def test_what_all_the_goods_are_made_of_says_nothing() -> None:
    assert "hinoki" not in SHOP.words and "檜" not in SHOP.words


def test_two_things_in_one_message_are_both_named() -> None:
    named = goods.find("まな板と、バスタオルを返品したい", SHOP)
    assert set(named.categories) == {"kitchen", "bath"}


def test_sizes_and_colours_are_those_of_the_shop() -> None:
    named = goods.find("Tシャツのブラック、サイズMをネイビーに。赤はありますか。I'm sure", CLOTHES)
    assert named.colours == ("black", "navy")
    assert named.sizes == ("M",)


def test_a_product_is_known_by_its_number() -> None:
    assert goods.find("sk-7-nv-s please", CLOTHES).skus == ("SK-7-NV-S",)
    assert goods.find("sk-7-nv-s please", CLOTHES).categories == ("skirts",)


def test_a_shop_of_which_nothing_is_known_has_no_goods() -> None:
    assert goods.find("まな板", Catalogue()) == goods.Named()


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert set(goods.find(text, SHOP).categories) <= {one.category for one in PRODUCTS}


@given(st.lists(st.builds(Item, st.text(max_size=30), st.tuples(st.text(max_size=80)), st.text(max_size=30))))
def test_any_catalogue_is_learnt(items: list[Item]) -> None:
    catalogue = goods.learn(items)
    for item in items:
        goods.find(item.names[0], catalogue)
