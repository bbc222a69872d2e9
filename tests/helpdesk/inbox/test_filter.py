"""What the address bar says: text and filter are each other's image, and nonsense is left out, not obeyed."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from helpdesk.inbox import filter_values as values
from helpdesk.inbox.filter import (
    COLUMNS,
    CUSTOMERS,
    LEVEL_NAMES,
    ORDERS,
    SORTS,
    STATUSES,
    VIEWS,
    Filter,
    parse,
    read,
)
from helpdesk.web.agent.chips import query_of


def some(options: object) -> st.SearchStrategy[tuple[str, ...]]:
    """In the order of the options, as reading gives them."""
    names = list(options)  # type: ignore[call-overload]
    return st.sets(st.sampled_from(names)).map(lambda chosen: tuple(one for one in names if one in chosen))


def like(pattern: str) -> st.SearchStrategy[tuple[str, ...]]:
    one = st.from_regex(pattern, fullmatch=True).filter(lambda text: text == text.strip())
    return st.sets(one, max_size=4).map(lambda found: tuple(sorted(found)))


DAYS = st.just("") | st.dates(min_value=date(1, 1, 1)).map(date.isoformat)
WORDS = st.text(max_size=40).map(lambda text: text.replace("\x00", "").strip())
FILTERS = st.builds(
    Filter,
    view=st.sampled_from(list(VIEWS)),
    q=WORDS,
    status=some(STATUSES),
    channel=like("[a-z_-]{1,16}"),
    tag=like(r"[a-z返][a-z0-9 :/&.\-]{0,20}"),
    match=st.sampled_from(["", "all"]),
    without=like(r"[a-z返][a-z0-9 :/&.\-]{0,20}"),
    language=like("[a-z]{2}"),
    urgency=some(LEVEL_NAMES),
    least=st.integers(0, 100),
    assignee=like("[a-z0-9]{1,24}"),
    team=like("[1-9][0-9]{0,8}"),
    brand=like("[a-z0-9]{1,24}"),
    customer=some(CUSTOMERS),
    tier=WORDS,
    orders=st.integers(0, 10_000),
    order=some(ORDERS),
    waiting=st.just("") | st.from_regex("[1-9][0-9]{0,3}[mhd]", fullmatch=True),
    created_from=DAYS,
    created_to=DAYS,
    updated_from=DAYS,
    updated_to=DAYS,
    snoozed=st.sampled_from(["", "yes", "no"]),
    unread=st.booleans(),
    following=st.booleans(),
    draft=st.booleans(),
    sort=st.sampled_from(["", *SORTS]),
    columns=some(COLUMNS),
    saved=st.just("") | st.from_regex("[a-z0-9]{4,24}", fullmatch=True),
)


@given(FILTERS)
def test_an_address_read_again_is_the_same_filter(chosen: Filter) -> None:
    address = query_of(chosen).removeprefix("?")
    again, wrong = read(QueryParams(address))
    assert (again, wrong) == (chosen, ())
    assert parse(dict(parse_qsl(address))) == chosen
    assert query_of(again) == query_of(chosen)


@given(st.dictionaries(st.sampled_from(list(Filter().__dataclass_fields__)), st.text(max_size=30)))
def test_whatever_is_typed_gives_a_filter_that_is_stable(params: dict[str, str]) -> None:
    chosen = parse(params)
    assert parse(chosen.params()) == chosen


@given(FILTERS)
def test_merged_tickets_are_in_no_list(chosen: Filter) -> None:
    assert "merged" not in chosen.statuses
    assert chosen.statuses


def test_what_goes_without_saying_is_not_said() -> None:
    assert Filter().params() == {}
    assert query_of(Filter(view="mine", tag=("refund", "vip"))) == "?view=mine&tag=refund,vip"


def test_ticked_boxes_of_a_form_are_one_field() -> None:
    sent = QueryParams("tag=vip&tag=refund&status=&columns=none&columns=number&least=&view=all")
    assert parse(sent) == Filter(view="all", tag=("refund", "vip"), columns=("number",))
    assert parse(QueryParams("columns=none")).columns == ()


@pytest.mark.parametrize(
    ("params", "wrong"),
    [
        ({"view": "DROP TABLE"}, "view"),
        ({"status": "open,merged"}, "status"),
        ({"least": "101"}, "least"),
        ({"least": "-1"}, "least"),
        ({"waiting": "soon"}, "waiting"),
        ({"created_from": "2026-02-30"}, "created_from"),
        ({"assignee": "' OR 1=1"}, "assignee"),
        ({"tag": "<script>"}, "tag"),
        ({"sort": "random"}, "sort"),
        ({"unread": "maybe"}, "unread"),
        ({"columns": "password"}, "columns"),
        ({"team": "0"}, "team"),
    ],
)
def test_what_cannot_be_understood_is_left_out_and_named(params: dict[str, str], wrong: str) -> None:
    assert read(params)[1] == (wrong,)


def test_the_rest_of_a_half_understood_field_counts() -> None:
    assert read({"status": "open,merged"})[0].status == ("open",)


def test_the_order_suits_the_view_unless_one_is_chosen() -> None:
    assert Filter().order_by == "urgency"
    assert Filter(view="closed").order_by == "updated"
    assert Filter(q="荷物").order_by == "updated"
    assert Filter(status=("closed",)).order_by == "updated"
    assert Filter(view="closed", sort="oldest").order_by == "oldest"


def test_a_chosen_status_stands_in_place_of_the_views_own() -> None:
    assert Filter(view="mine").statuses == ("open",)
    assert Filter(view="mine", status=("closed", "pending")).statuses == ("closed", "pending")


def test_spans_are_minutes_hours_or_days() -> None:
    assert [values.timedelta_of(span).total_seconds() for span in ("30m", "4h", "2d")] == [
        1800,
        14400,
        172800,
    ]
