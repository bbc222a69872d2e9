"""GET /assets/{digest}/{path}: our own files, to be kept for ever by browsers."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.web import assets

FOR_EVER = "public, max-age=31536000, immutable"


def show(request: Request) -> Response:
    found = assets.find(request.path_params["path"])
    if found is None:
        raise HTTPException(404)
    content, kind = found
    fresh = request.path_params["digest"] == assets.digest()
    return Response(
        content, headers={"Content-Type": kind, "Cache-Control": FOR_EVER if fresh else "no-cache"}
    )
