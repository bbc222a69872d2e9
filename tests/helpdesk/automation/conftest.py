"""A worker for jobs over many tickets, driven by hand."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.access import Access
from helpdesk.automation import bulk
from helpdesk.automation.bulk import Bulk
from helpdesk.models import BulkJob, Ticket
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from tests.helpdesk.automation.jobs import CATALOG, Start


@pytest.fixture
def worker(database: Database, files: Files) -> Bulk:
    return Bulk(database, files, CATALOG)


@pytest.fixture
def start(database: Database, access: Access) -> Start:
    """start("close", tickets, tag="x") plans a job of `agent`."""

    def start(action: str, tickets: list[Ticket], **params: Any) -> BulkJob:
        with database.write() as unit:
            ids = [ticket.pk for ticket in tickets]
            return bulk.plan(unit, access, action=action, params=params, ticket_ids=ids, catalog=CATALOG)

    return start
