"""GET /messages/{key}/frame: a customer's HTML mail as a document of its own that can run and load nothing.

Remote images tell the sender that the mail was read, so they wait until asked for with `?images=1`.
"""

from __future__ import annotations

import re

from markupsafe import Markup
from sqlalchemy import select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from helpdesk.channels.email.mime import show_remote
from helpdesk.errors import NotFound
from helpdesk.i18n import lazy
from helpdesk.models import Attachment, Message
from helpdesk.web import render, state

CID = re.compile(r"""(\bsrc\s*=\s*["'])cid:([^"']+)(["'])""", re.I)


def frame(request: Request) -> Response:
    with state.parts(request).database.read() as unit:
        message = unit.session.scalars(
            select(Message).where(col(Message.key) == request.path_params["key"])
        ).first()
        if message is None:
            raise NotFound(lazy("there is no such message"))
        state.access(request).require_brand(message.brand_id)
        files = unit.session.scalars(select(Attachment).where(col(Attachment.message_id) == message.pk)).all()
    images = request.query_params.get("images") == "1"
    stored = message.html or ""
    body = _with_images(show_remote(stored) if images else stored, list(files))
    safe = Markup(body)  # noqa: S704 sanitised at intake
    html = render.text(request, "agent/message/frame.html", body=safe, text=message.text)
    return HTMLResponse(
        html,
        headers={
            "Content-Security-Policy": policy(images=images),
            "X-Frame-Options": "SAMEORIGIN",
            "Referrer-Policy": "no-referrer",
        },
    )


def policy(*, images: bool) -> str:
    """Styles stay because mail is laid out with them; they can load nothing either."""
    remote = " https: http:" if images else ""
    return (
        f"default-src 'none'; img-src 'self' data:{remote}; style-src 'self' 'unsafe-inline'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; "
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    )


def _with_images(html: str, files: list[Attachment]) -> str:
    """cid: addresses (RFC 2392) become those of the attachments."""
    keys = {one.content_id.strip("<>"): one.key for one in files if one.content_id}

    def address(found: re.Match[str]) -> str:
        key = keys.get(found[2].strip())
        return f"{found[1]}/attachments/{key}?inline=1{found[3]}" if key else found[0]

    return CID.sub(address, html)
