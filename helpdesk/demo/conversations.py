"""The words of the demo: stories in stories/*.yaml, told in each customer's manner. Touches no database."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from helpdesk.demo import carriers, shop
from helpdesk.demo.moments import day_of, spoken
from helpdesk.demo.orders import PlannedOrder
from helpdesk.demo.people import Person

FOLDER = Path(__file__).parent / "stories"
COMMON = "common"
HARM = {
    shop.KITCHEN: {"ja": "大きなひびが入っていました", "en": "has a long crack"},
    shop.BATH: {"ja": "端がほつれて、汚れもついていました", "en": "is frayed and stained at the edge"},
    shop.LIVING: {"ja": "角がつぶれて、へこんでいました", "en": "is dented at one corner"},
    shop.TEA: {"ja": "袋が破れて、中身がこぼれていました", "en": "has a torn bag and spilled everywhere"},
    shop.SKIN: {"ja": "ふたが割れて、中身が漏れていました", "en": "has a broken lid and leaked"},
    shop.STATIONERY: {"ja": "深い傷がついていました", "en": "has a deep scratch"},
}


LISTS = ("subjects", "answers", "again", "second", "thanks")


@dataclass(frozen=True, slots=True)
class Words:
    """What can be said in one story. `parts` are slots; one of each is said, in this order."""

    subjects: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    answers: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    thanks: tuple[str, ...] = ()
    blunt: bool = False  # no greeting, no kind regards


@dataclass(frozen=True, slots=True)
class Topic:
    """One way to tell a story: subject, the customer's first words, our answer in our own hand."""

    subject: str
    opening: str
    answer: str


@cache
def library() -> dict[str, dict[str, Words]]:
    """story -> language -> words."""
    found: dict[str, dict[str, Words]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for story, languages in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            found[story] = {language: _words(given) for language, given in languages.items()}
    return found


def words(story: str, language: str) -> Words:
    return library()[story][language]


def choose(rng: Random, story: str, who: Person, facts: dict[str, str]) -> Topic:
    """A first mail. Where answers belong to certain questions, both stand at the same place."""
    said = words(story, who.language)
    place = rng.randrange(len(said.parts[0]))
    paired = len(said.answers) == len(said.parts[0])
    first = said.parts[0][place]
    rest = [rng.choice(slot) for slot in said.parts[1:]]
    subject = said.subjects[place] if len(said.subjects) == len(said.parts[0]) else rng.choice(said.subjects)
    answer = said.answers[place] if paired else (rng.choice(said.answers) if said.answers else "")
    body = _join([first, *rest], who.language)
    return Topic(
        subject.format_map(facts),
        in_manner(rng, who, body.format_map(facts), first=True, blunt=said.blunt),
        answer.format_map(facts),
    )


def say(rng: Random, story: str, kind: str, who: Person, facts: dict[str, str]) -> str:
    """A later word of the customer (again, thanks) or of ours (second)."""
    said = words(story, who.language)
    choices = getattr(said, kind) or getattr(words(COMMON, who.language), kind)
    return str(rng.choice(choices)).strip().format_map(facts)


def in_manner(rng: Random, who: Person, body: str, *, first: bool, blunt: bool = False) -> str:
    """The customer's greeting and good-bye around the words."""
    if who.language == "ja":
        greeting, bye = _manner_ja(rng, who, first)
    else:
        greeting, bye = _manner_en(rng, who, first)
    if blunt:
        greeting, bye = "", who.name
    return "\n\n".join(part for part in (greeting, body.strip(), bye) if part) + "\n"


def signed(name: str, who: Person, body: str) -> str:
    """An answer in our own hand, framed as the macros are."""
    if who.language == "ja":
        greeting, bye = f"{who.name}様\n\nHinoki & Co.の{name}です。", "Hinoki & Co. カスタマーサポート"
        return f"{greeting}\n\n{body.strip()}\n\n{bye}\n{name}"
    return f"Hi {who.given},\n\n{body.strip()}\n\nBest wishes,\n{name}\nHinoki & Co. customer care"


def facts_of(who: Person, order: PlannedOrder | None, extra: dict[str, str]) -> dict[str, str]:
    """Everything the texts may speak of."""
    facts = {
        "name": who.name,
        "family": who.family,
        "given": who.given,
        "city": who.city,
        "email": who.email,
        **extra,
    }
    return facts | _order_facts(order, who.language) if order else facts


def chance_facts(rng: Random, who: Person) -> dict[str, str]:
    """A product that somebody asks about and an address to which they move."""
    sold = [product for product in shop.PRODUCTS if product.sku != shop.SUBSCRIPTION]
    return {"product": rng.choice(sold).name(who.language), "moved": _moved(rng, who)}


def _order_facts(order: PlannedOrder, language: str) -> dict[str, str]:
    facts = {
        "number": order.number,
        "product": order.product.name(language),
        "other": order.items[-1][0].name(language),
        "quantity": str(order.items[0][1]),
        "count": str(sum(quantity for _, quantity in order.items)),
        "total": f"{order.total:,}円" if language == "ja" else f"¥{order.total:,}",
        "price": f"{order.product.price:,}円" if language == "ja" else f"¥{order.product.price:,}",
        "carrier": carriers.NAMES[order.carrier][language],
        "tracking": order.tracking,
        "harm": HARM[order.product.category][language],
        "depot": carriers.STUCK_DEPOT if language == "ja" else carriers.STUCK_DEPOT_EN,
        "ordered": spoken(day_of(order.placed_at), language),
        "promised": spoken(order.promised_on, language),
    }
    for name, moment in (
        ("shipped", order.shipped_at),
        ("delivered", order.delivered_at),
        ("ended", order.ended_at),
    ):
        if moment:
            facts[name] = spoken(day_of(moment), language)
    return facts


def _manner_ja(rng: Random, who: Person, first: bool) -> tuple[str, str]:
    if not first:
        greeting = {
            "formal": f"Hinoki & Co. ご担当者様\n\nお世話になっております。{who.family}です。",
            "polite": f"{who.family}です。",
        }.get(who.style, "")
        return greeting, who.family if who.style != "terse" else ""
    greetings = {
        "formal": (
            f"Hinoki & Co. ご担当者様\n\nお世話になっております。{who.name}と申します。",
            f"ご担当者様\n\n突然のご連絡失礼いたします。{who.name}と申します。",
        ),
        "polite": (
            f"こんにちは。{who.name}です。",
            f"いつもお世話になっております。{who.family}です。",
            "はじめてご連絡します。",
        ),
        "plain": ("こんにちは。", ""),
        "terse": ("",),
    }[who.style]
    byes = {
        "formal": (
            f"お忙しいところ恐れ入りますが、何卒よろしくお願いいたします。\n\n{who.name}\n{who.email}",
        ),
        "polite": (
            f"よろしくお願いいたします。\n\n{who.name}",
            f"お手数をおかけしますが、よろしくお願いします。\n{who.name}",
        ),
        "plain": (f"よろしくお願いします。\n{who.family}", who.name),
        "terse": (who.family, "iPhoneから送信"),
    }[who.style]
    return rng.choice(greetings), rng.choice(byes)


def _manner_en(rng: Random, who: Person, first: bool) -> tuple[str, str]:
    if not first:
        return {"formal": "Hello,", "polite": "Hi,"}.get(
            who.style, ""
        ), who.given if who.style != "terse" else ""
    greetings = {
        "formal": ("Dear Hinoki & Co.,", "Dear customer care team,"),
        "polite": ("Hello,", "Hi there,", "Hi Hinoki team,"),
        "plain": ("Hi,", "Hi there,", "Hello"),
        "terse": ("",),
    }[who.style]
    byes = {
        "formal": (f"Kind regards,\n{who.name}", f"Yours sincerely,\n{who.name}"),
        "polite": (f"Many thanks,\n{who.given}", f"Thank you!\n{who.name}"),
        "plain": (f"Thanks,\n{who.given}", who.given),
        "terse": (who.given, "Sent from my iPhone"),
    }[who.style]
    return rng.choice(greetings), rng.choice(byes)


def _join(parts: list[str], language: str) -> str:
    between = "\n" if language == "ja" else " "
    return between.join(part.strip() for part in parts if part.strip())


def _words(given: dict[str, Any]) -> Words:
    lists = {
        name: tuple(given.get(name) or ()) for name in ("subjects", "answers", "again", "second", "thanks")
    }
    parts = tuple(tuple(slot) for slot in given.get("parts") or ())
    return Words(parts=parts, blunt=bool(given.get("blunt")), **lists)


def _moved(rng: Random, who: Person) -> str:
    """Another address in the same town."""
    number = f"{rng.randint(1, 5)}-{rng.randint(1, 20)}-{rng.randint(1, 15)}"
    if who.language == "ja":
        return f"{who.region}{who.city}緑ヶ原{number}"
    return f"{number} Midorigahara, {who.city}, {who.region}"
