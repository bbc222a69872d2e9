"""`/bulk`: one action on many tickets of the list; its progress, what went wrong, and the way back."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.access import Access
from helpdesk.automation import bulk
from helpdesk.errors import Invalid, fill
from helpdesk.i18n import gettext as _
from helpdesk.i18n import language, lazy, ngettext
from helpdesk.inbox import choices, filter, listing, reach
from helpdesk.inbox.tagging import read_book
from helpdesk.models import Agent, BulkJob, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import snooze
from helpdesk.web import forms, render, state

UNDO_SECONDS = 30
DONE = {
    "assign": lazy("Assigning"),
    "close": lazy("Closing"),
    "reopen": lazy("Reopening"),
    "spam": lazy("Marking as spam"),
    "snooze": lazy("Snoozing"),
    "add_tag": lazy("Adding the tag"),
    "remove_tag": lazy("Removing the tag"),
    "macro": lazy("Answering with the macro"),
    "merge": lazy("Merging"),
}
STATES = {
    "queued": lazy("Under way"),
    "done": lazy("Done"),
    "undoing": lazy("Being undone"),
    "undone": lazy("Undone"),
    "failed": lazy("Given up"),
}
SHOWN_FAILURES = 200


def index(request: Request) -> Response:
    """What this agent did to many tickets lately."""
    mine = select(BulkJob).where(BulkJob.agent_id == state.access(request).agent_id)
    with state.parts(request).database.read() as unit:
        jobs = unit.session.exec(mine.order_by(col(BulkJob.id).desc()).limit(30)).all()
    return render.page(request, "agent/bulk/index.html", jobs=[job_context(job) for job in jobs])


def create(request: Request) -> Response:
    """`ticket` names the chosen rows; with `everything` the filter's whole list is meant, up to a bound."""
    form, access, parts = forms.of(request), state.access(request), state.parts(request)
    action = form.value("action")
    with parts.database.write() as unit:
        job = bulk.plan(
            unit,
            access,
            action=action,
            params=_params(unit, request, action),
            ticket_ids=_tickets(unit, access, form),
            catalog=parts.catalog,
        )
    return _answer(request, job)


def show(request: Request) -> Response:
    """The job's page, which asks again while the job runs; `watched` is the inbox, told once when it ended."""
    with state.parts(request).database.read() as unit:
        job = bulk.get(unit, state.access(request), request.path_params["key"])
    context: dict[str, Any] = {"job": job_context(job)}
    if not request.query_params.get("watched"):
        return render.page(request, "agent/bulk/show.html", block="job", **context)
    response = render.fragment(request, "agent/bulk/_progress.html", **context)
    if job.state not in bulk.RUNNING:
        response.headers["HX-Trigger"] = json.dumps(_news(job))
    return response


def undo(request: Request) -> Response:
    access = state.access(request)
    with state.parts(request).database.write() as unit:
        job = bulk.get(unit, access, request.path_params["key"])
        bulk.undo(unit, access, job)
    return _answer(request, job)


def menu(request: Request) -> Response:
    """The choices of one of the bar's menus: colleagues, tags, times or macros."""
    name = request.path_params["menu"]
    access, parts = state.access(request), state.parts(request)
    context: dict[str, Any] = {"menu": name, "options": []}
    if name == "macro":
        sending = [one for one in parts.catalog if not any(action.confirm for action in one.actions)]
        context["options"] = sorted((one.title(language()), one.key) for one in sending)
    else:
        with parts.database.read() as unit:
            context["options"] = _options(unit, access, name, state.agent(request))
    return render.fragment(request, "agent/bulk/_menu.html", **context)


def count(request: Request) -> Response:
    """How many tickets "all that match" would be."""
    chosen = filter.parse(request.query_params)
    with state.parts(request).database.read() as unit:
        found = listing.count(unit, state.access(request), chosen, most=bulk.MOST + 1)
    return render.fragment(
        request, "agent/bulk/_everything.html", count=min(found, bulk.MOST), more=found > bulk.MOST
    )


def job_context(job: BulkJob) -> dict[str, Any]:
    total = len(job.ticket_ids)
    backwards = job.state in ("undoing", "undone")
    done = job.changed - len(job.undo) if backwards else job.done
    return {
        "key": job.key,
        "words": _(DONE[job.action]),
        "state": job.state,
        "said": _(STATES[job.state]),
        "running": job.state in bulk.RUNNING,
        "total": job.changed if backwards else total,
        "done": done,
        "changed": job.changed,
        "same": max(0, job.done - job.changed - sum(not one.get("undo") for one in job.failures)),
        "failures": [_failure(one) for one in job.failures[:SHOWN_FAILURES]],
        "failed": len(job.failures),
        "undo": bool(job.undo) and job.state in ("done", "queued"),
        "created_at": job.created_at,
    }


def _failure(one: dict[str, Any]) -> dict[str, Any]:
    template = str(one["reason"])
    return {"key": one["key"], "number": one["number"], "reason": fill(_(template), one["data"])}


def _answer(request: Request, job: BulkJob) -> Response:
    if not render.wants_part(request):
        return render.redirect(request, f"/bulk/{job.key}")
    aside = (
        {} if request.headers.get("hx-target") == "bulk-progress" else {"aside": True}
    )  # a notice's button
    response = render.fragment(request, "agent/bulk/_progress.html", job=job_context(job), **aside)
    response.headers["HX-Trigger"] = json.dumps({"bulk-begun": True})
    return response


def _news(job: BulkJob) -> dict[str, Any]:
    """For the window that watched: the list anew, and one notice with the way back."""
    words = _(STATES[job.state])
    if job.state == "done":
        words = ngettext("%(num)s ticket changed.", "%(num)s tickets changed.", job.changed)
    notice: dict[str, Any] = {"text": words, "kind": "error" if job.state == "failed" else "ok"}
    if job.state == "done" and job.undo:
        notice["action"] = {"label": _("Undo"), "url": f"/bulk/{job.key}/undo", "seconds": UNDO_SECONDS}
    return {"inbox-changed": True, "bulk-ended": True, "notice": notice}


def _tickets(unit: Unit, access: Access, form: forms.Form) -> list[int]:
    if form.flag("everything"):
        chosen = filter.parse(dict(parse_qsl(form.value("filter").lstrip("?"))))
        found = listing.ids(unit, access, chosen, most=bulk.MOST + 1)
        return found[: bulk.MOST]
    keys = list(form.list("ticket"))
    wanted = select(Ticket.id, Ticket.key).where(
        col(Ticket.key).in_(keys), col(Ticket.brand_id).in_(access.brand_ids)
    )
    ids = {key: pk for pk, key in unit.session.exec(wanted)}
    return [pk for key in keys if (pk := ids.get(key))]


def _params(unit: Unit, request: Request, action: str) -> dict[str, Any]:
    """What the action needs beside its name, checked as far as it can be without the tickets."""
    form, by = forms.of(request), state.agent(request)
    if action == "assign":
        return {"agent": _agent(unit, state.access(request), form.value("agent"), by)}
    if action == "snooze":
        moment = snooze.decide_moment(form.text("until", most=20), now=unit.now, zone=by.timezone)
        return {"until": moment.isoformat()}
    if action in ("add_tag", "remove_tag"):
        return {"tag": form.text("tag", most=60)}
    return {"macro": form.value("macro")} if action == "macro" else {}


def _agent(unit: Unit, access: Access, wanted: str, by: Agent) -> int | None:
    if wanted in ("", "me"):
        return by.pk if wanted else None
    near = {one.key: one.pk for brand_id in access.brand_ids for one in reach.list_colleagues(unit, brand_id)}
    if wanted not in near:
        raise Invalid("this colleague does not work here any more; choose another one", field="agent")
    return near[wanted]


def _options(unit: Unit, access: Access, name: str, agent: Agent) -> list[tuple[str, str]]:
    """Words and value of each choice."""
    if name == "assign":
        people = choices.read(unit, access).colleagues
        others = [(person, key) for key, person in people.items() if key != agent.key]
        return [(_("Me"), "me"), *([(_("Nobody"), ""), *others] if access.may("assign") else [])]
    if name == "tags":
        labels = read_book(unit, access).labels()
        return sorted(((words, tag) for tag, words in labels.items()), key=lambda pair: pair[0].casefold())
    times = snooze.list_choices(now=unit.now, zone=agent.timezone)
    named = [*(choice for choice, _moment in times), "reply"]
    return [(_(SNOOZES[choice]), choice) for choice in named]


SNOOZES = {
    "later": lazy("In three hours"),
    "evening": lazy("This evening"),
    "tomorrow": lazy("Tomorrow morning"),
    "monday": lazy("Monday morning"),
    "next_week": lazy("In a week"),
    "reply": lazy("Until the customer writes"),
}
