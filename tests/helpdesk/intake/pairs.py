"""Two hundred times two messages: half of them one question of one person on two channels, half of them not.

Made from the wordings in questions.yaml: whoever changes the seed gets other two hundred.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

TOPICS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "questions.yaml").read_text(encoding="utf-8")
)
GOODS = {
    "ja": (
        *("湯のみ", "カーテン", "革の財布", "加湿器", "木の椅子"),
        *("フライパン", "ワンピース", "スニーカー", "腕時計", "絵本"),
    ),
    "en": (
        *("teapot", "curtain", "leather wallet", "humidifier", "wooden chair"),
        *("frying pan", "summer dress", "sneakers", "wristwatch", "picture book"),
    ),
}  # fmt: skip
CHANNELS = ("email", "line", "chat", "whatsapp", "instagram")
NAMES = {
    "ja": ("田中 優", "小川 彩", "森 健一", "石井 菜々"),
    "en": ("Sam Reed", "Ada Moss", "Lee Hart", "Joy Penn"),
}
PLAN = (  # what the two are to each other, how often, and whether they become one ticket
    ("same", 100, True),
    ("other_question", 20, False),
    ("other_thing", 15, False),
    ("somebody_else", 20, False),  # of the same name, asking the same
    ("claims", 10, False),  # names the other's address and order, and is tied to them by nothing
    ("forged", 15, False),  # a mail in the customer's name for which nobody vouches
    ("by_hand", 10, False),  # put together by an agent
    ("shared", 5, False),  # an address that several people write from
    ("group", 5, False),  # a group of LINE, not a person
)


@dataclass(frozen=True, slots=True)
class Said:
    channel: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    kind: str
    joined: bool
    language: str
    name: str
    number: str  # of the order
    goods: tuple[str, str]
    first: Said
    second: Said


def pairs(seed: int = 1, share: float = 1.0) -> Iterator[Pair]:
    """`share` of each kind, at least one."""
    dice = random.Random(seed)
    numbers = iter(dice.sample(range(10_000, 90_000), 200))
    for kind, count, joined in PLAN:
        for place in range(max(1, round(count * share))):
            yield _pair(dice, kind, joined, f"AB-{next(numbers)}", place)


def every_wording() -> Iterator[tuple[bool, Said, Said]]:
    """Each wording of each question beside each other one of one language, about one thing and one order."""
    for language in GOODS:
        said = [
            (topic["name"], _say(topic, language, form, GOODS[language][3], "AB-10234"))
            for topic in TOPICS
            for form in (None, 0, 1, 2)
        ]
        for place, (name, one) in enumerate(said):
            for other_name, other in said[place + 1 :]:
                yield name == other_name, one, other


def _pair(dice: random.Random, kind: str, joined: bool, number: str, place: int) -> Pair:
    language = ("ja", "en")[place % 2]
    topic, other = dice.sample(TOPICS, 2)
    thing, another = dice.sample(GOODS[language], 2)
    channels = _channels(dice, kind)
    forms = dice.sample([0, 1, 2], 2)
    first = _on(channels[0], topic, language, forms[0], thing, number)
    second = _on(channels[1], topic, language, forms[1], thing, number)
    if kind == "other_question":
        second = _on(channels[1], other, language, forms[1], thing, number)
    if kind == "other_thing":
        topic = dice.choice(
            [one for one in TOPICS if all("{item}" in words for words in _all(one, language))]
        )
        first = _on(channels[0], topic, language, forms[0], thing, number)
        second = _on(channels[1], topic, language, forms[1], another, f"CD-{number[3:]}")
    if kind == "claims":
        told = {
            "ja": f"注文{number}です。メールは first@example.jp です。",
            "en": f"Order {number}, my mail is first@example.jp. ",
        }
        second = replace(second, text=told[language] + second.text)
    name = dice.choice(NAMES[language])
    return Pair(kind, joined, language, name, number, (thing, another), first, second)


def _channels(dice: random.Random, kind: str) -> Sequence[str]:
    if kind == "forged":
        return dice.choice((("line", "email"), ("chat", "email"), ("whatsapp", "email")))
    if kind == "shared":
        return ("line", "email")
    if kind == "group":
        return ("email", "line")
    return dice.sample(CHANNELS, 2)


def _on(channel: str, topic: dict[str, Any], language: str, form: int, thing: str, number: str) -> Said:
    return replace(
        _say(topic, language, None if channel == "email" else form, thing, number), channel=channel
    )


def _say(topic: dict[str, Any], language: str, form: int | None, thing: str, number: str) -> Said:
    words = topic[language]
    subject, text = words["mail"] if form is None else ("", words["short"][form])
    return Said("", subject, text.format(item=thing, order=number))


def _all(topic: dict[str, Any], language: str) -> list[str]:
    return [topic[language]["mail"][1], *topic[language]["short"]]


assert sum(count for _, count, _ in PLAN) == 200
assert all(one != other for one, other in pairwise(CHANNELS))
