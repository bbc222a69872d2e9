"""Whether a conversation may be written in now, as what, and until when. Pure: all it knows is data.

Providers open a window when a customer acts. After it some take what a person writes, marked so, others only texts
they have approved, others nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Mode(StrEnum):
    FREE = "free"
    HUMAN = "human"  # a person may, an automatic message may not
    TEMPLATE = "template"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Rules:
    """Of a kind of channel. None: without end. `connected` is needed where customers can block the brand."""

    free: timedelta | None = None
    human: timedelta | None = None  # counted from the customer's act as well
    templates: bool = False
    first_word: bool = False  # the brand may write before the customer has
    voice: bool = False  # only talked on


@dataclass(frozen=True, slots=True)
class Window:
    """`until` is when the mode ends; `reason` is empty, `blocked`, `silent` (never wrote), `over` or `voice`."""

    mode: Mode
    until: datetime | None = None
    reason: str = ""

    def allows(self, *, automatic: bool) -> bool:
        """Free words; a template is always another matter."""
        return self.mode is Mode.FREE or (self.mode is Mode.HUMAN and not automatic)


def decide(rules: Rules, *, acted_at: datetime | None, now: datetime, blocked: bool = False) -> Window:
    """`acted_at` is when the customer last wrote, pressed a button or mentioned the brand."""
    if rules.voice:
        return Window(Mode.CLOSED, reason="voice")
    if blocked:
        return Window(Mode.CLOSED, reason="blocked")
    if acted_at is None:
        if rules.first_word:
            return Window(Mode.FREE)
        return _after(rules, "silent")
    if rules.free is None:
        return Window(Mode.FREE)
    if now < acted_at + rules.free:
        return Window(Mode.FREE, acted_at + rules.free)
    if rules.human and now < acted_at + rules.human:
        return Window(Mode.HUMAN, acted_at + rules.human)
    return _after(rules, "over")


def _after(rules: Rules, reason: str) -> Window:
    return Window(Mode.TEMPLATE if rules.templates else Mode.CLOSED, reason=reason)
