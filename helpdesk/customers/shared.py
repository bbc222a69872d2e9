"""Addresses that several people write from (a family, a company, a form): they say nothing of who somebody is."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_
from sqlmodel import col, select

from helpdesk.customers.evidence import LEAST, Evidence, score
from helpdesk.customers.identify import EMAIL, normalise
from helpdesk.errors import Invalid, NotFound
from helpdesk.i18n import lazy
from helpdesk.models import Agent, Identity, MergeSuggestion, SharedSender
from helpdesk.store.db import Unit

KINDS = (EMAIL, "phone")
TOLD = {EMAIL: ("email_told",), "phone": ("phone_told", "phone")}
SHORTEST = 6  # digits of a telephone number


def exclude(unit: Unit, brand_id: int, address: str, *, by: Agent | None) -> SharedSender:
    """From now on it suggests and proves nothing; what it has suggested is asked no longer. Twice is once.

    Raises Invalid for what is neither an e-mail address nor a telephone number.
    """
    kind, value = read(address)
    found = find(unit, brand_id, kind, value)
    if found:
        return found
    made = SharedSender(
        brand_id=brand_id, kind=kind, value=value, agent_id=by.pk if by else None, created_at=unit.now
    )
    unit.session.add(made)
    unit.session.flush()
    _withdraw(unit, made)
    unit.tell("sender_shared", brand_id)
    return made


def include(unit: Unit, sender: SharedSender) -> None:
    """It is one person's again."""
    unit.session.delete(sender)
    unit.session.flush()


def read(address: str) -> tuple[str, str]:
    """Kind and normal form of what somebody typed."""
    given = address.strip()
    local, _at, domain = given.partition("@")
    if local and "." in domain and " " not in given:
        return EMAIL, normalise(EMAIL, given)
    number = normalise("phone", given)
    if "@" not in given and len(number.lstrip("+")) >= SHORTEST:
        return "phone", number
    raise Invalid(lazy("this is neither an e-mail address nor a telephone number"), field="address")


def list_shared(unit: Unit, brand_ids: Sequence[int]) -> list[tuple[SharedSender, str | None]]:
    """With who said it, newest first."""
    rows = (
        select(SharedSender, Agent.name)
        .outerjoin(Agent, col(Agent.id) == col(SharedSender.agent_id))
        .where(col(SharedSender.brand_id).in_(brand_ids))
        .order_by(col(SharedSender.id).desc())
    )
    return [(row, name) for row, name in unit.session.exec(rows)]


def get(unit: Unit, brand_ids: Sequence[int], key: str) -> SharedSender:
    found = unit.session.exec(
        select(SharedSender).where(SharedSender.key == key, col(SharedSender.brand_id).in_(brand_ids))
    ).first()
    if found is None:
        raise NotFound(lazy("this address is one person's again already; reload the page"))
    return found


def list_known(unit: Unit, customer_id: int) -> list[tuple[Identity, bool]]:
    """All that a customer is known by, and whether several people write from it."""
    same = [
        col(getattr(SharedSender, name)) == col(getattr(Identity, name))
        for name in ("brand_id", "kind", "value")
    ]
    rows = (
        select(Identity, SharedSender.id)
        .outerjoin(SharedSender, and_(*same))
        .where(Identity.customer_id == customer_id)
        .order_by(col(Identity.id))
    )
    return [(one, row is not None) for one, row in unit.session.exec(rows)]


def find(unit: Unit, brand_id: int, kind: str, value: str) -> SharedSender | None:
    return unit.session.exec(
        select(SharedSender).where(
            SharedSender.brand_id == brand_id, SharedSender.kind == kind, SharedSender.value == value
        )
    ).first()


def _withdraw(unit: Unit, sender: SharedSender) -> None:
    """Open suggestions without what this address spoke for; those that are left with too little end."""
    waiting = unit.session.exec(
        select(MergeSuggestion).where(
            MergeSuggestion.brand_id == sender.brand_id, MergeSuggestion.state == "open"
        )
    )
    for one in waiting.all():
        left = [told for told in one.evidence if not _speaks(sender, told)]
        if len(left) == len(one.evidence):
            continue
        one.evidence, one.score = left, score(Evidence(**told) for told in left)
        if one.score < LEAST:
            unit.session.delete(one)


def _speaks(sender: SharedSender, told: dict[str, str]) -> bool:
    return told["kind"] in TOLD[sender.kind] and normalise(sender.kind, told["shown"]) == sender.value
