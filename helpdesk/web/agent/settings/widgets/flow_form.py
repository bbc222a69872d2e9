"""A flow as a form: steps s0_name, s0_text_ja, …, their buttons s0b1_label_ja, s0b1_goes, … in order."""

from __future__ import annotations

from typing import Any

from helpdesk.channels.chat.flow_check import LONGEST_LABEL, LONGEST_TEXT, MOST_BUTTONS, MOST_STEPS
from helpdesk.i18n import LANGUAGES
from helpdesk.web import forms
from helpdesk.web.agent.settings.widgets.rows import numbers

Step = dict[str, Any]
TO, OPEN, SAY, URL, NEW = "to:", "open:", "say", "url", "new"


def read(form: forms.Form, *, key: str) -> dict[str, Any]:
    """The flow in its normal form, as far as it has been filled in; `do` adds, drops and moves."""
    what, _colon, at = form.value("do", "save").partition(":")
    rows = {number: _step(form, number, drop=at if what == "drop_button" else "") for number in _steps(form)}
    start = rows.get(form.integer("start", most=MOST_STEPS * 10))
    if what == "drop_step" and at.isdigit():
        rows.pop(int(at), None)
    steps = (
        _moved(rows, int(at), what)
        if what in ("up_step", "down_step") and at.isdigit()
        else list(rows.values())
    )
    _rename(steps)
    if what == "add_step" and len(steps) < MOST_STEPS:
        steps.append({"name": _free(steps), "texts": {}, "buttons": []})
    if what == "add_button" and at.isdigit() and (step := rows.get(int(at))):
        step["buttons"].append({"labels": {}})
    _make_new(steps)
    first = start if start in steps else next(iter(steps), None)
    return {
        "key": key,
        "active": form.flag("active"),
        "titles": _words(form, "title", 120),
        "start": first["name"] if first else "",
        "steps": {step["name"]: _plain(step) for step in steps},
    }


def _steps(form: forms.Form) -> list[int]:
    return numbers(form, "s", "name", MOST_STEPS)


def _step(form: forms.Form, number: int, *, drop: str) -> Step:
    at = f"s{number}"
    step: Step = {
        "name": form.value(f"{at}_name").strip().lower()[:40],
        "was": form.value(f"{at}_was"),
        "texts": _words(form, f"{at}_text", LONGEST_TEXT),
        "buttons": [
            _button(form, f"{at}b{one}")
            for one in numbers(form, f"{at}b", "goes", MOST_BUTTONS)
            if f"{number}.{one}" != drop
        ],
    }
    return step | ({"end": "answer"} if form.flag(f"{at}_end") else {})


def _button(form: forms.Form, at: str) -> dict[str, Any]:
    button: dict[str, Any] = {"labels": _words(form, f"{at}_label", LONGEST_LABEL)}
    goes = form.value(f"{at}_goes")
    if goes.startswith(TO):
        return button | {"to": goes.removeprefix(TO)}
    if goes.startswith(OPEN):
        return button | {"open": goes.removeprefix(OPEN)}
    if goes == SAY:
        return button | {"say": _words(form, f"{at}_say", LONGEST_TEXT)}
    return button | ({"url": form.value(f"{at}_url").strip()} if goes == URL else {NEW: goes == NEW})


def _words(form: forms.Form, name: str, most: int) -> dict[str, str]:
    given = {language: form.text(f"{name}_{language}", most=most, lines=True) for language in LANGUAGES}
    return {language: text for language, text in given.items() if text}


def _moved(rows: dict[int, Step], number: int, what: str) -> list[Step]:
    """One place up or down."""
    steps = list(rows.values())
    if number in rows:
        place = steps.index(rows[number])
        other = place + (1 if what == "down_step" else -1)
        if 0 <= other < len(steps):
            steps[place], steps[other] = steps[other], steps[place]
    return steps


def _rename(steps: list[Step]) -> None:
    """Buttons follow a step to its new name; two of the same name would be one."""
    taken: set[str] = set()
    for step in steps:
        if not step["name"] or step["name"] in taken:
            step["name"] = _free(steps)
        taken.add(step["name"])
    names = {step["was"]: step["name"] for step in steps if step.get("was")}
    for step in steps:
        for button in step["buttons"]:
            if "to" in button:
                button["to"] = names.get(button["to"], button["to"])


def _make_new(steps: list[Step]) -> None:
    """A button that leads to a new step gets one."""
    for step in list(steps):
        for button in step["buttons"]:
            if button.pop(NEW, False) and len(steps) < MOST_STEPS:
                steps.append({"name": _free(steps), "texts": {}, "buttons": []})
                button["to"] = steps[-1]["name"]


def _free(steps: list[Step]) -> str:
    names = {step["name"] for step in steps}
    return next(name for number in range(1, len(steps) + 2) if (name := f"step-{number}") not in names)


def _plain(step: Step) -> Step:
    return {name: value for name, value in step.items() if name not in ("name", "was")}


def goes(button: dict[str, Any]) -> str:
    """What the list beside the button shows as chosen."""
    for name, begin in (("to", TO), ("open", OPEN)):
        if name in button:
            return f"{begin}{button[name]}"
    return next((name for name in (SAY, URL) if name in button), "")
