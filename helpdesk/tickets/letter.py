"""What an agent sends, as the composer hands it over, before it becomes a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import macros
from helpdesk.errors import Invalid
from helpdesk.tickets import rich
from helpdesk.tickets.upload import Upload
from macros.macro import Action


@dataclass(frozen=True, slots=True)
class Letter:
    """`html` is the editor's, already cleaned; "" where plain text says the same. Build it with `written`."""

    text: str
    html: str = ""
    kind: str = "reply"  # reply, reply_all or forward
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    subject: str = ""
    forwarded: str = ""  # key of the message that is passed on
    without: Sequence[str] = ()  # keys of its files that stay behind
    staged: Sequence[str] = ()
    uploads: Sequence[Upload] = ()
    quote: bool = False  # the customer's words below the answer
    macro: tuple[str, str] | None = None
    actions: Sequence[Action] = ()
    token: str = ""
    close: bool = False
    snooze: datetime | None = None
    hold: timedelta = timedelta()
    at: datetime | None = None  # scheduled
    replies: Sequence[str] = ()  # buttons that may be pressed instead of typing
    via: str = ""  # key of a way to the customer; "" for where the ticket came from
    card: Mapping[str, Any] | None = None  # an order: {"order", "title", "lines", "url", "label"}
    template: Mapping[str, Any] | None = None  # approved words, filled: their facts, "key" and "values"
    by_hand: bool = True  # an agent's answer to this one customer, not one of many

    @property
    def forwards(self) -> bool:
        return self.kind == "forward"


def written(body: str, html: str = "", *, wordless: bool = False, **given: Any) -> Letter:
    """Raises Invalid for an empty text (a forward may have none) or a place that a macro left open.

    `wordless`: a picture, a card or a template says it all.
    """
    cleaned = rich.clean(html) if html else ""
    text = (rich.text_of(cleaned) if cleaned else body.replace("\r\n", "\n")).strip()
    letter = Letter(text=text, html="" if rich.is_plain(cleaned) else cleaned, **given)
    if not text and not (wordless or letter.forwards or rich.images(cleaned)):
        raise Invalid("write an answer first", field="body")
    if missing := macros.unresolved(text):
        raise Invalid(
            "fill in what is missing before sending: %(missing)s", field="body", missing=", ".join(missing)
        )
    return letter


def as_draft(letter: Letter) -> dict[str, Any]:
    """What goes back into the composer when the letter is taken back."""
    key, version = letter.macro or ("", "")
    return {
        "text": letter.text,
        "html": letter.html,
        "to": list(letter.to),
        "cc": list(letter.cc),
        "bcc": list(letter.bcc),
        "subject": letter.subject,
        "macro": {"key": key, "version": version, "actions": [written_action(one) for one in letter.actions]}
        if key or letter.actions
        else "",
        "kind": letter.kind,
        "forwarded": letter.forwarded,
        "without": list(letter.without),
    } | _outward(letter)


def _outward(letter: Letter) -> dict[str, Any]:
    """What only some channels have, where there is any."""
    found = {
        "via": letter.via,
        "offers": list(letter.replies),
        "card": str(letter.card["order"]) if letter.card else "",
        "template": {name: letter.template[name] for name in ("key", "values")} if letter.template else {},
    }
    return {name: value for name, value in found.items() if value}


def written_action(action: Action) -> str:
    """As a form carries it: `add_tag:refund`, `grant_points:500:late_delivery`."""
    return ":".join([action.kind, str(action.value), *([action.reason] if action.reason else [])])
