"""Where a page ended, as text for the next page's address: the values its last row was sorted by."""

from __future__ import annotations

from datetime import UTC, datetime

from helpdesk.errors import Invalid

LARGEST = 2**31 - 1  # of an integer column


def put(at: datetime, pk: int, rank: int = 0) -> str:
    return f"{rank}~{at.isoformat()}~{pk}"


def get(text: str) -> tuple[int, datetime, int]:
    """Rank, time and id. Raises Invalid for what no page ever gave out."""
    try:
        rank, at, pk = text.split("~")
        moment = datetime.fromisoformat(at.replace(" ", "+"))
        if moment.tzinfo is None:
            raise ValueError("without a zone")
        return _whole(rank), moment.astimezone(UTC), _whole(pk)
    except (ValueError, OverflowError) as error:
        raise Invalid(
            "this page of the list does not exist; start from the list's beginning", field="after"
        ) from error


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) > LARGEST:
        raise ValueError("larger than any column")
    return number
