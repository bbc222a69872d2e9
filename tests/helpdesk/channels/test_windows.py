from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.channels.windows import Mode, Rules, decide

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MESSENGER = Rules(free=timedelta(hours=24), human=timedelta(days=7))
WHATSAPP = Rules(free=timedelta(hours=24), templates=True)


@pytest.mark.parametrize(
    ("hours", "mode"),
    [(1, Mode.FREE), (23.9, Mode.FREE), (24, Mode.HUMAN), (167, Mode.HUMAN), (168, Mode.CLOSED)],
)
def test_after_a_day_people_alone_may_write_and_after_a_week_nobody(hours: float, mode: Mode) -> None:
    window = decide(MESSENGER, acted_at=NOW - timedelta(hours=hours), now=NOW)
    assert window.mode is mode
    assert window.allows(automatic=True) == (mode is Mode.FREE)
    assert window.allows(automatic=False) == (mode is not Mode.CLOSED)


def test_the_time_left_is_told() -> None:
    window = decide(WHATSAPP, acted_at=NOW - timedelta(hours=20), now=NOW)
    assert window.until == NOW + timedelta(hours=4)


def test_approved_texts_are_left_when_the_day_is_over() -> None:
    assert decide(WHATSAPP, acted_at=NOW - timedelta(days=2), now=NOW).mode is Mode.TEMPLATE


def test_who_blocked_the_brand_is_not_written_to() -> None:
    window = decide(Rules(first_word=True), acted_at=NOW, now=NOW, blocked=True)
    assert (window.mode, window.reason) == (Mode.CLOSED, "blocked")


def test_who_never_wrote_is_written_to_only_where_the_provider_allows_it() -> None:
    assert decide(Rules(first_word=True), acted_at=None, now=NOW).mode is Mode.FREE
    assert decide(MESSENGER, acted_at=None, now=NOW).reason == "silent"
