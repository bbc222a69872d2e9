"""Merging, undoing, splitting off and putting back in any order leaves everything where its links say.

HELPDESK_SEQUENCES and HELPDESK_STEPS make it longer.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

import pytest

from helpdesk.customers.belongings import OWNED
from helpdesk.models import Brand
from helpdesk.store.db import Database
from tests.helpdesk.customers.links import World

SEQUENCES, STEPS = (
    int(os.environ.get(f"HELPDESK_{name}", n)) for name, n in (("SEQUENCES", 4), ("STEPS", 60))
)


@pytest.fixture
def world(database: Database, brand: Brand, clock: Any) -> Callable[[int], World]:
    return lambda seed: World(database, brand, clock, random.Random(seed))


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_any_sequence_equals_a_fresh_build_from_the_links(world: Callable[[int], World], seed: int) -> None:
    here = world(seed)
    here.happened()
    here.check()
    for step in range(STEPS):
        here.step()
        if step % 5 == 0 or step == STEPS - 1:
            here.check()


def test_all_that_a_customer_owns_is_known_to_the_merge() -> None:
    assert {"tickets", "messages", "events", "orders", "points_entries", "points_requests"} <= set(OWNED)
    assert {"visitors", "contacts", "identities"} <= set(OWNED)
