"""POST /articles/{key}/pictures: a picture for the text that is being written; JSON with its address."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.help import articles, body, pictures
from helpdesk.web import state
from helpdesk.web.agent.staged import TooLarge, read_file


def create(request: Request) -> Response:
    """201 with where it stands; 413 or 422 with the reason."""
    parts, key = state.parts(request), request.path_params["key"]
    try:
        name, kind, content = read_file(request)
        digest = parts.files.put(content) if kind in pictures.KINDS else ""
        with parts.database.write() as unit:
            article = articles.get_article(unit, state.access(request), key)
            file = pictures.add(unit, article, name=name, content_type=kind, size=len(content), sha256=digest)
    except Invalid as error:
        status = 413 if isinstance(error, TooLarge) else 422
        return JSONResponse({"error": i18n.told(error)}, status)
    return JSONResponse({"url": body.PICTURES + file.key, "name": file.name}, 201)
