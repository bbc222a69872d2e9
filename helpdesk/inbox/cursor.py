"""Where a page ended, as text for the next page's address: the values its last row was sorted by."""

from __future__ import annotations

from datetime import datetime

from helpdesk.errors import Invalid


def put(at: datetime, pk: int, rank: int = 0) -> str:
    return f"{rank}~{at.isoformat()}~{pk}"


def get(text: str) -> tuple[int, datetime, int]:
    """Rank, time and id. Raises Invalid for what no page ever gave out."""
    try:
        rank, at, pk = text.split("~")
        moment = datetime.fromisoformat(at.replace(" ", "+"))
        if moment.tzinfo is None:
            raise ValueError("without a zone")
        return int(rank), moment, int(pk)
    except ValueError as error:
        raise Invalid(
            "this page of the list does not exist; start from the list's beginning", field="after"
        ) from error
