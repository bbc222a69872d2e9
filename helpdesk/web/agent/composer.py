"""`/tickets/{key}/composer`: what the composer has to know before it can offer kinds, people and times."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk import i18n
from helpdesk.inbox import envelope, reach
from helpdesk.models import Agent
from helpdesk.web import state

MORNING = 9  # o'clock, where the agent is
SOON = timedelta(hours=2)
LAST_HOUR = 20  # nobody wants an answer in the night
MONDAY = 0


def show(request: Request) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, access, request.path_params["key"])
        found = envelope.of(unit, ticket, unit.session.get_one(Agent, access.agent_id))
        now = unit.now
    local = i18n.local(now)
    times = [{"at": _written(one), "words": i18n.moment(one, now)} for one in plan_times(local)]
    return JSONResponse(asdict(found) | {"times": times, "now": _written(local)})


def plan_times(now: datetime) -> list[datetime]:
    """In two hours while it is day, tomorrow morning, Monday morning."""
    soon = (now + SOON).replace(minute=0, second=0, microsecond=0)
    tomorrow = (now + timedelta(days=1)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    monday = tomorrow + timedelta(days=(MONDAY - tomorrow.weekday()) % 7)
    during_the_day = soon.date() == now.date() and MORNING <= soon.hour <= LAST_HOUR
    return [*([soon] if during_the_day else []), *dict.fromkeys((tomorrow, monday))]


def _written(moment: datetime) -> str:
    """As <input type=datetime-local> takes it."""
    return moment.strftime("%Y-%m-%dT%H:%M")
