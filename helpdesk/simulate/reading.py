"""What becomes of the helpdesk's answers: simulated customers get them, and read them a moment later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from helpdesk.simulate.deed import Deed
from helpdesk.simulate.play import Step, Target
from helpdesk.simulate.provider import Sent

# What each provider tells of: LINE and Telegram tell bots nothing.
TOLD: Mapping[str, Sequence[str]] = {
    "messenger": ("delivered", "read"),
    "instagram": ("read",),
    "whatsapp": ("delivered", "read"),
    "x": ("read",),
    "sms": ("delivered",),
}
READ_AFTER = timedelta(seconds=2)


def receipts(sent: Sent, targets: Sequence[Target], *, at: datetime) -> Iterator[Step]:
    """The calls that follow from one answer, if it went to one of these accounts."""
    target = next((one for one in targets if _is_of(sent, one)), None)
    if target is None:
        return
    name = f"SM{sent.number}" if target.vendor == "sms" else sent.number
    for turn, kind in enumerate(TOLD.get(target.vendor, ())):
        number = f"{sent.number}{turn}"
        yield Step(target, Deed(kind, sent.to, at + turn * READ_AFTER, number, of=name))


def _is_of(sent: Sent, target: Target) -> bool:
    return sent.account == target.account if sent.account else sent.vendor == target.vendor
