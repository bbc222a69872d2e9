"""/settings/widgets/{key}/flows: walks of buttons, one by one and as a file."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.channels.chat import flow_check, flows
from helpdesk.channels.chat.wording import pick
from helpdesk.errors import Invalid, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.i18n import language, lazy
from helpdesk.web import forms, render
from helpdesk.web.agent.attachment import disposition
from helpdesk.web.agent.settings.widgets import flow_form, frame
from helpdesk.web.agent.settings.widgets.frame import Opened

MOST = 20
LARGEST = 500_000  # bytes of an imported file
BLANK: dict[str, Any] = {"texts": {}, "buttons": []}


def index(request: Request, status: int = 200, *, problems: list[str] | None = None) -> Response:
    opened = frame.open_one(request)
    found = _all(opened)
    return frame.page(
        request,
        "flows",
        opened,
        status,
        flows=[(flow, pick(flow["titles"], language())) for flow in found],
        problems=problems or [],
        full=len(found) >= MOST,
    )


def create(request: Request) -> Response:
    """A flow with its title and its first step, to be filled in."""
    form, opened = forms.of(request), frame.open_one(request)
    title = form.text("title", most=120, required=True)
    found = _all(opened)
    if not form or len(found) >= MOST:
        return index(request, 422)
    key = _free({flow["key"] for flow in found})
    flow = {
        "key": key,
        "active": False,
        "titles": {language(): title},
        "start": "start",
        "steps": {"start": BLANK},
    }
    _save(request, [*found, flow], f"flow {key}")
    return render.redirect(request, f"{opened.path}/flows/{key}")


def show(request: Request) -> Response:
    """What is missing is told of one that was saved unfinished."""
    opened = frame.open_one(request)
    flow = _get(opened, request.path_params["flow"])
    new = flow["steps"] == {"start": BLANK}
    return _editor(request, opened, flow, problems=[] if new else flow_check.problems(flow))


def update(request: Request) -> Response:
    """Saved when it can be walked through or is switched off; other buttons show the form with their change."""
    form, opened = forms.of(request), frame.open_one(request)
    known = _get(opened, request.path_params["flow"])
    flow = flow_form.read(form, key=known["key"])
    if form.value("do", "save") != "save":
        form.errors.clear()
        return _editor(request, opened, flow)
    problems = flow_check.problems(flow)
    if not form or (problems and flow["active"]):
        return _editor(request, opened, flow, 422, problems=[*form.errors.values(), *problems])
    _save(
        request, [flow if one["key"] == flow["key"] else one for one in _all(opened)], f"flow {flow['key']}"
    )
    return render.redirect(request, f"{opened.path}/flows/{flow['key']}", notice=_("The flow is saved."))


def destroy(request: Request) -> Response:
    opened = frame.open_one(request)
    gone = _get(opened, request.path_params["flow"])["key"]
    _save(request, [one for one in _all(opened) if one["key"] != gone], f"flow {gone}")
    return render.redirect(
        request, f"{opened.path}/flows", notice=_("The flow is deleted; its numbers stay.")
    )


def export(request: Request) -> Response:
    opened = frame.open_one(request)
    content = json.dumps({"flows": _all(opened)}, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": disposition(f"flows-{opened.account.key}.json")}
    return Response(content.encode(), media_type="application/json", headers=headers)


def take_in(request: Request) -> Response:
    """All of the file or nothing; a flow of the same key is replaced."""
    opened = frame.open_one(request)
    try:
        given = _read_file(forms.of(request))
    except Invalid as error:
        forms.of(request).reject(error)
        return index(request, 422)
    problems = [
        f"{pick(flow['titles'], language()) or flow['key']}: {one}"
        for flow in given
        for one in flow_check.problems(flow)
    ]
    kept = {flow["key"]: flow for flow in [*_all(opened), *given]}
    if len(kept) > MOST:
        problems.append(_("A widget may have %(most)s flows.", most=MOST))
    if problems:
        return index(request, 422, problems=problems)
    _save(request, list(kept.values()), "flows")
    return render.redirect(request, f"{opened.path}/flows", notice=_("The flows are taken in."))


def _read_file(form: forms.Form) -> list[dict[str, Any]]:
    """Raises Invalid."""
    uploads = form.files("file")
    content = uploads[0].file.read(LARGEST) if uploads else form.value("json").encode()
    try:
        given = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Invalid(lazy("this is no JSON; choose a file that was saved here"), field="file") from error
    if isinstance(given, dict):
        given = given.get("flows", [given])
    if not isinstance(given, list) or not given:
        raise Invalid(lazy("there are no flows in this file"), field="file")
    return [flows.normal(one) for one in given[: MOST + 1]]


def _editor(
    request: Request,
    opened: Opened,
    flow: dict[str, Any],
    status: int = 200,
    *,
    problems: list[str] | None = None,
) -> Response:
    return frame.page(
        request,
        "flow",
        opened,
        status,
        flow=flow,
        goes=flow_form.goes,
        title=pick(flow["titles"], language()) or flow["key"],
        problems=problems or [],
        most_steps=flow_check.MOST_STEPS,
        most_buttons=flow_check.MOST_BUTTONS,
    )


def _all(opened: Opened) -> list[dict[str, Any]]:
    return [flows.normal(one) for one in opened.config.flows]


def _get(opened: Opened, key: str) -> dict[str, Any]:
    found = next((one for one in _all(opened) if one["key"] == key), None)
    if found is None:
        raise NotFound(lazy("there is no such flow"))
    return found


def _save(request: Request, found: list[dict[str, Any]], what: str) -> None:
    frame.save(request, what, {"flows": found})


def _free(taken: set[str]) -> str:
    return next(key for number in range(1, len(taken) + 2) if (key := f"flow-{number}") not in taken)
