"""What a macro is: one answer in one or more languages, and what happens to the ticket when it is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

ActionKind = Literal["add_tag", "remove_tag", "status", "assign", "grant_points"]
ACTION_KINDS: tuple[ActionKind, ...] = get_args(ActionKind)
STATUSES = ("open", "pending", "closed")
LANGUAGES = ("ja", "en")

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do when the reply is sent; `value` is a tag, status, assignee or number of points."""

    kind: ActionKind
    value: str | int
    reason: str | None = None

    @property
    def confirm(self) -> bool:
        """Whether the agent has to say yes first: giving value away always asks."""
        return self.kind == "grant_points"


@dataclass(frozen=True, slots=True)
class Frame:
    """Greeting and sign-off that stand around the body, per language."""

    opening: Texts = field(default_factory=dict)
    closing: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Macro:
    """One canned answer. `body` and `subject` are templates by language; the first tag is the main one."""

    key: str
    name: Texts = field(hash=False)
    body: Texts = field(hash=False)
    description: Texts = field(default_factory=dict, hash=False)
    subject: Texts = field(default_factory=dict, hash=False)
    tags: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    priority: int = 0
    actions: tuple[Action, ...] = ()
    frame: Frame = field(default_factory=Frame, hash=False)

    @cached_property
    def version(self) -> str:
        """Twelve hex digits that change whenever what the customer gets or what is done changes."""
        texts = (self.body, self.subject, self.frame.opening, self.frame.closing)
        actions = [[action.kind, action.value, action.reason] for action in self.actions]
        said = [*(dict(text) for text in texts), actions]
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]

    def language_for(self, lang: str) -> str:
        """The language to write in: the wanted one (ja-JP is ja), else English, else the one there is."""
        wanted = lang.lower().partition("-")[0]
        return next((one for one in (wanted, "en") if one in self.body), next(iter(self.body)))

    def title(self, lang: str) -> str:
        return self.name.get(lang) or self.name.get("en") or next(iter(self.name.values()), self.key)

    def template(self, lang: str) -> str:
        """Opening, body and closing as one template."""
        parts = (self.frame.opening.get(lang, ""), self.body[lang], self.frame.closing.get(lang, ""))
        return "\n".join(part.strip("\n") for part in parts if part.strip())
