"""GET /widget.js and /widget/{digest}/{name}: the chat widget's own files, for the pages of any shop.

Nothing in them is private, so every origin may read them. The loader names the digest of the others and is
asked for again after a few minutes; they are kept for ever.
"""

from __future__ import annotations

import hashlib
from functools import cache

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.web import assets, bundle
from helpdesk.web.static import FOR_EVER

LOADER = "loader.js"
SHORT = "public, max-age=300, stale-while-revalidate=86400"
ANYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Timing-Allow-Origin": "*",
}


def loader(request: Request) -> Response:
    """What the shop's tag loads."""
    content, tag = _loader()
    headers = {**ANYWHERE, "Cache-Control": SHORT, "ETag": tag}
    if request.headers.get("if-none-match", "").removeprefix("W/") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, headers={**headers, "Content-Type": "text/javascript; charset=utf-8"})


def show(request: Request) -> Response:
    """A module or the style sheet; an address of an older version answers with the present one, not to be kept."""
    name = request.path_params["name"]
    found = assets.find(f"{place()}/{name}") if name.endswith((".js", ".css")) else None
    if found is None:
        raise HTTPException(404)
    content, kind = found
    fresh = request.path_params["digest"] == assets.digest()
    return Response(
        content,
        headers={**ANYWHERE, "Content-Type": kind, "Cache-Control": FOR_EVER if fresh else "no-cache"},
    )


@cache
def place() -> str:
    """The folder of static files that the widget is served from; decided once for each process."""
    return bundle.MADE if bundle.is_fresh(assets.folder("static")) else bundle.SOURCES


@cache
def _loader() -> tuple[bytes, str]:
    found = assets.find(f"{place()}/{LOADER}")
    if found is None:
        raise HTTPException(404)
    content = found[0].replace(b"DIGEST", assets.digest().encode())
    return content, f'"{hashlib.sha256(content).hexdigest()[:16]}"'
