"""Who may be one person: suggested with its evidence, never done by itself.

A verified key joins at once elsewhere; here are guesses. What somebody rejected is never suggested again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from helpdesk.customers.evidence import LEAST, Evidence, gather, score
from helpdesk.customers.merge import members, merge, root
from helpdesk.errors import Conflict, NotFound
from helpdesk.i18n import lazy
from helpdesk.models import Agent, Customer, CustomerMerge, MergeSuggestion
from helpdesk.store.db import Unit


def look(unit: Unit, customer: Customer) -> list[MergeSuggestion]:
    """What is suggested for this customer now; what is new is written down."""
    return keep(unit, customer, find(unit, customer))


def find(unit: Unit, customer: Customer) -> dict[int, list[Evidence]]:
    """Whom somebody should be asked about, the reasons with them. Writes nothing."""
    likely = {pk: told for pk, told in gather(unit, customer).items() if score(told) >= LEAST}
    return {pk: likely[pk] for pk in likely.keys() - _apart_from(unit, customer)} if likely else {}


def keep(unit: Unit, customer: Customer, found: Mapping[int, Sequence[Evidence]]) -> list[MergeSuggestion]:
    """The open suggestions for these, the likeliest first."""
    known = {_other(one, customer): one for one in _list(unit, customer)}
    for pk, told in found.items():
        row = known.get(pk) or _pair(unit, customer.brand_id, customer.pk, pk)
        row.evidence, row.score, row.state = [asdict(one) for one in told], score(told), "open"
        known[pk] = row
    unit.session.flush()
    return sorted((known[pk] for pk in found), key=lambda one: (-one.score, one.pk))


def is_news(unit: Unit, customer: Customer, found: Mapping[int, Sequence[Evidence]]) -> bool:
    """Whether keeping it would change anything."""
    known = {_other(one, customer): (one.state, one.evidence) for one in _list(unit, customer)}
    return any(known.get(pk) != ("open", [asdict(one) for one in told]) for pk, told in found.items())


def accept(
    unit: Unit,
    suggestion: MergeSuggestion,
    *,
    target_id: int,
    by: Agent,
    fields: Mapping[str, Any] | None = None,
) -> CustomerMerge:
    """Merge into whichever of the two was chosen."""
    _require_open(suggestion)
    source_id = suggestion.right_id if target_id == suggestion.left_id else suggestion.left_id
    source, target = (unit.session.get_one(Customer, pk) for pk in (source_id, target_id))
    _decide(unit, suggestion, "accepted", by)
    return merge(unit, source, target, by=by, fields=fields, reason="suggested")


def find_open(unit: Unit, one: Customer, other: Customer) -> MergeSuggestion | None:
    """The question about these two, while nobody has answered it."""
    found = _find_pair(unit, one.pk, other.pk)
    return found if found is not None and found.state == "open" else None


def reject(unit: Unit, suggestion: MergeSuggestion, *, by: Agent) -> None:
    """They are two people: never asked again."""
    _require_open(suggestion)
    _decide(unit, suggestion, "rejected", by)


def ask_again(unit: Unit, suggestion: MergeSuggestion) -> None:
    """The last decision was a slip."""
    suggestion.state, suggestion.decided_by_id, suggestion.decided_at = "open", None, None


def keep_apart(unit: Unit, one: Customer, other: Customer, *, by: Agent | None) -> None:
    """They are two people, whatever will speak for the contrary."""
    row = _find_pair(unit, one.pk, other.pk) or _pair(unit, one.brand_id, one.pk, other.pk)
    _decide(unit, row, "rejected", by)


def kept_apart(unit: Unit, one: Customer, other: Customer) -> bool:
    """Whether somebody has said so, of these two or of anybody who is merged into them."""
    return root(unit, other).pk in _apart_from(unit, root(unit, one))


def parted(unit: Unit, done: CustomerMerge) -> None:
    """A merge was taken back: what suggested it is a question again, unless it was answered otherwise."""
    row = _find_pair(unit, done.source_id, done.target_id)
    if row is not None and row.state == "accepted":
        ask_again(unit, row)


def get(unit: Unit, brand_ids: Iterable[int], key: str) -> MergeSuggestion:
    found = unit.session.exec(
        select(MergeSuggestion).where(
            MergeSuggestion.key == key, col(MergeSuggestion.brand_id).in_(list(brand_ids))
        )
    ).first()
    if found is None:
        raise NotFound(lazy("this suggestion is not there"))
    return found


def _list(unit: Unit, *customers: Customer) -> list[MergeSuggestion]:
    ids = [one.pk for one in customers]
    either = or_(col(MergeSuggestion.left_id).in_(ids), col(MergeSuggestion.right_id).in_(ids))
    return list(unit.session.exec(select(MergeSuggestion).where(either)))


def _find_pair(unit: Unit, one: int, other: int) -> MergeSuggestion | None:
    left, right = sorted((one, other))
    return unit.session.exec(
        select(MergeSuggestion).where(MergeSuggestion.left_id == left, MergeSuggestion.right_id == right)
    ).first()


def _pair(unit: Unit, brand_id: int, one: int, other: int) -> MergeSuggestion:
    left, right = sorted((one, other))
    row = MergeSuggestion(brand_id=brand_id, left_id=left, right_id=right, created_at=unit.now)
    unit.session.add(row)
    return row


def _apart_from(unit: Unit, customer: Customer) -> set[int]:
    """Those of whom somebody said that they are not this one, as they stand today."""
    own = members(unit, customer)
    ids = {one.pk for one in own}
    refused = [one for one in _list(unit, *own) if one.state == "rejected"]
    others = {pk for one in refused for pk in (one.left_id, one.right_id)} - ids
    return {root(unit, unit.session.get_one(Customer, pk)).pk for pk in others}


def _other(suggestion: MergeSuggestion, customer: Customer) -> int:
    return suggestion.right_id if suggestion.left_id == customer.pk else suggestion.left_id


def _require_open(suggestion: MergeSuggestion) -> None:
    if suggestion.state != "open":
        raise Conflict(lazy("somebody has decided this already; reload the page"))


def _decide(unit: Unit, suggestion: MergeSuggestion, state: str, by: Agent | None) -> None:
    suggestion.state, suggestion.decided_at = state, unit.now
    suggestion.decided_by_id = by.pk if by else None
