"""Walks of buttons through questions and answers, as a widget's settings keep them.

{"key", "active", "titles", "start", "steps": {name: {"texts", "buttons": [{"labels", and one of "to": name,
"say": words, "open": "orders"|"chat", "url"}], "end": "answer"?}}}; words are by language. Older settings have a
whole flow for each language, or one language alone; `normal` reads them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from helpdesk.channels.chat.wording import in_all, pick
from helpdesk.i18n import LANGUAGES

Flow = Mapping[str, Any]
ANSWERED, OPENED, TICKET = "answered", "opened", "ticket"  # how a walk ends, beside the names of steps
OPENS = ("orders", "chat")
ENDS = ("say", "open", "url")


def normal(given: Any) -> dict[str, Any]:
    """Whatever it was told as; what is no flow at all is an empty one."""
    if not isinstance(given, Mapping):
        given = {}
    told = {language: given[language] for language in LANGUAGES if isinstance(given.get(language), Mapping)}
    if not told or "steps" in given:
        return _normal(given)
    first, *others = (_normal(one, language) for language, one in told.items())
    for other in others:
        _join(first, other)
    return first


def _normal(given: Flow, language: str = "") -> dict[str, Any]:
    languages = (language,) if language else LANGUAGES
    steps = given.get("steps")
    return {
        "key": str(given.get("key") or given.get("id") or ""),
        "active": given.get("active") is not False,
        "titles": in_all(given.get("titles") or given.get("title") or given.get("name"), languages),
        "start": str(given.get("start") or ""),
        "steps": {
            str(name): _step(step, languages)
            for name, step in (steps if isinstance(steps, Mapping) else {}).items()
            if isinstance(step, Mapping)
        },
    }


def _step(given: Mapping[str, Any], languages: tuple[str, ...]) -> dict[str, Any]:
    buttons = given.get("buttons")
    step: dict[str, Any] = {
        "texts": in_all(given.get("texts") or given.get("text"), languages),
        "buttons": [
            _button(one, languages)
            for one in (buttons if isinstance(buttons, list) else [])
            if isinstance(one, Mapping)
        ],
    }
    return step | {"end": "answer"} if given.get("end") == "answer" else step


def _button(given: Mapping[str, Any], languages: tuple[str, ...]) -> dict[str, Any]:
    button: dict[str, Any] = {"labels": in_all(given.get("labels") or given.get("label"), languages)}
    if given.get("say"):
        return button | {"say": in_all(given["say"], languages)}
    does = next((name for name in ("to", "open", "url") if given.get(name)), None)
    return button | {does: str(given[does])} if does else button


def _join(first: dict[str, Any], other: dict[str, Any]) -> None:
    """The words of another language, where that one has the same steps and buttons."""
    first["titles"] |= other["titles"]
    for name, step in other["steps"].items():
        own = first["steps"].setdefault(name, step)
        own["texts"] = own["texts"] | step["texts"]
        for mine, theirs in zip(own["buttons"], step["buttons"], strict=False):
            mine["labels"] = mine["labels"] | theirs["labels"]
            if "say" in mine and "say" in theirs:
                mine["say"] = mine["say"] | theirs["say"]


def told_all(given: Iterable[Flow], language: str) -> list[dict[str, Any]]:
    """Those that are switched on."""
    return [told(one, language) for one in map(normal, given) if one["active"]]


def told(flow: Flow, language: str) -> dict[str, Any]:
    """As the widget walks through it, in one language."""
    given = normal(flow)
    return {
        "key": given["key"],
        "title": pick(given["titles"], language),
        "start": given["start"],
        "steps": {name: _told_step(step, language) for name, step in given["steps"].items()},
    }


def _told_step(step: Mapping[str, Any], language: str) -> dict[str, Any]:
    said = {"text": pick(step["texts"], language)}
    buttons = [_told_button(one, language) for one in step["buttons"]]
    return said | ({"buttons": buttons} if buttons else {}) | ({"end": "answer"} if "end" in step else {})


def _told_button(button: Mapping[str, Any], language: str) -> dict[str, Any]:
    rest = {name: value for name, value in button.items() if name not in ("labels", "say")}
    said = {"say": pick(button["say"], language)} if "say" in button else {}
    return {"label": pick(button["labels"], language)} | said | rest


def knows(flow: Flow, step: str, before: str) -> bool:
    """Whether somebody can have come there from there."""
    steps = normal(flow)["steps"]
    if step == ANSWERED:
        return bool(steps.get(before, {}).get("end") == "answer")
    if step == OPENED:
        return any(button.keys() & {"open", "url"} for button in steps.get(before, {}).get("buttons", ()))
    return step in steps and (not before or before in steps)
