"""`/tickets/{key}/files/…` and `/staged/{key}`: files that wait for the message they will go with."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.i18n import lazy
from helpdesk.models import StagedFile
from helpdesk.tickets import draft, staged
from helpdesk.web import forms, state
from helpdesk.web.agent import attachment
from helpdesk.web.agent.acting import acting

BYTES = "application/octet-stream"
NO_FILE = lazy("choose a file first")
TOO_LARGE = lazy("%(file)s is larger than %(most)s MB; send a smaller file")
NO_IMAGE = lazy("only a picture (PNG, JPEG, GIF, WebP) can stand in the text; attach other files")


class TooLarge(Invalid):
    """The file is above the limit of the settings."""


def create(request: Request) -> Response:
    """201 with what the composer shows of it; 413 or 422 with the reason."""
    mode = draft.read_mode(request.path_params["mode"])
    try:
        name, kind, content = read_file(request)
        inline = forms.of(request).flag("inline")
        if inline and kind not in attachment.SAFE_IMAGES:
            raise Invalid(NO_IMAGE, field="file")
        digest = state.parts(request).files.put(content)
        with acting(request) as at:
            facts: dict[str, Any] = {"name": name, "content_type": kind, "size": len(content)}
            file = staged.add(
                at.unit, at.ticket, agent_id=at.by.pk, mode=mode, sha256=digest, inline=inline, **facts
            )
    except Invalid as error:
        status = 413 if isinstance(error, TooLarge) else 422
        return JSONResponse({"error": i18n.told(error)}, status_code=status)
    return JSONResponse(described(file), status_code=201)


def destroy(request: Request) -> Response:
    with acting(request) as at:
        staged.remove(at.unit, at.by.pk, at.ticket.pk, request.path_params["file"])
    return Response(status_code=204)


def show(request: Request) -> Response:
    """A picture in its place, to the one who uploaded it; every other kind is downloaded."""
    parts = state.parts(request)
    with parts.database.read() as unit:
        file = staged.get_file(unit, state.access(request).agent_id, request.path_params["key"])
    state.access(request).require_brand(file.brand_id)
    return attachment.answer(parts.files.get(file.sha256), file.name, file.content_type, inline=True)


def described(file: StagedFile) -> dict[str, Any]:
    return {
        "key": file.key,
        "name": file.name,
        "size": file.size,
        "content_type": file.content_type,
        "inline": file.inline,
        "url": f"/staged/{file.key}",
    }


def read_file(request: Request) -> tuple[str, str, bytes]:
    """Name, kind and bytes of the one file; never more than the limit is held in memory."""
    most = state.parts(request).settings.max_upload_mb
    found = forms.of(request).files("file")
    if not found:
        raise Invalid(NO_FILE, field="file")
    with found[0].file as opened:
        content = opened.read(most * 1_000_000 + 1)
    name = (found[0].filename or "file").replace("\x00", "")
    if len(content) > most * 1_000_000:
        raise TooLarge(TOO_LARGE, field="file", file=name, most=most)
    return name, (found[0].content_type or BYTES).replace("\x00", "").lower(), content
