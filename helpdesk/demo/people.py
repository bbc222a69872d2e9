"""Customers of the demo brand: invented people with reserved addresses and a way of writing of their own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

LISTS = Path(__file__).parent / "names.yaml"
DOMAINS = {
    "ja": ("example.jp", "example.com", "example.jp", "example.net"),
    "en": ("example.com", "example.org", "example.net"),
}
STYLES = {
    "ja": ("formal", "polite", "polite", "plain", "terse"),
    "en": ("formal", "polite", "plain", "plain", "terse"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """`family` and `given` as they are written; `days` is how long a parcel to them needs."""

    name: str
    family: str
    given: str
    email: str
    language: str
    region: str  # prefecture or country
    city: str
    line: str
    postcode: str
    days: int
    area: str  # kanto, north, middle, west, south, abroad
    style: str
    phone: str = ""
    note: str = ""


NOTES = (
    "ギフト包装を毎回ご希望。納品書は同梱しない。",
    "電話よりメールでの連絡をご希望。",
    "小さなお子さまがいらっしゃるため、配達は午後以降をご希望。",
    "実店舗の展示会でお会いしたお客様。米びつを長くご愛用。",
    "Prefers e-mail; writes from a different time zone.",
)


def make_people(rng: Random, count: int, *, english: float = 0.35) -> list[Person]:
    """`count` different people; no name and no address twice."""
    lists = _lists()
    japanese = [(family, given) for family in lists["family"] for given in lists["given"]]
    western = [(given, family) for given in lists["given_en"] for family in lists["family_en"]]
    rng.shuffle(japanese)
    rng.shuffle(western)
    people: list[Person] = []
    for place in range(count):
        if (place * 0.618034) % 1 < english:
            people.append(_english(rng, *western.pop(), place))
        else:
            people.append(_japanese(rng, *japanese.pop(), place))
    return people


def strangers(rng: Random) -> list[Person]:
    """Who sends what nobody asked for."""
    names = (
        ("集客サポート事務局", "ja"),
        ("Growth Team", "en"),
        ("アカウント管理センター", "ja"),
        ("Domain Services", "en"),
        ("Kelly from AppWorks", "en"),
        ("助成金相談窓口", "ja"),
    )
    return [
        Person(
            name,
            name,
            name,
            f"info{rng.randint(100, 999)}@bulk{place}.example",
            language,
            "",
            "",
            "",
            "",
            0,
            "",
            "terse",
        )
        for place, (name, language) in enumerate(names)
    ]


def _japanese(rng: Random, family: tuple[str, str], given: tuple[str, str], place: int) -> Person:
    prefecture, _, city, _, postcode, days, area = rng.choice(_lists()["places"])
    local = rng.choice(
        (
            f"{given[1]}.{family[1]}",
            f"{family[1]}.{given[1]}",
            f"{family[1]}_{given[1][0]}",
            f"{given[1]}{rng.randint(60, 99)}",
        )
    )
    return Person(
        name=f"{family[0]} {given[0]}",
        family=family[0],
        given=given[0],
        email=f"{local}{place}@{rng.choice(DOMAINS['ja'])}",
        language="ja",
        region=prefecture,
        city=city,
        line=f"{prefecture}{city}{rng.choice(_lists()['towns'])[0]}{_block(rng)}",
        postcode=f"{postcode}0-0000",
        days=days,
        area=area,
        style=rng.choice(STYLES["ja"]),
        phone=f"090-0000-{place:04d}" if rng.random() < 0.3 else "",
        note=rng.choice(NOTES[:-1]) if rng.random() < 0.06 else "",
    )


def _english(rng: Random, given: str, family: str, place: int) -> Person:
    local = rng.choice((f"{given}.{family}", f"{given[0]}{family}", f"{given}_{family}")).lower()
    region, city, line, postcode, days, area = _abroad(rng) if rng.random() < 0.55 else _resident(rng)
    return Person(
        name=f"{given} {family}",
        family=family,
        given=given,
        email=f"{local}{place}@{rng.choice(DOMAINS['en'])}",
        language="en",
        region=region,
        city=city,
        line=line,
        postcode=postcode,
        days=days,
        area=area,
        style=rng.choice(STYLES["en"]),
        note=NOTES[-1] if rng.random() < 0.06 else "",
    )


def _resident(rng: Random) -> tuple[str, str, str, str, int, str]:
    _, prefecture, _, city, postcode, days, area = rng.choice(_lists()["places"])
    line = f"{_block(rng)} {rng.choice(_lists()['towns'])[1]}, {city}, {prefecture}"
    return prefecture, city, line, f"{postcode}0-0000", days, area


def _abroad(rng: Random) -> tuple[str, str, str, str, int, str]:
    country, city = rng.choice(_lists()["abroad"])
    street = rng.choice(("Example Street", "Sample Lane", "Placeholder Road"))
    return (
        country,
        city,
        f"{rng.randint(1, 99)} {street}, {city}, {country}",
        "00000",
        rng.randint(5, 7),
        "abroad",
    )


def _block(rng: Random) -> str:
    return f"{rng.randint(1, 6)}-{rng.randint(1, 28)}-{rng.randint(1, 20)}"


@cache
def _lists() -> dict[str, Any]:
    return dict(yaml.safe_load(LISTS.read_text(encoding="utf-8")))
