"""What makes a ticket delicate."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.inbox.risks import list_risks
from helpdesk.models import Ticket


def ticket(sentiment: str = "neutral", *codes: str, **given: Any) -> Ticket:
    reasons = [{"code": code, "points": 5} for code in codes]
    values = {"sentiment": sentiment, "text_reasons": reasons, "status": "open", **given}
    return Ticket(**values)


@pytest.mark.parametrize(
    ("found", "tags", "risks"),
    [
        (ticket("angry"), (), ["angry"]),
        (ticket("threat", "sentiment:threat"), (), ["threat"]),
        (ticket("negative", "cue:legal"), (), ["threat"]),
        (ticket("negative", "cue:chargeback"), (), ["threat"]),
        (ticket("negative", "cue:safety", "sentiment:negative"), (), ["safety"]),
        (ticket("neutral", "cue:safety"), ("product_question",), []),
        (ticket("neutral", "cue:safety"), ("damaged_item",), ["safety"]),
        (ticket("angry", "safety_told", "cue:fraud"), (), ["safety", "fraud", "angry"]),
        (ticket("angry", "cue:legal"), ("spam",), []),
        (ticket("angry", status="spam"), (), []),
        (ticket("positive"), (), []),
    ],
)
def test_the_gravest_stands_first(found: Ticket, tags: tuple[str, ...], risks: list[str]) -> None:
    assert [one.name for one in list_risks(found, tags)] == risks
