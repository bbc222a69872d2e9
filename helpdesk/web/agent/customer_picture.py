"""GET /customers/{key}/picture: how a customer shows themselves at a provider, from our own store."""

from __future__ import annotations

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.channels.sniff import sniff
from helpdesk.errors import NotFound
from helpdesk.i18n import lazy
from helpdesk.inbox import reach
from helpdesk.models import Contact
from helpdesk.web import state
from helpdesk.web.agent import attachment

KEPT = (
    "private, max-age=300"  # the address stays while people change how they look, or take their picture away
)


def show(request: Request) -> Response:
    """The newest, where several channels have one."""
    parts = state.parts(request)
    with parts.database.read() as unit:
        customer = reach.get_customer(unit, state.access(request), request.path_params["key"])
        pictures = select(Contact.picture).where(Contact.customer_id == customer.pk, Contact.picture != "")
        found = unit.session.exec(pictures.order_by(col(Contact.profile_at).desc(), col(Contact.id))).first()
    if found is None:
        raise NotFound(lazy("there is no picture of this customer"))
    there = {"ETag": f'"{found}"', "Cache-Control": KEPT}
    if request.headers.get("if-none-match") == there["ETag"]:
        return Response(status_code=304, headers=there)
    content = parts.files.get(found)
    answer = attachment.answer(content, "picture", sniff(content), inline=True)
    answer.headers.update(there)
    return answer
