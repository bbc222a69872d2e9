"""The search field's text taken apart."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.inbox.search_query import Query, parse

TODAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("返品 送料", Query(words=("返品", "送料"))),
        ('"order delayed" mug', Query(words=("mug",), quoted=("order delayed",))),
        ("「届きません」", Query(quoted=("届きません",))),
        ("返品 -交換", Query(words=("返品",), without=("交換",))),
        ("HK-20391", Query(words=("HK-20391",))),
        ("from:tanaka", Query(sender="tanaka")),
        ("差出人：佐藤", Query(sender="佐藤")),
        ('from:"佐藤 花子"', Query(sender="佐藤 花子")),
        ("To:support@", Query(recipient="support@")),
        ("tag:refund タグ：返品", Query(tags=("refund", "返品"))),
        ("注文:HK-1", Query(order="HK-1")),
        ("before:2026-01-31", Query(before=date(2026, 1, 31))),
        ("以前：2026年1月5日", Query(before=date(2026, 1, 5))),
        ("以後:2025/12", Query(after=date(2025, 12, 1))),
        ("after:７d", Query(after=date(2025, 12, 29))),
        ("after:昨日", Query(after=date(2026, 1, 4))),
        ("status:closed status:未対応", Query(status=("closed", "open"))),
        ("assignee:me", Query(assignee="me")),
        ("担当:なし", Query(assignee="none")),
        ("assignee:Misaki", Query(assignee="Misaki")),
        ("channel:LINE", Query(channel=("line",))),
        ("is:unread has:attachment", Query(unread=True, attachment=True)),
        ("is:既読", Query(unread=False)),
        ("foo:bar https://shop.jp/a", Query(words=("foo:bar", "https://shop.jp/a"))),
        ("", Query()),
    ],
)
def test_words_and_operators_are_told_apart(text: str, expected: Query) -> None:
    assert parse(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("before:someday", "someday is not a date"),
        ("before:2026-13-01", "2026-13-01 is not a date"),
        ("status:broken", "broken is not a status"),
        ("channel:fax", "fax is not a channel"),
        ("is:blue", "is:blue is unknown"),
        ("has:love", "has:love is unknown"),
        ("返品 from:", "from: needs a value"),
    ],
)
def test_what_is_not_understood_becomes_a_hint(text: str, says: str) -> None:
    found = parse(text, TODAY)
    assert [str(hint)[: len(says)] for hint in found.hints] == [says]
    assert found.words == (("返品",) if "返品" in text else ())


@given(st.text(max_size=120))
def test_every_text_can_be_searched_for(text: str) -> None:
    parse(text, TODAY)
