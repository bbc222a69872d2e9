"""From stories to calls: who does what when, on which channel; if asked for also twice and in disorder."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from helpdesk.errors import NotFound
from helpdesk.simulate.vendors import VENDORS, Deed, Request

ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Target:
    """An account of the running helpdesk. `secrets` sign; `account` is its name at the provider."""

    vendor: str
    url: str
    account: str
    secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """A call that is due at `at`."""

    target: Target
    deed: Deed
    again: bool = False

    def request(self) -> Request:
        return VENDORS[self.target.vendor](
            self.deed, self.target.secrets, self.target.account, again=self.again, url=self.target.url
        )


def stories(only: str = "") -> list[dict[str, Any]]:
    """Raises NotFound for a name that no story has."""
    read: list[dict[str, Any]] = yaml.safe_load(
        (Path(__file__).parent / "stories.yaml").read_text(encoding="utf-8")
    )
    found = [one for one in read if only in ("", one["name"])]
    if not found:
        names = ", ".join(one["name"] for one in read)
        raise NotFound("there is no story %(name)s; there are %(names)s", name=only, names=names)
    return found


def plan(
    told: Sequence[Mapping[str, Any]],
    targets: Sequence[Target],
    *,
    start: datetime,
    order: str = "1001",
    seed: int = 1,
    files: str = "https://cdn.example",
    answers: Mapping[str, str] | None = None,
    first: int = 0,
) -> list[Step]:
    """Every story on every channel that it is for, by a person of its own on each; another `first`, other people."""
    dice = random.Random(seed)  # noqa: S311
    steps: list[Step] = []
    for number, (story, target) in enumerate(
        ((story, target) for story in told for target in targets if target.vendor in story["vendors"]),
        first,
    ):
        begun = start + timedelta(seconds=dice.uniform(0, 5))
        who = person_at(target.vendor, number)
        steps += _steps(story, target, who, begun, number, {"order": order}, files_at(files), answers or {})
    return sorted(steps, key=lambda one: one.deed.at)


def files_at(base: str) -> dict[str, str]:
    """What customers send, where the provider has it."""
    return {
        "url": f"{base}/picture.png",
        "sticker": f"{base}/sticker.png",
        "recording": f"{base}/recording",
    }


def disorder(steps: Sequence[Step], *, seed: int = 1, times: int = 2) -> list[Step]:
    """All of it `times` times, shuffled: what providers promise to avoid and do not."""
    told = [replace(step, again=turn > 0) for turn in range(times) for step in steps]
    random.Random(seed).shuffle(told)  # noqa: S311
    return told


def _steps(
    story: Mapping[str, Any],
    target: Target,
    who: str,
    begun: datetime,
    number: int,
    names: Mapping[str, str],
    files: Mapping[str, str],
    answers: Mapping[str, str],
) -> Iterator[Step]:
    at = begun
    for place, given in enumerate(story["deeds"], 1):
        at += timedelta(seconds=given.get("in", 0))
        if target.vendor not in given.get("only", [target.vendor]) or target.vendor in given.get("not", ()):
            continue
        of = given.get("of", "")
        if of == ANSWER and who not in answers:
            continue
        deed = Deed(
            kind=given["do"],
            who=who,
            at=at,
            number=_number(number, place),
            text=str(given.get("text", "")).format_map(names),
            of=answers[who] if of == ANSWER else _number(number, of) if of else "",
            data={"name": story["who"], **files},
        )
        yield Step(target, deed)


def _number(story: int, place: int) -> str:
    return str((story + 1) * 1000 + place)


def person_at(vendor: str, number: int) -> str:
    """As the provider writes ids."""
    return {
        "line": f"U{number:032x}",
        "whatsapp": f"8190{number:08d}",
        "sms": f"+8180{number:08d}",
        "phone": f"+8170{number:08d}",
        "telegram": str(50_000 + number),
    }.get(vendor, f"{7_000_000_000 + number}")
