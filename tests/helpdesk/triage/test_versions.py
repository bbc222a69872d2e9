from __future__ import annotations

from typing import Any

import pytest

from helpdesk.access import Access
from helpdesk.errors import Conflict, NotFound
from helpdesk.models import Agent, Brand, Correction, ModelVersion, Ticket
from helpdesk.store.db import Database, Unit
from helpdesk.triage import learn, versions
from tests.conftest import StandingClock
from tests.helpdesk.stories import rows


def result(*, lost: int = 0) -> dict[str, Any]:
    changes = {lang: {"n": 100, "lost": lost, "won": 0, "tags": {}} for lang in ("ja", "en")}
    empty: dict[str, Any] = {"figures": {}, "before": {}, "tags": [], "changes": changes}
    return {"rows": 10, "own_rows": 2, "data_hash": "d", **empty}


def trained(unit: Unit, brand_id: int, artifact: str, *, lost: int = 0) -> ModelVersion:
    asked = versions.ask(unit, brand_id, by=None)
    assert versions.claim(unit) is asked
    versions.finish(unit, asked, result(lost=lost), artifact)
    return asked


def states(database: Database) -> dict[int, str]:
    return {one.version: one.state for one in rows(database, ModelVersion)}


def test_only_one_is_trained_for_a_brand_at_a_time(
    database: Database, brand: Brand, other_brand: Brand
) -> None:
    with database.write() as unit:
        versions.ask(unit, brand.pk, by=None)
        versions.ask(unit, other_brand.pk, by=None)
        with pytest.raises(Conflict):
            versions.ask(unit, brand.pk, by=None)


def test_one_brand_after_the_other(
    database: Database, brand: Brand, other_brand: Brand, clock: StandingClock
) -> None:
    with database.write() as unit:
        first, second = (versions.ask(unit, one.pk, by=None) for one in (brand, other_brand))
        assert versions.claim(unit) is first
        assert versions.claim(unit) is None
        versions.finish(unit, first, result(), "a")
        assert versions.claim(unit) is second


def test_a_good_one_serves_and_the_one_before_is_kept(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        trained(unit, brand.pk, "a")
    with database.write() as unit:
        trained(unit, brand.pk, "b")
    assert states(database) == {1: "retired", 2: "active"}
    with database.read() as unit:
        active = versions.find_active(unit, brand.pk)
        assert active and active.artifact == "b"


def test_a_worse_one_does_not_serve_and_says_why(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        trained(unit, brand.pk, "a")
    with database.write() as unit:
        worse = trained(unit, brand.pk, "b", lost=9)
    assert states(database) == {1: "active", 2: "candidate"}
    assert {one["language"] for one in worse.objections} == {"ja", "en"} and not worse.artifact


def test_going_back_and_forth_and_to_the_builtin(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        first, second = trained(unit, brand.pk, "a"), trained(unit, brand.pk, "b")
        versions.go_back(unit, brand.pk, first)
        with pytest.raises(Conflict):
            versions.go_back(unit, brand.pk, first)
        assert (first.state, second.state) == ("active", "retired")
        versions.go_back(unit, brand.pk, None)
    assert states(database) == {1: "retired", 2: "retired"}
    with database.read() as unit:
        assert versions.find_active(unit, brand.pk) is None


def test_what_was_never_good_enough_cannot_be_gone_back_to(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        worse = trained(unit, brand.pk, "b", lost=9)
        with pytest.raises(Conflict):
            versions.go_back(unit, brand.pk, worse)


def test_a_worker_that_dies_leaves_it_to_another_but_not_for_ever(
    database: Database, brand: Brand, clock: StandingClock
) -> None:
    with database.write() as unit:
        versions.ask(unit, brand.pk, by=None)
    for _ in range(versions.MOST_ATTEMPTS):
        with database.write() as unit:
            taken = versions.claim(unit)
            assert taken and versions.claim(unit) is None
        clock.advance(seconds=versions.LEASE.total_seconds() + 1)
    with database.write() as unit:
        assert versions.claim(unit) is None
    assert states(database) == {1: "failed"}


def test_progress_renews_the_lease_of_its_holder_alone(
    database: Database, brand: Brand, clock: StandingClock
) -> None:
    with database.write() as unit:
        versions.ask(unit, brand.pk, by=None)
        row = versions.claim(unit)
        assert row
        pk, lease = row.pk, row.lease_until
    clock.advance(minutes=1)
    with database.write() as unit:
        assert versions.advance(unit, pk, lease, 30) == clock.now + versions.LEASE
        assert versions.advance(unit, pk, lease, 40) is None
    with database.read() as unit:
        assert unit.session.get_one(ModelVersion, pk).progress == 30


def test_the_nightly_one_waits_for_something_new(
    database: Database, ticket: Ticket, agent: Agent, clock: StandingClock
) -> None:
    with database.write() as unit:
        learn.correct_tag(unit, unit.session.get_one(Ticket, ticket.pk), "refund", by=agent, added=True)
        unit.session.flush()
        assert versions.ask_nightly(unit) == []  # it is noon
    clock.advance(hours=15)
    with database.write() as unit:
        (asked,) = versions.ask_nightly(unit)
        asked.through = 10_000
        assert versions.claim(unit) is asked
        versions.finish(unit, asked, result(), "a")
    clock.advance(days=2)
    with database.write() as unit:
        assert versions.ask_nightly(unit) == []


def test_old_ones_lose_their_files(database: Database, brand: Brand, clock: StandingClock) -> None:
    for number in range(versions.KEPT + 3):
        with database.write() as unit:
            trained(unit, brand.pk, f"file {number}")
        clock.advance(days=1)
    with database.write() as unit:
        gone = versions.give_up_old(unit, brand.pk)
        assert sorted(gone) == ["file 0", "file 1"]
        assert versions.list_unnamed(unit, ["file 0", "file 5"]) == ["file 0"]


def test_nobody_gets_another_brands_version(database: Database, other_brand: Brand, access: Access) -> None:
    with database.write() as unit:
        key = versions.ask(unit, other_brand.pk, by=None).key
    with database.read() as unit, pytest.raises(NotFound):
        versions.get_version(unit, access, key)


def test_a_correction_tells_which_model_it_corrects(database: Database, ticket: Ticket, agent: Agent) -> None:
    with database.write() as unit:
        trained(unit, ticket.brand_id, "a")
        learn.correct_tag(unit, unit.session.get_one(Ticket, ticket.pk), "refund", by=agent, added=True)
    assert [one.model_version for one in rows(database, Correction)] == ["1"]
