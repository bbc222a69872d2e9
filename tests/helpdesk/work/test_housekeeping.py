"""Only what has ended is swept away."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from helpdesk.models import Agent, SignIn
from helpdesk.people import sign_in
from helpdesk.store.db import Database
from helpdesk.work.housekeeping import sweep
from tests.conftest import StandingClock


def test_ended_sign_ins_go_and_others_stay(database: Database, agent: Agent, clock: StandingClock) -> None:
    for days in (1, 14):
        with database.write() as unit:
            sign_in.start(unit, agent, user_agent="tests", days=days)
    clock.advance(days=2)
    assert sweep(database) == 1
    with database.read() as unit:
        (left,) = unit.session.exec(select(SignIn)).all()
    assert left.expires_at > clock.now + timedelta(days=10)
