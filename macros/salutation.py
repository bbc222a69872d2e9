"""How to address a customer, in Japanese and in English. Read by render as `customer.salutation`."""

from __future__ import annotations

import re

from macros.facts import Customer

_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff々〆]")
_HONORIFIC = re.compile(r"(様|さま|サマ|さん|殿|御中)$")
_TITLE = re.compile(r"^(mr|mrs|ms|miss|mx|dr|prof)\.?$", re.IGNORECASE)


def salutation(customer: Customer, lang: str) -> str:
    """「山田 花子様」 or "Hanako"; without a usable name 「お客様」 or "there"."""
    return _japanese(customer) if lang == "ja" else _english(customer)


def _japanese(customer: Customer) -> str:
    name = _family_first(customer) or _usable(customer.name) or _usable(customer.given_name)
    if not name:
        return "お客様"
    return name if _HONORIFIC.search(name) else f"{name}様"


def _family_first(customer: Customer) -> str:
    family, given = _usable(customer.family_name), _usable(customer.given_name)
    if not family:
        return ""
    if not given:
        return family
    # A name in Latin letters keeps the order its bearer uses.
    return f"{family} {given}" if _JAPANESE.search(family + given) else f"{given} {family}"


def _english(customer: Customer) -> str:
    given = _usable(customer.given_name)
    if given:
        return given
    name = _usable(customer.name) or _usable(customer.family_name)
    if not name:
        return "there"
    if _JAPANESE.search(name):
        # Which part is the given name cannot be told from the characters.
        return _HONORIFIC.sub("", name).strip() or name
    return _first_name(name)


def _first_name(name: str) -> str:
    if "," in name:
        family, given = name.split(",", 1)
        name = given.strip() or family
    words = [word for word in name.split() if not _TITLE.match(word)]
    if len(words) < len(name.split()):
        return name  # "Dr. Smith": the word after a title may be the family name
    return words[0] if words else "there"


def _usable(name: str | None) -> str:
    """The name on one line, or nothing where it holds an address or no letter at all."""
    flat = " ".join((name or "").split())
    if "@" in flat or "://" in flat or not any(letter.isalpha() for letter in flat):
        return ""
    return flat
