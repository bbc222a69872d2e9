"""GET /attachments/{key}: a file of a message, never run and never guessed at by the browser."""

from __future__ import annotations

from urllib.parse import quote

from sqlalchemy import select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import NotFound
from helpdesk.i18n import lazy
from helpdesk.models import Attachment
from helpdesk.web import state

SAFE_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"})
POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'none'; frame-ancestors 'self'"


def show(request: Request) -> Response:
    """`?inline=1` shows an image in its place; everything else is downloaded."""
    parts = state.parts(request)
    with parts.database.read() as unit:
        query = select(Attachment).where(col(Attachment.key) == request.path_params["key"])
        found = unit.session.scalars(query).first()
    if found is None:
        raise NotFound(lazy("there is no such file"))
    state.access(request).require_brand(found.brand_id)
    image = found.content_type.lower() in SAFE_IMAGES
    inline = image and request.query_params.get("inline") == "1"
    headers = {
        "Content-Type": found.content_type.lower() if image else "application/octet-stream",
        "Content-Disposition": disposition(found.name or "file", inline=inline),
        "Content-Security-Policy": POLICY,
        "X-Frame-Options": "SAMEORIGIN",
        "Cache-Control": "private, max-age=86400, immutable",
    }
    return Response(parts.files.get(found.sha256), headers=headers)


def disposition(name: str, *, inline: bool = False) -> str:
    """RFC 6266: an ASCII name for old browsers, the real one in UTF-8."""
    tidy = "".join(c for c in name if c.isprintable() and c not in '/\\"')[:200] or "file"
    ascii_name = tidy.encode("ascii", "replace").decode().replace("?", "_")
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(tidy, safe='')}"
