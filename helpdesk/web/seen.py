"""POST /widget/seen: what came of campaigns and flows. No cookie, no visitor: it is only counted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.web.cross import Asking

LARGEST = 5_000  # bytes
MOST = 20  # in one request


async def create(asking: Asking) -> Response:
    """What no settings know is passed over: an older page may still talk of a campaign that is gone."""
    asking.require_quota("120/minute", "seen", asking.address)
    tally = asking.desk.tally
    for one in _entries(await _json(asking.request)):
        if "campaign" in one:
            tally.saw(asking.widget, _word(one, "campaign"), _word(one, "what"))
        elif "flow" in one:
            tally.walked(asking.widget, _word(one, "flow"), _word(one, "step"), _word(one, "before"))
    return Response(status_code=204)


async def _json(request: Request) -> Any:
    """Read as it comes: a beacon is sent as plain text, so that no browser asks ahead."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise HTTPException(413, _("that is too large"))
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Invalid("send a JSON object") from error


def _entries(given: Any) -> Iterator[Mapping[str, Any]]:
    seen = given.get("seen", [given]) if isinstance(given, dict) else given
    if not isinstance(seen, list):
        raise Invalid("send a JSON object")
    yield from (one for one in seen[:MOST] if isinstance(one, dict))


def _word(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return value[:60] if isinstance(value, str) else ""
