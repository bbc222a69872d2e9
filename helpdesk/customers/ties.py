"""Which of a customer's addresses provably are one person's, and which an agent has put together.

Addresses come to a customer by their first word, by the shop's word and by proof; or with somebody whom an agent
took for the same. Across such a merge nothing is proven.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from sqlmodel import col, select

from helpdesk.customers.belongings import Address
from helpdesk.customers.shared import among
from helpdesk.customers.verified import VERIFIED
from helpdesk.models import Customer, CustomerMerge, Identity
from helpdesk.store.db import Unit


class Tie(IntEnum):
    NONE = 0
    TOLD = 1  # an agent says so
    PROVEN = 2


@dataclass(frozen=True, slots=True)
class Ties:
    """`group` by address: those of one group are proven to be one person's."""

    group: Mapping[Address, int]

    def between(self, one: Address, other: Address) -> Tie:
        if one not in self.group or other not in self.group:
            return Tie.NONE
        return Tie.PROVEN if self.group[one] == self.group[other] else Tie.TOLD


def find_ties(unit: Unit, customer: Customer) -> Ties:
    """Addresses that several people write from are left out."""
    own = unit.session.exec(select(Identity).where(Identity.customer_id == customer.pk)).all()
    shared = among(unit, own)
    merges = _standing(unit, customer)
    group = _groups(merges)
    return Ties(
        {
            (one.kind, one.value): group.get(home := _home(one, customer, merges), home)
            for one in own
            if (one.kind, one.value) not in shared
        }
    )


def _standing(unit: Unit, customer: Customer) -> list[CustomerMerge]:
    """Of the customer and of everybody who came with them, first ones first."""
    found: list[CustomerMerge] = []
    below = [customer.pk]
    while below:
        rows = unit.session.exec(
            select(CustomerMerge).where(
                col(CustomerMerge.target_id).in_(below), col(CustomerMerge.undone_at).is_(None)
            )
        ).all()
        found += rows
        below = [one.source_id for one in rows]
    return sorted(found, key=lambda one: one.pk)


def _home(identity: Identity, customer: Customer, merges: Sequence[CustomerMerge]) -> int:
    """Whose the address was before any merge."""
    carried = (one.source_id for one in merges if identity.pk in one.moved.get("identities", ()))
    return next(carried, customer.pk)


def _groups(merges: Sequence[CustomerMerge]) -> dict[int, int]:
    """By customer, those whom proof has joined."""
    group: dict[int, int] = {}
    for one in merges:
        if one.reason.startswith(VERIFIED):
            kept, gone = (group.get(pk, pk) for pk in (one.target_id, one.source_id))
            group = {pk: kept if of == gone else of for pk, of in group.items()}
            group |= {one.target_id: kept, one.source_id: kept}
    return group
