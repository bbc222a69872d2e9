from __future__ import annotations

from pathlib import Path

import pytest

from macros.catalog import Catalog
from macros.errors import CatalogError, MacroNotFound
from macros.parse import parse


def _write(folder: Path, **files: str) -> Path:
    for key, content in files.items():
        (folder / f"{key}.yaml").write_text(content, encoding="utf-8")
    return folder


def test_the_file_stem_is_the_key(tmp_path: Path) -> None:
    catalog = Catalog.load(_write(tmp_path, hello="name: {en: Hello}\nbody: {en: Hi}"))
    assert [macro.key for macro in catalog] == ["hello"]
    assert catalog.get("hello").title("ja") == "Hello"


def test_an_unknown_key_is_none_to_find_and_an_error_to_get() -> None:
    catalog = Catalog([])
    assert catalog.find("nope") is None
    with pytest.raises(MacroNotFound, match="nope"):
        catalog.get("nope")


def test_problems_of_all_files_are_told_together(tmp_path: Path) -> None:
    folder = _write(tmp_path, a="name: {en: A}\nbody: {en: '{{ a.b }}'}", b="[", _frame="opening: 5")
    (folder / "c.yaml").write_bytes("name: 日本".encode("shift_jis"))
    with pytest.raises(CatalogError) as caught:
        Catalog.load(folder)
    assert [problem.file for problem in caught.value.problems] == [
        "_frame.yaml",
        "a.yaml",
        "b.yaml",
        "c.yaml",
    ]
    assert "a.yaml: body.en: line 1: unknown variable a.b" in str(caught.value)


def test_an_empty_folder_is_a_mistake_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="holds no"):
        Catalog.load(tmp_path)


def test_a_macro_of_the_shop_takes_the_place_of_the_built_in_one() -> None:
    builtin = Catalog.load_builtin()
    own = parse("thank_you", "name: {en: Ours}\nbody: {en: Cheers}", builtin.frame)
    merged = builtin.with_macros([own])
    assert merged.get("thank_you").title("en") == "Ours"
    assert len(merged) == len(builtin)
    assert builtin.get("thank_you").title("en") != "Ours"


@pytest.mark.parametrize(
    ("query", "lang", "first"),
    [
        ("領収書", "ja", "invoice_receipt"),
        ("インボイス", "ja", "invoice_receipt"),
        ("くーぽん", "ja", "coupon_help"),
        ("ｸｰﾎﾟﾝ", "ja", "coupon_help"),
        ("返品 手順", "ja", "return_steps"),
        ("return", "en", "return_too_late"),
        ("RECEIPT", "en", "invoice_receipt"),
        ("receipt", "ja", "invoice_receipt"),
        ("stock_availability", "en", "restock"),
        ("宅配ボックス", "ja", "order_delivered_not_received"),
    ],
)
def test_a_search_finds_by_name_tag_and_text(query: str, lang: str, first: str) -> None:
    assert Catalog.load_builtin().search(query, lang)[0].key == first


def test_names_come_before_texts() -> None:
    named = parse("b", "name: {en: Gift wrap}\nbody: {en: Sure}")
    worded = parse("a", "name: {en: Other}\nbody: {en: We gift wrap}")
    assert [macro.key for macro in Catalog([worded, named]).search("gift wrap", "en")] == ["b", "a"]


def test_no_query_lists_all_and_nonsense_nothing() -> None:
    catalog = Catalog.load_builtin()
    assert len(catalog.search(" ", "ja")) == len(catalog)
    assert catalog.search("zzqqx", "en") == []


def test_template_code_is_not_searched() -> None:
    assert Catalog.load_builtin().search("tracking_url", "en") == []
