"""`helpdesk doctor` tells of channels that their provider refuses."""

from __future__ import annotations

from helpdesk.cli.doctor import examine
from helpdesk.models import AccountDuty, Brand, ChannelAccount
from helpdesk.settings import Settings
from helpdesk.store.db import Database


def test_a_channel_that_is_refused_is_bad_and_says_why(
    database: Database, brand: Brand, settings: Settings
) -> None:
    with database.write() as unit:
        accounts = [
            ChannelAccount(
                brand_id=brand.pk,
                kind=kind,
                address="A",
                state="ok",
                last_seen_at=unit.now,
                config={"quiet_days": 0},
                created_at=unit.now,
            )
            for kind in ("line", "x")
        ]
        unit.session.add_all(accounts)
        unit.session.flush()
        unit.session.add(
            AccountDuty(
                brand_id=brand.pk,
                account_id=accounts[0].pk,
                duty="check",
                standing="failing",
                text="LINE 401: Authentication failed",
                next_at=unit.now,
                created_at=unit.now,
            )
        )
    found = {one.name: one for one in examine(settings)}
    assert (found["line A"].good, found["x A"].good) == (False, True)
    assert "Authentication failed" in found["line A"].words
