"""GET /messages/{key}/frame: a customer's HTML mail as a document of its own that can run and load nothing.

Remote images tell the sender that the mail was read, so they wait until asked for: with `?images=1` for this mail,
or for good where the agent has said so of the sender.
"""

from __future__ import annotations

import re

from markupsafe import Markup
from sqlalchemy import select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from helpdesk.channels.email.mime import show_remote
from helpdesk.customers.private_numbers import hide, hide_in_html
from helpdesk.inbox import reach
from helpdesk.models import Attachment
from helpdesk.people import brands, trusted
from helpdesk.web import render, state

CID = re.compile(r"""(\bsrc\s*=\s*["'])cid:([^"']+)(["'])""", re.I)
# A mail that chooses colours is written for white paper; any other can take those of the reader's theme.
COLOURED = re.compile(r"\bbgcolor|\bbackground|[\s;\"']color\s*[:=]|<table", re.I)


def frame(request: Request) -> Response:
    with state.parts(request).database.read() as unit:
        message = reach.get_message(unit, state.access(request), request.path_params["key"])
        files = unit.session.scalars(select(Attachment).where(col(Attachment.message_id) == message.pk)).all()
        hidden = brands.get_by_id(unit, message.brand_id).hide_numbers
    images = request.query_params.get("images") == "1" or trusted.sends_images(
        state.agent(request), str(message.sender.get("address", ""))
    )
    stored = hide_in_html(message.html or "") if hidden else message.html or ""
    words = hide(message.text) if hidden else message.text
    body = _with_images(show_remote(stored) if images else stored, list(files))
    safe = Markup(body)  # noqa: S704 sanitised at intake
    paper = bool(COLOURED.search(stored))
    html = render.text(request, "agent/message/frame.html", body=safe, text=words, paper=paper)
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
    """cid: addresses (RFC 2392) become those of the attachments; one that is not there leaves its words alone."""
    keys = {one.content_id.strip("<>"): one.key for one in files if one.content_id}

    def address(found: re.Match[str]) -> str:
        key = keys.get(found[2].strip())
        return f"{found[1]}/attachments/{key}?inline=1{found[3]}" if key else ""

    return CID.sub(address, html)
