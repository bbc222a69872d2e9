"""Who may be, is or is no longer one person, as pages show it: suggestions with their reasons, and merges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.customers.evidence import WEIGHTS
from helpdesk.customers.merge import SPLIT, UNDO_FOR, members
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.models import Agent, Customer, CustomerMerge, Identity, MergeSuggestion
from helpdesk.store.db import Unit

EVIDENCE = {
    "email_told": lazy("The address %(shown)s is named in a message"),
    "phone_told": lazy("The number %(shown)s is named in a message"),
    "order_told": lazy("The order %(shown)s is named in a message"),
    "home": lazy("Parcels to the same door under the same name (%(shown)s)"),
    "name": lazy("The same name: %(shown)s"),
    "phone": lazy("The same telephone number: %(shown)s"),
}
REASONS = {
    "by_hand": lazy("By hand"),
    "suggested": lazy("By a suggestion"),
    SPLIT: lazy("An address was put back"),
    "verified_login": lazy("Signed in at the shop"),
    "verified_line": lazy("LINE account linked"),
    "verified_phone": lazy("The shop knows the number"),
    "verified_by_shop": lazy("The shop vouches for it"),
}
VERIFIED = lazy("Proven by the shop")
MOST, A_PAGE = 3, 50


@dataclass(frozen=True, slots=True)
class Person:
    """A customer in one line; `kind` of the address they were first known by."""

    key: str
    name: str
    address: str
    kind: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """`reasons` in words with what each weighs, the heaviest first. `one` is whom the page is about."""

    key: str
    score: int
    reasons: tuple[tuple[str, int], ...]
    one: Person
    other: Person


@dataclass(frozen=True, slots=True)
class Joined:
    """A merge. `until` is the end of the time in which it can be undone; None when it is over, or undone."""

    key: str
    reason: str
    split: bool
    at: datetime
    by: str | None
    source: Person
    target: Person
    undone_at: datetime | None
    undone_by: str | None
    until: datetime | None


def list_suggested(unit: Unit, customer: Customer, *, most: int = MOST) -> tuple[Suggested, ...]:
    """Open questions about one customer, the likeliest first."""
    here = case((col(MergeSuggestion.left_id) == customer.pk, 0), else_=1)
    either = or_(col(MergeSuggestion.left_id) == customer.pk, col(MergeSuggestion.right_id) == customer.pk)
    rows = unit.session.execute(_suggested(either).limit(most).add_columns(here))
    return tuple(_suggestion(row, turned=bool(row[-1])) for row in rows)


def list_all_suggested(unit: Unit, access: Access, *, most: int = A_PAGE) -> tuple[Suggested, ...]:
    rows = unit.session.execute(_suggested(col(MergeSuggestion.brand_id).in_(access.brand_ids)).limit(most))
    return tuple(_suggestion(row) for row in rows)


def count_suggested(unit: Unit, access: Access) -> int:
    """Enough for a number beside a word."""
    own = _suggested(col(MergeSuggestion.brand_id).in_(access.brand_ids)).order_by(None)
    some = own.with_only_columns(col(MergeSuggestion.id)).limit(100).subquery()
    return int(unit.session.scalar(select(func.count()).select_from(some)) or 0)


def list_joined(
    unit: Unit, access: Access, *, before: int | None = None, most: int = A_PAGE
) -> list[tuple[int, Joined]]:
    """Every merge, newest first, with the cursor of each."""
    where: list[ColumnElement[bool]] = [col(CustomerMerge.brand_id).in_(access.brand_ids)]
    if before is not None:
        where.append(col(CustomerMerge.id) < before)
    rows = unit.session.execute(_joined(*where).order_by(col(CustomerMerge.id).desc()).limit(most)).all()
    return [(row[0].pk, one) for row, one in zip(rows, _merges(unit, rows), strict=True)]


def list_below(unit: Unit, customer: Customer) -> tuple[Joined, ...]:
    """What stands merged into the customer, also by way of others, newest first."""
    rows = _below(unit, [customer.pk])
    if rows:
        rows = _below(unit, [one.pk for one in members(unit, customer)])
    return tuple(_merges(unit, rows))


def get_joined(unit: Unit, done: CustomerMerge) -> Joined:
    return _merges(unit, unit.session.execute(_joined(col(CustomerMerge.id) == done.pk)).all())[0]


def reason(code: str) -> str:
    """Why two were joined, in words."""
    return _(REASONS.get(code, VERIFIED if code.startswith("verified") else REASONS["by_hand"]))


def evidence(told: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, int], ...]:
    """In words, the heaviest first; each kind once."""
    once = {str(one["kind"]): str(one["shown"]) for one in reversed(list(told)) if one["kind"] in EVIDENCE}
    heavy = sorted(once, key=lambda kind: -WEIGHTS[kind])
    return tuple((_(EVIDENCE[kind], shown=once[kind]), WEIGHTS[kind]) for kind in heavy)


def _suggested(where: ColumnElement[bool]) -> Any:
    left, right = aliased(Customer), aliased(Customer)
    return (
        select(MergeSuggestion, *_shown(left), *_shown(right))
        .join(left, col(left.id) == col(MergeSuggestion.left_id))
        .join(right, col(right.id) == col(MergeSuggestion.right_id))
        .where(
            where,
            col(MergeSuggestion.state) == "open",
            col(left.merged_into_id).is_(None),
            col(right.merged_into_id).is_(None),
        )
        .order_by(col(MergeSuggestion.score).desc(), col(MergeSuggestion.id))
    )


def _suggestion(row: Any, *, turned: bool = False) -> Suggested:
    one, other = Person(*_words(row[1:5])), Person(*_words(row[5:9]))
    if turned:
        one, other = other, one
    return Suggested(row[0].key, row[0].score, evidence(row[0].evidence), one, other)


def _below(unit: Unit, ids: Sequence[int]) -> Sequence[Any]:
    where = col(CustomerMerge.target_id).in_(ids), col(CustomerMerge.undone_at).is_(None)
    newest = _joined(*where).order_by(col(CustomerMerge.created_at).desc()).limit(A_PAGE)
    return unit.session.execute(newest).all()


def _joined(*where: ColumnElement[bool]) -> Any:
    source, target, by, undone_by = aliased(Customer), aliased(Customer), aliased(Agent), aliased(Agent)
    return (
        select(CustomerMerge, col(by.name), col(undone_by.name), *_shown(source), *_shown(target))
        .join(source, col(source.id) == col(CustomerMerge.source_id))
        .join(target, col(target.id) == col(CustomerMerge.target_id))
        .outerjoin(by, col(by.id) == col(CustomerMerge.agent_id))
        .outerjoin(undone_by, col(undone_by.id) == col(CustomerMerge.undone_by_id))
        .where(*where)
    )


def _merges(unit: Unit, rows: Sequence[Any]) -> list[Joined]:
    """Who was merged away has no address left: they are named by the one that they brought."""
    brought = {row[0].pk: min(row[0].moved.get("identities") or (0,)) for row in rows}
    known = select(col(Identity.id), col(Identity.shown), col(Identity.kind)).where(
        col(Identity.id).in_(set(brought.values()) - {0})
    )
    named = (
        {pk: (shown, kind) for pk, shown, kind in unit.session.execute(known)}
        if any(brought.values())
        else {}
    )
    return [_merge(row, named.get(brought[row[0].pk], ("", "")), unit.now) for row in rows]


def _merge(row: Any, brought: tuple[str, str], now: datetime) -> Joined:
    done: CustomerMerge = row[0]
    source = tuple(row[3:5]) + (brought if done.undone_at is None else tuple(row[5:7]))
    until = done.created_at + UNDO_FOR
    return Joined(
        key=done.key,
        reason=reason(done.reason),
        split=done.reason == SPLIT,
        at=done.created_at,
        by=row[1],
        undone_by=row[2],
        source=Person(*_words(source)),
        target=Person(*_words(row[7:11])),
        undone_at=done.undone_at,
        until=until if done.undone_at is None and until >= now else None,
    )


def _shown(customer: Any) -> tuple[Any, ...]:
    return (
        col(customer.key),
        col(customer.name),
        _first(customer, "shown"),
        _first(customer, "kind"),
    )


def _first(customer: Any, column: str) -> ScalarSelect[str]:
    """Of what a customer is known by first."""
    return (
        select(col(getattr(Identity, column)))
        .where(col(Identity.customer_id) == col(customer.id))
        .order_by(col(Identity.id))
        .limit(1)
        .correlate(customer)
        .scalar_subquery()
    )


def _words(values: Iterable[str | None]) -> tuple[str, str, str, str]:
    key, name, address, kind = (one or "" for one in values)
    return key, name, address, kind
