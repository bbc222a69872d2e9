"""GET /attachments/{key}: a file of a message, never run and never guessed at by the browser.

GET /messages/{key}/attachments.zip: all of a message's files at once.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

from sqlalchemy import select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from helpdesk.channels.email.mime.charset import decode
from helpdesk.errors import NotFound
from helpdesk.i18n import lazy
from helpdesk.inbox import reach
from helpdesk.inbox.file import FILMS, SOUNDS, TEXTS
from helpdesk.models import Attachment
from helpdesk.web import state

SAFE_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"})
PLAYED = frozenset({*SOUNDS, *FILMS})
PREVIEW = 300_000  # bytes of a text that are shown without downloading it
POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'none'; frame-ancestors 'self'"


def show(request: Request) -> Response:
    """`?inline=1` shows a picture or the beginning of a text in its place, plays a voice or a film.

    Everything else is downloaded, a PDF too: browsers show none in a sandbox, and outside of it it may run.
    """
    parts = state.parts(request)
    with parts.database.read() as unit:
        query = select(Attachment).where(col(Attachment.key) == request.path_params["key"])
        found = unit.session.scalars(query).first()
    if found is None:
        raise NotFound(lazy("there is no such file"))
    state.access(request).require_brand(found.brand_id)
    wanted = request.query_params.get("inline") == "1"
    if wanted and found.content_type.lower() in PLAYED:
        return _played(request, parts.files.path(found.sha256), found)
    return answer(parts.files.get(found.sha256), found.name, found.content_type, inline=wanted)


def _played(request: Request, path: Path, found: Attachment) -> Response:
    """In the pieces that a player asks for, so that one can jump to the end of a long recording."""
    if not path.is_file():
        raise NotFound(lazy("this file is gone from the store; restore it from a backup"))
    headers = {
        "Content-Disposition": disposition(found.name or "file", inline=True),
        "Content-Security-Policy": POLICY,
        "Cache-Control": "private, max-age=86400, immutable",
    }
    return FileResponse(path, media_type=found.content_type.lower(), headers=headers)


def answer(content: bytes, name: str, kind: str, *, inline: bool) -> Response:
    """The bytes; a picture or a text in its place when `inline`, everything else for download."""
    image, readable = kind.lower() in SAFE_IMAGES, inline and kind.lower().startswith(TEXTS)
    if readable:
        content, shown = decode(first_lines(content, PREVIEW)).text.encode(), "text/plain; charset=utf-8"
    else:
        shown = kind.lower() if image else "application/octet-stream"
    headers = {
        "Content-Type": shown,
        "Content-Disposition": disposition(name or "file", inline=inline and (image or readable)),
        "Content-Security-Policy": POLICY,
        "X-Frame-Options": "SAMEORIGIN",
        "Cache-Control": "private, max-age=86400, immutable",
    }
    return Response(content, headers=headers)


def archive(request: Request) -> Response:
    """The files under their own names; two of the same name are told apart by a number."""
    parts = state.parts(request)
    with parts.database.read() as unit:
        message = reach.get_message(unit, state.access(request), request.path_params["key"])
        query = (
            select(Attachment).where(col(Attachment.message_id) == message.pk).order_by(col(Attachment.id))
        )
        found = unit.session.scalars(query).all()
    if not found:
        raise NotFound(lazy("this message has no files"))
    packed, names = BytesIO(), set[str]()
    with ZipFile(packed, "w") as archive:
        for one in found:
            archive.writestr(_free_name(one.name or "file", names), parts.files.get(one.sha256))
    headers = {"Content-Disposition": disposition(f"{message.key}.zip"), "Content-Security-Policy": POLICY}
    return Response(packed.getvalue(), media_type="application/zip", headers=headers)


def _free_name(name: str, taken: set[str]) -> str:
    """Without any path, and unlike those taken, which it joins."""
    plain = "".join(c for c in name if c.isprintable() and c not in '/\\:*?"<>|').strip(". ") or "file"
    stem, dot, ending = plain.rpartition(".")
    free, number = plain, 2
    while free.casefold() in taken:
        free = f"{stem} ({number}).{ending}" if dot else f"{plain} ({number})"
        number += 1
    taken.add(free.casefold())
    return free


def first_lines(content: bytes, most: int) -> bytes:
    """Cut between lines, so that no character is torn."""
    return content if len(content) <= most else content[:most].rpartition(b"\n")[0] or content[:most]


def disposition(name: str, *, inline: bool = False) -> str:
    """RFC 6266: an ASCII name for old browsers, the real one in UTF-8."""
    tidy = "".join(c for c in name if c.isprintable() and c not in '/\\"')[:200] or "file"
    ascii_name = tidy.encode("ascii", "replace").decode().replace("?", "_")
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(tidy, safe='')}"
