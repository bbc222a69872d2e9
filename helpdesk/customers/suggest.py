"""Who may be one person: found by what they say and what they ordered, shown with its evidence, never done by itself.

A verified key joins at once elsewhere; here are guesses. What somebody rejected is never suggested again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import or_
from sqlmodel import col, select

from helpdesk.commerce.orders import mentioned_numbers
from helpdesk.customers.identify import EMAIL, normalise
from helpdesk.customers.merge import merge
from helpdesk.errors import Conflict, NotFound
from helpdesk.i18n import lazy
from helpdesk.models import (
    Agent,
    Customer,
    CustomerMerge,
    Identity,
    MergeSuggestion,
    Message,
    Order,
    SharedSender,
)
from helpdesk.store.db import Unit
from helpdesk.store.search.tokens import fold

ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
PHONE = re.compile(r"(?<!\d)(?:\+?\d[\d\-() ]{8,16}\d)(?!\d)")
WEIGHTS = {"email_told": 60, "phone_told": 60, "order_told": 50, "home": 50, "name": 30, "phone": 70}
LEAST = 50  # of 100; below it nobody is asked
LOOKED_AT = 50  # newest messages
MOST = 20  # candidates by name: Tanaka Yuki is nobody in particular


@dataclass(frozen=True, slots=True)
class Evidence:
    """`kind` is a key of WEIGHTS; `shown` is what both have, as it stands with one of them."""

    kind: str
    shown: str

    @property
    def weight(self) -> int:
        return WEIGHTS[self.kind]


def score(evidence: Iterable[Evidence]) -> int:
    """0 to 100: each kind once, together never certain."""
    doubt = 1.0
    for kind in {one.kind for one in evidence}:
        doubt *= 1 - WEIGHTS[kind] / 100
    return round(100 * (1 - doubt))


def look(unit: Unit, customer: Customer) -> list[MergeSuggestion]:
    """What is suggested for this customer now; those that are new are written down."""
    found = {pk: told for pk, told in gather(unit, customer).items() if score(told) >= LEAST}
    known = {_other(one, customer): one for one in _list(unit, customer)}
    for pk, told in found.items():
        row = known.get(pk)
        if row is None:
            left, right = sorted((customer.pk, pk))
            row = MergeSuggestion(
                brand_id=customer.brand_id, left_id=left, right_id=right, created_at=unit.now
            )
            unit.session.add(row)
            known[pk] = row
        if row.state == "open":
            row.evidence, row.score = [asdict(one) for one in told], score(told)
    unit.session.flush()
    return [known[pk] for pk in sorted(found, key=lambda pk: -known[pk].score) if known[pk].state == "open"]


def gather(unit: Unit, customer: Customer) -> dict[int, list[Evidence]]:
    """Other customers of the brand with what speaks for them."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    text = _told(unit, customer)
    for kind, values in _claims(text).items():
        _by_identity(unit, customer, kind, values, f"{kind}_told", found)
    _by_identity(unit, customer, "phone", _own_phones(unit, customer), "phone", found)
    _by_order(unit, customer, text, found)
    _by_home(unit, customer, found)
    _by_name(unit, customer, found)
    found.pop(customer.pk, None)
    return dict(found)


def accept(unit: Unit, suggestion: MergeSuggestion, *, target_id: int, by: Agent) -> CustomerMerge:
    """Merge into whichever of the two was chosen."""
    _require_open(suggestion)
    source_id = suggestion.right_id if target_id == suggestion.left_id else suggestion.left_id
    source, target = (unit.session.get_one(Customer, pk) for pk in (source_id, target_id))
    _decide(unit, suggestion, "accepted", by)
    return merge(unit, source, target, by=by, reason="suggested")


def reject(unit: Unit, suggestion: MergeSuggestion, *, by: Agent) -> None:
    """They are two people: never asked again."""
    _require_open(suggestion)
    _decide(unit, suggestion, "rejected", by)


def get(unit: Unit, brand_ids: Iterable[int], key: str) -> MergeSuggestion:
    found = unit.session.exec(
        select(MergeSuggestion).where(
            MergeSuggestion.key == key, col(MergeSuggestion.brand_id).in_(list(brand_ids))
        )
    ).first()
    if found is None:
        raise NotFound(lazy("this suggestion is not there"))
    return found


def _list(unit: Unit, customer: Customer) -> list[MergeSuggestion]:
    either = or_(col(MergeSuggestion.left_id) == customer.pk, col(MergeSuggestion.right_id) == customer.pk)
    return list(unit.session.exec(select(MergeSuggestion).where(either)))


def _other(suggestion: MergeSuggestion, customer: Customer) -> int:
    return suggestion.right_id if suggestion.left_id == customer.pk else suggestion.left_id


def _require_open(suggestion: MergeSuggestion) -> None:
    if suggestion.state != "open":
        raise Conflict(lazy("somebody has decided this already; reload the page"))


def _decide(unit: Unit, suggestion: MergeSuggestion, state: str, by: Agent) -> None:
    suggestion.state, suggestion.decided_by_id, suggestion.decided_at = state, by.pk, unit.now


def _told(unit: Unit, customer: Customer) -> str:
    newest = (
        select(Message.reply)
        .where(Message.customer_id == customer.pk, Message.direction == "in")
        .order_by(col(Message.id).desc())
        .limit(LOOKED_AT)
    )
    return "\n".join(unit.session.exec(newest))


def _claims(text: str) -> Mapping[str, set[str]]:
    """Addresses that somebody names as they write; whose they are, nobody knows."""
    return {
        EMAIL: {normalise(EMAIL, one) for one in ADDRESS.findall(text)},
        "phone": {normalise("phone", one) for one in PHONE.findall(text)},
    }


def _own_phones(unit: Unit, customer: Customer) -> set[str]:
    rows = unit.session.exec(
        select(Identity.value).where(Identity.customer_id == customer.pk, Identity.kind == "phone")
    )
    return set(rows)


def _by_identity(
    unit: Unit,
    customer: Customer,
    kind: str,
    values: Iterable[str],
    evidence: str,
    found: dict[int, list[Evidence]],
) -> None:
    wanted = set(values) - _shared(unit, customer.brand_id, kind)
    if not wanted:
        return
    rows = unit.session.exec(
        select(Identity).where(
            Identity.brand_id == customer.brand_id, Identity.kind == kind, col(Identity.value).in_(wanted)
        )
    )
    for one in rows:
        found[one.customer_id].append(Evidence(evidence, one.shown or one.value))


def _shared(unit: Unit, brand_id: int, kind: str) -> set[str]:
    return set(
        unit.session.exec(
            select(SharedSender.value).where(SharedSender.brand_id == brand_id, SharedSender.kind == kind)
        )
    )


def _by_order(unit: Unit, customer: Customer, text: str, found: dict[int, list[Evidence]]) -> None:
    numbers = mentioned_numbers(text)
    if not numbers:
        return
    rows = unit.session.exec(
        select(Order).where(Order.brand_id == customer.brand_id, col(Order.number).in_(numbers))
    )
    for order in rows:
        found[order.customer_id].append(Evidence("order_told", order.number))


def _by_home(unit: Unit, customer: Customer, found: dict[int, list[Evidence]]) -> None:
    """Parcels to the same door under the same name."""
    own = list(unit.session.exec(select(Order).where(Order.customer_id == customer.pk).limit(LOOKED_AT)))
    homes = {home for one in own if (home := _home(one))}
    if not homes:
        return
    rows = unit.session.exec(
        select(Order)
        .join(Customer, col(Customer.id) == col(Order.customer_id))
        .where(
            Order.brand_id == customer.brand_id,
            Customer.name == customer.name,
            Order.customer_id != customer.pk,
        )
        .limit(LOOKED_AT)
    )
    for order in rows:
        if _home(order) in homes:
            found[order.customer_id].append(Evidence("home", str(order.address.get("postcode") or "")))


def _home(order: Order) -> tuple[str, str] | None:
    postcode, line = (str(order.address.get(name) or "") for name in ("postcode", "line"))
    return (fold(postcode), fold(line)) if postcode and line else None


def _by_name(unit: Unit, customer: Customer, found: dict[int, list[Evidence]]) -> None:
    """In whichever order the two names stand; a single name says nothing."""
    parts = customer.name.split()
    if len(parts) < 2:
        return
    spelled = {customer.name, " ".join(reversed(parts)), "".join(parts)}
    rows = unit.session.exec(
        select(Customer)
        .where(
            Customer.brand_id == customer.brand_id,
            col(Customer.name).in_(spelled),
            col(Customer.merged_into_id).is_(None),
            Customer.id != customer.pk,
        )
        .limit(MOST + 1)
    ).all()
    if len(rows) <= MOST:
        for one in rows:
            found[one.pk].append(Evidence("name", one.name))
