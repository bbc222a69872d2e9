"""Times as Meta writes them: seconds, milliseconds, as number or as text, or ISO 8601."""

from __future__ import annotations

from datetime import UTC, datetime

LATEST_SECONDS = 100_000_000_000  # larger numbers are milliseconds


def moment(given: object) -> datetime | None:
    """None for what is no time."""
    if isinstance(given, bool):
        return None
    if isinstance(given, str) and not given.isdecimal():
        return _iso(given)
    if not isinstance(given, int | float | str) or not 0 < int(given) < LATEST_SECONDS * 1000:
        return None
    number = float(given)
    return datetime.fromtimestamp(number / 1000 if number >= LATEST_SECONDS else number, UTC)


def _iso(given: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(given)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
