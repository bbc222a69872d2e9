"""What a page shows of a conversation, as a mark; and what has to be added to a page that shows a little less.

Pure; called by the pages of a ticket.
"""

from __future__ import annotations

import hashlib

from helpdesk.inbox.arrange import Shown, arrange
from helpdesk.inbox.conversation import Conversation

MOST = 8  # entries that one answer brings along: itself, and what a macro did


def mark(talk: Conversation) -> str:
    """The same as long as the messages would look the same."""
    return _marks(talk)[0]


def find_added(talk: Conversation, shown: str) -> tuple[Shown, ...] | None:
    """What comes after all that the page with this mark shows; None where it does not merely lack the end."""
    marks = _marks(talk)
    if shown not in marks:
        return None
    before = talk.entries[: len(talk.entries) - marks.index(shown)]
    known = arrange(before, new=talk.new)
    return talk.shown[len(known) :] if talk.shown[: len(known)] == known else None


def _marks(talk: Conversation) -> list[str]:
    """Of everything, then of everything but the last entry, and so on."""
    running = hashlib.sha256(repr((talk.more, talk.customer.name)).encode())
    marks = []
    for left, entry in zip(range(len(talk.entries) - 1, -1, -1), talk.entries, strict=True):
        running.update(repr(entry).encode())
        if left <= MOST:
            marks.append(running.hexdigest()[:16])
    return marks[::-1] or [running.hexdigest()[:16]]
