"""Tags that the classifier thinks possible but is not sure of, for the head of a ticket. Nothing is written."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

from classifiers import Model, TagScore
from helpdesk.inbox.conversation import Conversation
from helpdesk.inbox.said import Said
from helpdesk.inbox.tagging import TagMark
from helpdesk.models import Direction, Status

MOST = 3
LEAST = 0.08  # below it three guesses in four help nobody
LIVING = (Status.OPEN, Status.PENDING)
REMEMBERED = 2_000

_lock = Lock()
_ranked: OrderedDict[tuple[str, str, int], tuple[TagScore, ...]] = OrderedDict()


def suggest(talk: Conversation, model: Model) -> tuple[TagMark, ...]:
    """The likeliest tags that are not on the ticket, by the customer's newest words."""
    asked = find_asked(talk)
    if asked is None:
        return ()
    known = {mark.name: mark for mark in talk.other_tags}
    likely = (one for one in _rank(talk.model, model, asked) if one.score >= LEAST)
    wanted = [one for one in likely if one.tag in known and one.tag not in talk.refused][:MOST]
    return tuple(_mark(known[one.tag], one.score) for one in wanted)


def find_asked(talk: Conversation) -> Said | None:
    """The message that is looked at; None where nothing is to be decided any more."""
    if talk.ticket.status not in LIVING:
        return None
    return next((one for one in reversed(_written(talk)) if one.own), None)


def words_of(said: Said) -> str:
    return "".join(piece.text for piece in said.own)


def _written(talk: Conversation) -> list[Said]:
    """By the customer."""
    both: Iterable[object] = talk.entries
    said = [one for one in both if isinstance(one, Said)]
    return [one for one in said if one.direction == Direction.IN and not one.automatic]


def _rank(digest: str, model: Model, said: Said) -> tuple[TagScore, ...]:
    """Remembered: a page is drawn again and again while its messages stay as they are."""
    text = words_of(said)
    key = (digest, said.key, hash((said.subject, text)))
    with _lock:
        if key in _ranked:
            _ranked.move_to_end(key)
            return _ranked[key]
    found = model.classify(text, subject=said.subject).ranked[:10]
    with _lock:
        _ranked[key] = found
        while len(_ranked) > REMEMBERED:
            _ranked.popitem(last=False)
    return found


def _mark(known: TagMark, score: float) -> TagMark:
    return TagMark(known.name, known.label, known.colour, "suggested", score)
