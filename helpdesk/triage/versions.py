"""A brand's models: asked for → training → active (and the one before retired), or a candidate that is not good enough.

Without an active one the built-in model serves. Only a worker trains; here is what becomes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import col, func, select

from helpdesk.access import Access
from helpdesk.errors import Conflict, NotFound
from helpdesk.models import Agent, Brand, ModelVersion
from helpdesk.store.db import Unit
from helpdesk.triage import lessons, promotion

UNDER_WAY = ("queued", "training")
MOST_ATTEMPTS = 3
TOLD = (
    "figures",
    "before",
    "changes",
    "tags",
    "neutral",
    "team",
    "sure",
    "alone",
)  # of a trial, kept with its version
LEASE = timedelta(minutes=5)
KEPT = 10  # retired ones that can be gone back to; older ones lose their file
NIGHT = range(1, 6)  # hours of the brand's day
EVERY = timedelta(hours=20)  # so that "nightly" stays at night even when one took long


def ask(unit: Unit, brand_id: int, *, by: Agent | None) -> ModelVersion:
    """Train a new one as soon as a worker is free. Raises Conflict while one is under way."""
    unit.session.get(Brand, brand_id, with_for_update=True)  # two who ask at once: the second sees the first
    if find_under_way(unit, brand_id):
        raise Conflict("a model of this brand is being trained already; wait for it")
    wanted = select(func.max(ModelVersion.version)).where(ModelVersion.brand_id == brand_id)
    last = unit.session.exec(wanted).one()
    row = ModelVersion(
        brand_id=brand_id,
        version=(last or 0) + 1,
        reason="asked" if by else "night",
        agent_id=by.pk if by else None,
        created_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    unit.tell("model_asked", brand_id)
    return row


def ask_nightly(unit: Unit, is_sound: Callable[[str], bool] = lambda _: True) -> list[ModelVersion]:
    """For the brands where it is night and whose team has taught something since their newest version, or whose
    model's file cannot serve: it is damaged, or of an older program."""
    asked = []
    for brand in unit.session.exec(select(Brand).order_by(col(Brand.id))).all():
        brand_id = brand.pk
        last = list_versions(unit, brand_id)[:1]
        young = bool(last) and last[0].created_at > unit.now - EVERY
        if not is_night(unit, brand) or young:
            continue
        active = find_active(unit, brand_id)
        news = has_news(unit, brand_id, last[0] if last else None)
        if news or (
            active is not None and not is_sound(active.artifact)
        ):  # a file is read only where it decides
            asked.append(ask(unit, brand_id, by=None))
    return asked


def is_night(unit: Unit, brand: Brand) -> bool:
    return unit.now.astimezone(ZoneInfo(brand.timezone)).hour in NIGHT


def has_news(unit: Unit, brand_id: int, last: ModelVersion | None) -> bool:
    """Whether the team taught something since the newest version, or customers took words back that it learned from."""
    if last is None:
        return lessons.newest(unit, brand_id) > 0
    return lessons.newest(unit, brand_id) > last.through or lessons.forgotten_since(
        unit, brand_id, last.created_at
    )


def list_versions(unit: Unit, brand_id: int) -> Sequence[ModelVersion]:
    """The newest first."""
    wanted = select(ModelVersion).where(ModelVersion.brand_id == brand_id)
    return unit.session.exec(wanted.order_by(col(ModelVersion.version).desc())).all()


def get_version(unit: Unit, access: Access, key: str) -> ModelVersion:
    row = unit.session.exec(select(ModelVersion).where(ModelVersion.key == key)).first()
    if row is None:
        raise NotFound("there is no such model")
    access.require_brand(row.brand_id)
    return row


def find_active(unit: Unit, brand_id: int) -> ModelVersion | None:
    """None while the built-in model serves."""
    wanted = select(ModelVersion).where(ModelVersion.brand_id == brand_id, ModelVersion.state == "active")
    return unit.session.exec(wanted).first()


def find_under_way(unit: Unit, brand_id: int) -> ModelVersion | None:
    wanted = select(ModelVersion).where(
        ModelVersion.brand_id == brand_id, col(ModelVersion.state).in_(UNDER_WAY)
    )
    return unit.session.exec(wanted).first()


def claim(unit: Unit) -> ModelVersion | None:
    """The next to be trained, leased to the caller; None while one of any brand is being trained.

    One whose worker died again and again is given up.
    """
    # All rows are locked, so that of two workers who ask at once the second sees what the first took.
    waiting = select(ModelVersion).where(col(ModelVersion.state).in_(UNDER_WAY))
    rows = unit.session.exec(waiting.order_by(col(ModelVersion.id)).with_for_update()).all()
    if any(row.lease_until is not None and row.lease_until >= unit.now for row in rows):
        return None
    for row in rows:
        if row.attempts < MOST_ATTEMPTS:
            row.state, row.progress = "training", 0
            row.attempts += 1
            row.lease_until = unit.now + LEASE
            return row
        fail(unit, row, f"the training was cut off {row.attempts} times")
    return None


def advance(unit: Unit, version_id: int, lease: datetime | None, progress: int) -> datetime | None:
    """Renews the lease; None when it is somebody else's by now."""
    until = unit.now + LEASE
    moved = (
        update(ModelVersion)
        .where(col(ModelVersion.id) == version_id, col(ModelVersion.lease_until) == lease)
        .values(progress=progress, lease_until=until)
        .execution_options(synchronize_session=False)
    )
    return until if getattr(unit.session.execute(moved), "rowcount", 0) else None


def finish(
    unit: Unit, row: ModelVersion, result: Mapping[str, Any], artifact: str
) -> list[promotion.Objection]:
    """It serves from now on, unless it is worse somewhere; then it stays a candidate with the reasons."""
    row.progress, row.lease_until, row.trained_at = 100, None, unit.now
    row.rows, row.own_rows = int(result["rows"]), int(result["own_rows"])
    row.data_hash = str(result["data_hash"])
    base = find_active(unit, row.brand_id)
    told = {name: result[name] for name in TOLD if name in result}
    row.figures = {**told, "base": base.version if base else 0}
    objections = promotion.decide(result)
    row.objections = [one.as_json() for one in objections]
    if objections:
        row.state = "candidate"
    else:
        row.artifact = artifact
        _serve(unit, row.brand_id, row)
    unit.tell("model_trained", row.brand_id)
    return objections


def fail(unit: Unit, row: ModelVersion, why: str) -> None:
    row.state, row.error, row.lease_until = "failed", why, None
    unit.tell("model_trained", row.brand_id)


def go_back(unit: Unit, brand_id: int, row: ModelVersion | None) -> None:
    """This version serves again, the same bytes as then; None is the built-in model."""
    if row is not None and (row.state != "retired" or not row.artifact):
        raise Conflict("only a model that has served before and is still kept can be gone back to")
    _serve(unit, brand_id, row)


def give_up_old(unit: Unit, brand_id: int) -> list[str]:
    """Retired models beyond those that are kept lose their file; returns which."""
    rows = [one for one in list_versions(unit, brand_id) if one.state == "retired" and one.artifact]
    rows.sort(key=lambda one: one.activated_at or one.created_at, reverse=True)
    gone = [one.artifact for one in rows[KEPT:]]
    for one in rows[KEPT:]:
        one.artifact = ""
    return gone


def list_unnamed(unit: Unit, digests: Sequence[str]) -> list[str]:
    """Of these files those that no version names: the same rows give the same bytes."""
    unit.session.flush()
    named = select(ModelVersion.artifact).where(col(ModelVersion.artifact).in_(digests))
    return sorted(set(digests) - set(unit.session.exec(named).all()))


def _serve(unit: Unit, brand_id: int, row: ModelVersion | None) -> None:
    unit.session.get(Brand, brand_id, with_for_update=True)
    before = find_active(unit, brand_id)
    if before is not None:
        before.state = "retired"
        unit.session.flush()
    if row is not None:
        row.state, row.activated_at = "active", unit.now
    unit.tell("model_changed", brand_id)
