"""Times as Meta writes them: seconds, milliseconds, as number or as text, or ISO 8601."""

from __future__ import annotations

from datetime import UTC, datetime

LATEST_SECONDS = 100_000_000_000  # larger numbers are milliseconds
LONGEST = 40  # characters of a time


def moment(given: object) -> datetime | None:
    """None for what is no time."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    if isinstance(given, str):
        if len(given) > LONGEST:
            return None
        return _since(int(given)) if given.isdecimal() else _iso(given)
    return _since(given)


def _since(number: float) -> datetime | None:
    """Of 1970; nothing for what is not a number or endless."""
    if not 0 < number < LATEST_SECONDS * 1000:
        return None
    return datetime.fromtimestamp(number / 1000 if number >= LATEST_SECONDS else number, UTC)


def _iso(given: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(given)
    except ValueError:
        return None
    if not 1990 < read.year < 2200:
        return None
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
