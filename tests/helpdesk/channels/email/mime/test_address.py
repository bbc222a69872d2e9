"""People, ids and moments in headers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk.channels.email.mime import address


def pairs(raw: str | bytes) -> list[tuple[str, str]]:
    data = raw.encode() if isinstance(raw, str) else raw
    return [(one.name, one.address) for one in address.read_addresses([data])]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a@b.jp", [("", "a@b.jp")]),
        ("<a@b.jp>", [("", "a@b.jp")]),
        ("Suzuki Hana <a@b.jp>, c@d.jp", [("Suzuki Hana", "a@b.jp"), ("", "c@d.jp")]),
        ('"Suzuki, Hana" <a@b.jp>', [("Suzuki, Hana", "a@b.jp")]),
        ("a@b.jp (Hana)", [("Hana", "a@b.jp")]),
        ("鈴木 <a@b.jp>", [("鈴木", "a@b.jp")]),
        ("=?utf-8?B?6Yi05pyoLOiKsQ==?= <a@b.jp>", [("鈴木,花", "a@b.jp")]),
        ('"=?utf-8?B?6Yi05pyo?=" <a@b.jp>', [("鈴木", "a@b.jp")]),
        ("=?utf-8?Q?Hana?= =?utf-8?Q?_S?= <a@b.jp>", [("Hana S", "a@b.jp")]),
        ("Team: a@b.jp, c@d.jp;, e@f.jp", [("", "a@b.jp"), ("", "c@d.jp"), ("", "e@f.jp")]),
        ("undisclosed-recipients:;", []),
        ("'a@b.jp' <a@b.jp>", [("a@b.jp", "a@b.jp")]),
        ("a..b.@docomo.ne.jp", [("", "a..b.@docomo.ne.jp")]),
        ("Hana <用户@例え.jp>", [("Hana", "用户@例え.jp")]),
        ("jdoe@test . example", [("", "jdoe@test.example")]),
        ("", []),
    ],
)
def test_addresses_are_read(raw: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(raw) == expected


@pytest.mark.parametrize(
    ("raw", "ids"),
    [
        (b"<a@b>\r\n <c@d>", ("a@b", "c@d")),
        (b"<a@b><c@d>", ("a@b", "c@d")),
        (b"<a@b>, <c@d>", ("a@b", "c@d")),
        (b"a@b", ("a@b",)),
        (b'Your message of "Mon" <a@b>', ("a@b",)),
        (b"<a@b> <a@b>", ("a@b",)),
        (b"", ()),
    ],
)
def test_message_ids_are_read_without_brackets_and_once(raw: bytes, ids: tuple[str, ...]) -> None:
    assert address.read_ids([raw]) == ids


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        (b"Mon, 05 Jan 2026 09:05:00 +0900", datetime(2026, 1, 5, 0, 5, tzinfo=UTC)),
        (b"5 Jan 2026 09:05 JST", datetime(2026, 1, 5, 0, 5, tzinfo=UTC)),
        (b"Mon, 5 Jan 2026 00:05:00 GMT", datetime(2026, 1, 5, 0, 5, tzinfo=UTC)),
        (b"2026-01-05T09:05:00+09:00", datetime(2026, 1, 5, 0, 5, tzinfo=UTC)),
        (b"2026/01/05 00:05:00", datetime(2026, 1, 5, 0, 5, tzinfo=UTC)),
        (b"Mon, 99 Jan 2026 09:05:00 +0900", None),
        (b"yesterday", None),
        (b"Mon, 05 Jan 99999 09:05:00 +99999", None),
    ],
)
def test_dates_become_moments_in_utc_or_nothing(raw: bytes, moment: datetime | None) -> None:
    assert address.read_date(raw) == moment
