"""A field of the form that connects an account: where its value goes, what fits, and what is said about it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from helpdesk.i18n import lazy

ADDRESS, CONFIG, SECRET = "address", "config", "secret"
ANYTHING = r"\S.*"
WORD = r"\S{8,4000}"
DIGITS = r"\d{3,30}"
PHONE = r"\+[1-9]\d{6,14}"


@dataclass(frozen=True, slots=True)
class Field:
    """`shape` says in words what `pattern` (of the whole value) asks for."""

    name: str
    label: str
    help: str
    part: str = CONFIG
    required: bool = True
    rotates: bool = False  # the provider signs with it, so the old one is needed for a while
    pattern: str = ANYTHING
    shape: str = ""
    example: str = ""
    group: str = ""  # a heading above it
    folded: bool = False  # hardly anybody needs it
    options: tuple[tuple[str, str], ...] = ()  # what it may be, with words; the first is the usual
    flag: bool = False  # on or off

    def tidy(self, given: str) -> str:
        return _TIDY.get(self.pattern, str.strip)(given)

    def fits(self, value: str) -> bool:
        return re.fullmatch(self.pattern, value) is not None


@dataclass(frozen=True, slots=True)
class Setup:
    """One kind. `made` names the secret that is agreed on and that we make ourselves; `one_of` which are enough."""

    kind: str
    icon: str
    what: str
    fields: tuple[Field, ...]
    steps: tuple[str, ...]
    made: str = ""
    one_of: tuple[str, ...] = ()
    warning: str = ""
    named: str = lazy("To tell your accounts apart.")  # what its name is good for
    announce: str = ""  # what the button says that tells the provider, where it can be told
    by_number: bool = False  # a test goes to a number that is typed in
    told_by: str = (
        ""  # the config in which our own address stands, where the provider is told it with each message
    )

    def of(self, *parts: str) -> list[Field]:
        return [one for one in self.fields if one.part in parts]

    @property
    def rotating(self) -> Collection[str]:
        return frozenset(one.name for one in self.fields if one.rotates)

    @property
    def secrets(self) -> list[str]:
        return [one.name for one in self.fields if one.part == SECRET]


def _number(given: str) -> str:
    """Without the signs that people put between digits."""
    return re.sub(r"[\s().\-‐–]", "", given)


def _line_id(given: str) -> str:
    plain = given.strip().lower()
    return plain if plain.startswith("@") or not plain else f"@{plain}"


def _name(given: str) -> str:
    return given.strip().removeprefix("@").lower()


def _base(given: str) -> str:
    return given.strip().rstrip("/")


LINE_ID = r"@[a-z0-9._-]{2,40}"
USERNAME = r"[a-z0-9_]{3,40}"
BASE = r"https?://[^\s/?#]+(/[^\s?#]*)?"
_TIDY = {PHONE: _number, LINE_ID: _line_id, USERNAME: _name, BASE: _base}

API = Field(
    "api_base",
    lazy("Address of the provider's interface"),
    lazy("Empty: the provider's own. Another one for a test server or a relay of your own."),
    required=False,
    pattern=BASE,
    shape=lazy("an address such as https://api.example.com"),
    folded=True,
)
MARK_READ = Field(
    "mark_read",
    lazy("Show customers that their message was read"),
    lazy("As soon as an agent opens the ticket."),
    required=False,
    flag=True,
)
VERSION = Field(
    "api_version",
    lazy("Version of the Graph API"),
    lazy("Empty: the one this helpdesk was written for."),
    required=False,
    pattern=r"v\d{1,3}\.\d{1,2}",
    shape=lazy("for example v25.0"),
    folded=True,
)
