from __future__ import annotations

import pytest

from macros.catalog import Catalog
from macros.facts import ORDER_STATES
from macros.match import Suggestion, suggest
from macros.parse import parse


def _keys(found: list[Suggestion]) -> list[str]:
    return [suggestion.macro.key for suggestion in found]


def _first(tag: str, state: str | None) -> str:
    found = suggest(
        Catalog.load_builtin(), tags={tag: 0.9, "complaint": 0.2}, lang="ja", order_state=state, used={}
    )
    return found[0].macro.key


@pytest.mark.parametrize(
    ("tag", "state", "key"),
    [
        ("order_status", "none", "order_not_found"),
        ("order_status", "placed", "order_not_shipped"),
        ("order_status", "not_shipped", "order_not_shipped"),
        ("order_status", "late_to_ship", "order_late_to_ship"),
        ("order_status", "in_transit", "order_in_transit"),
        ("order_status", "late", "order_late"),
        ("order_status", "delivered", "order_delivered_not_received"),
        ("cancel_order", "placed", "cancel_done"),
        ("cancel_order", "in_transit", "cancel_too_late"),
        ("change_address", "not_shipped", "address_changed"),
        ("change_address", "in_transit", "address_too_late"),
        ("refund", "refunded", "refund_done"),
        ("refund", "returned", "refund_in_progress"),
        ("return", "delivered", "return_steps"),
        ("damaged_item", "delivered", "damaged_item"),
        ("complaint", "late", "apology_points_delay"),
        ("size_fit", None, "size_advice"),
    ],
)
def test_the_first_suggestion_fits_the_question_and_the_order(tag: str, state: str | None, key: str) -> None:
    assert _first(tag, state) == key


@pytest.mark.parametrize("state", ORDER_STATES)
def test_where_is_my_order_has_an_answer_in_every_state(state: str) -> None:
    found = suggest(Catalog.load_builtin(), tags={"order_status": 0.8}, lang="en", order_state=state, used={})
    assert found
    assert all(not one.macro.states or state in one.macro.states for one in found)


def test_the_score_is_the_sum_of_its_reasons() -> None:
    tags = {"order_status": 0.7, "complaint": 0.4}
    for one in suggest(
        Catalog.load_builtin(), tags=tags, lang="ko", order_state="late", used={"order_late": 4}, limit=9
    ):
        assert one.score == pytest.approx(sum(reason.points for reason in one.reasons))


def test_no_shared_tag_means_no_suggestion() -> None:
    catalog = Catalog.load_builtin()
    assert suggest(catalog, tags={"spam": 0.9}, lang="ja", order_state="late", used={"order_late": 50}) == []
    assert suggest(catalog, tags={"spam": 0.9}, lang="ja", order_state="late", used={}) == []


def test_use_language_and_then_the_key_decide_between_equals() -> None:
    text = "name: {{en: x}}\ntags: [refund]\nbody: {{{lang}: x}}"
    same = [parse(key, text.format(lang="en")) for key in ("b", "a", "c")]
    catalog = Catalog([*same, parse("d", text.format(lang="ja"))])
    found = suggest(catalog, tags={"refund": 0.9}, lang="en", order_state=None, used={"c": 3}, limit=4)
    assert _keys(found) == ["c", "a", "b", "d"]
    assert [reason.kind for reason in found[-1].reasons] == ["tag", "language"]
    [regional] = suggest(catalog, tags={"refund": 0.9}, lang="en-US", order_state=None, used={}, limit=1)
    assert [reason.kind for reason in regional.reasons] == ["tag"]


def test_the_limit_is_kept_and_the_order_is_always_the_same() -> None:
    catalog = Catalog.load_builtin()
    tags = {"order_status": 0.5, "refund": 0.5, "return": 0.5, "complaint": 0.5}
    runs = [
        _keys(suggest(catalog, tags=tags, lang="ja", order_state="delivered", used={}, limit=2))
        for _ in range(3)
    ]
    assert len(runs[0]) == 2
    assert runs[0] == runs[1] == runs[2]


def test_without_any_tag_the_order_state_alone_suggests() -> None:
    found = suggest(Catalog.load_builtin(), tags={}, lang="ja", order_state="late", used={})
    assert found and all("late" in one.macro.states for one in found)
    assert suggest(Catalog.load_builtin(), tags={}, lang="ja", order_state=None, used={}) == []
    assert suggest(Catalog.load_builtin(), tags={"spam": 0.9}, lang="ja", order_state="late", used={}) == []
