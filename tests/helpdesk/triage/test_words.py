"""That harm was told of stays with a ticket until somebody answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from classifiers import Reason
from helpdesk.models import Ticket
from helpdesk.store.db import Database
from helpdesk.triage import rank, words
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import only

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
HARM = [{"code": "cue:safety", "points": 28}, {"code": "sentiment:angry", "points": 16}]
BURNT = "充電していたら煙が出て、子どもが火傷しました。"


def keep(*found: str, before: list[dict[str, object]], waited: float) -> list[str]:
    kept = words.keep(
        [Reason(code, 5) for code in found],
        before,
        tags=["damaged_item"],
        waiting_since=NOW - timedelta(minutes=waited),
        at=NOW,
    )
    return [str(one["code"]) for one in kept]


def test_what_was_told_before_counts_while_nobody_has_answered() -> None:
    assert keep("text:grade", before=HARM, waited=5) == ["text:grade", "safety_told"]
    assert keep("text:grade", before=[{"code": "safety_told", "points": 28}], waited=9)[-1] == "safety_told"
    assert keep("text:grade", before=HARM, waited=0) == ["text:grade"]
    assert keep("text:grade", before=[{"code": "cue:legal", "points": 18}], waited=5) == ["text:grade"]
    assert keep("cue:safety", before=HARM, waited=5) == ["cue:safety"]


def test_a_second_mail_does_not_bring_a_burnt_child_down(
    database: Database, ticket: Ticket, deliver: Deliver
) -> None:
    deliver(BURNT, in_reply_to="<first@example.jp>", message_id="<burnt@example.jp>")
    first = only(database, Ticket)
    assert first.urgency >= rank.SAFETY_FROM
    deliver(
        "写真を送ります。",
        in_reply_to="<burnt@example.jp>",
        message_id="<photo@example.jp>",
        date="Mon, 05 Jan 2026 11:50:00 +0900",
    )
    after = only(database, Ticket)
    assert after.urgency >= rank.SAFETY_FROM
    assert after.urgency == sum(why["points"] for why in after.urgency_reasons)
    assert "safety_told" in {why["code"] for why in after.urgency_reasons}
