"""`/tickets/{key}/fields/{name}`: one of the brand's own fields, filled in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.tickets import fields
from helpdesk.web import forms
from helpdesk.web.agent import answer
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting
from helpdesk.web.agent.status import missing


def update(request: Request) -> Response:
    """`value` as it was typed; empty takes it away. A wrong one comes back with the reason."""
    form = forms.of(request)
    try:
        with acting(request) as at:
            field = fields.get_field(at.unit, at.ticket.brand_id, request.path_params["name"])
            changed = fields.set_value(at.unit, at.ticket, field, form.value("value"), by=at.by)
            undo = answer.undo_of(request, at) if changed else None
            label = fields.label(field)
    except Invalid as error:
        return missing(request, error)
    notice = _("%(field)s saved.", field=label) if changed else ""
    return page.changed(request, notice=notice, undo=undo)
