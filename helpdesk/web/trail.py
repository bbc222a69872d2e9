"""What a handler writes into the audit log: who and from where come from the request."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from helpdesk.models import Agent
from helpdesk.people import audit
from helpdesk.store.db import Unit
from helpdesk.web import state


def note(
    request: Request,
    unit: Unit,
    event: str,
    /,
    *,
    by: Agent | None = None,
    brand_id: int | None = None,
    **data: Any,
) -> None:
    """`by` only where nobody is signed in yet."""
    address = request.client.host if request.client else ""
    by = by or state.find_agent(request)
    audit.record(unit, event, by=by, address=address, brand_id=brand_id, data=data)
