"""One macro file to a Macro and back. Used by the catalog for files, and for macros a brand writes itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import yaml

from macros.errors import CatalogError, Problem
from macros.facts import ORDER_STATES
from macros.macro import ACTION_KINDS, LANGUAGES, STATUSES, Action, Frame, Macro, Texts
from macros.sandbox import problems_of

FIELDS = ("name", "description", "tags", "states", "priority", "subject", "body", "actions", "frame")
MAX_POINTS = 100_000
_PLAIN = Frame()


def parse(key: str, content: str, frame: Frame = _PLAIN, file: str = "") -> Macro:
    """The macro of a YAML text. Raises CatalogError with every problem found, not the first alone."""
    reading = _Reading(file or f"{key}.yaml")
    data = reading.mapping(content)
    macro = _macro(key, data, frame, reading)
    if reading.problems:
        raise CatalogError(reading.problems)
    return macro


def parse_frame(content: str, file: str) -> Frame:
    """Greeting and sign-off: the two templates `opening` and `closing` by language."""
    reading = _Reading(file)
    data = reading.mapping(content)
    reading.known(data, ("opening", "closing"))
    frame = Frame(reading.templates(data, "opening"), reading.templates(data, "closing"))
    if reading.problems:
        raise CatalogError(reading.problems)
    return frame


def dump(macro: Macro) -> str:
    """The YAML text that parses to the same macro."""
    data: dict[str, Any] = {"name": dict(macro.name)}
    if macro.description:
        data["description"] = dict(macro.description)
    data |= {"tags": list(macro.tags), "states": list(macro.states), "priority": macro.priority}
    if macro.subject:
        data["subject"] = dict(macro.subject)
    data |= {"actions": [_action_data(action) for action in macro.actions], "body": dict(macro.body)}
    if macro.frame == _PLAIN:
        data["frame"] = False
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)


def _macro(key: str, data: Mapping[str, Any], frame: Frame, reading: _Reading) -> Macro:
    reading.known(data, FIELDS)
    body = reading.templates(data, "body")
    if not body:
        reading.add("body", f"is empty; write it under at least one of {', '.join(LANGUAGES)}")
    name = reading.texts(data, "name")
    if not name:
        reading.add("name", f"is empty; write it under at least one of {', '.join(LANGUAGES)}")
    return Macro(
        key=key,
        name=name,
        body=body,
        description=reading.texts(data, "description"),
        subject=reading.templates(data, "subject"),
        tags=reading.words(data, "tags"),
        states=reading.words(data, "states", among=ORDER_STATES),
        priority=reading.integer(data, "priority"),
        actions=_actions(data.get("actions") or [], reading),
        frame=_PLAIN if data.get("frame") is False else frame,
    )


def _actions(found: Any, reading: _Reading) -> tuple[Action, ...]:
    if not isinstance(found, list):
        reading.add("actions", "must be a list, such as [{add_tag: late_delivery}]")
        return ()
    read = (_action(one, f"actions[{index}]", reading) for index, one in enumerate(found))
    actions = tuple(action for action in read if action)
    if sum(action.kind == "grant_points" for action in actions) > 1:
        reading.add("actions", "grant points once only")
    return actions


def _action(found: Any, where: str, reading: _Reading) -> Action | None:
    if not isinstance(found, dict) or len(found) != 1:
        reading.add(where, f"must be one of {', '.join(ACTION_KINDS)} with its value")
        return None
    [(kind, value)] = found.items()
    if kind == "grant_points":
        return _grant(value, where, reading)
    if kind not in ACTION_KINDS:
        reading.add(where, f"unknown action {kind}; use one of {', '.join(ACTION_KINDS)}")
    elif not isinstance(value, str) or not value.strip():
        reading.add(where, f"{kind} needs a word")
    elif kind == "status" and value not in STATUSES:
        reading.add(where, f"unknown status {value}; use one of {', '.join(STATUSES)}")
    else:
        return Action(kind, value)
    return None


def _grant(value: Any, where: str, reading: _Reading) -> Action | None:
    amount = value.get("amount") if isinstance(value, dict) else None
    reason = value.get("reason") if isinstance(value, dict) else None
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount <= MAX_POINTS:
        reading.add(where, f"grant_points needs an amount between 1 and {MAX_POINTS:,}")
    elif not isinstance(reason, str) or not reason.strip():
        reading.add(where, "grant_points needs a reason, such as late_delivery")
    else:
        return Action("grant_points", amount, reason)
    return None


def _action_data(action: Action) -> dict[str, Any]:
    if action.kind == "grant_points":
        return {action.kind: {"amount": action.value, "reason": action.reason}}
    return {action.kind: action.value}


class _Reading:
    """Takes typed values out of loose data and notes every problem with its field."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, field: str, what: str) -> None:
        self.problems.append(Problem(self.file, field, what))

    def mapping(self, content: str) -> Mapping[str, Any]:
        """The fields of the file; raises at once where there are none, as nothing more can be said then."""
        try:
            data = yaml.safe_load(content)
        except (yaml.YAMLError, RecursionError) as error:
            self.add("file", f"is not readable YAML: {' '.join(str(error).split())}")
            raise CatalogError(self.problems) from error
        if isinstance(data, dict):
            return {str(key): value for key, value in data.items()}
        self.add("file", "must hold fields such as name and body")
        raise CatalogError(self.problems)

    def known(self, data: Mapping[str, Any], names: tuple[str, ...]) -> None:
        for unknown in sorted(set(data).difference(names)):
            self.add(unknown, f"unknown field; use {', '.join(names)}")

    def templates(self, data: Mapping[str, Any], field: str) -> Texts:
        texts = self.texts(data, field)
        for lang, source in texts.items():
            for problem in problems_of(source):
                self.add(f"{field}.{lang}", problem)
        return texts

    def texts(self, data: Mapping[str, Any], field: str) -> Texts:
        found = data.get(field) or {}
        if not isinstance(found, dict):
            self.add(field, f"must be given by language ({', '.join(LANGUAGES)})")
            return MappingProxyType({})
        texts: dict[str, str] = {}
        for lang, text in found.items():
            if lang not in LANGUAGES:
                self.add(f"{field}.{lang}", f"unknown language; use {', '.join(LANGUAGES)}")
            elif not isinstance(text, str) or not text.strip():
                self.add(f"{field}.{lang}", "must be a text that is not empty")
            else:
                texts[lang] = text
        return MappingProxyType(texts)

    def words(self, data: Mapping[str, Any], field: str, among: tuple[str, ...] = ()) -> tuple[str, ...]:
        found = data.get(field) or []
        if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
            self.add(field, "must be a list of words")
            return ()
        for word in sorted(set(found).difference(among)) if among else ():
            self.add(field, f"unknown value {word}; use {', '.join(among)}")
        return tuple(found)

    def integer(self, data: Mapping[str, Any], field: str) -> int:
        found = data.get(field, 0)
        if isinstance(found, int) and not isinstance(found, bool) and -10 <= found <= 10:
            return found
        self.add(field, "must be a whole number from -10 to 10")
        return 0
