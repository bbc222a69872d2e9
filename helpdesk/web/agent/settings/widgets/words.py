"""The widget's own words, read from its modules: what a brand may say in its own way."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache

from helpdesk.web import assets

WORD = re.compile(r'^\s+([a-z_0-9]+): ("(?:[^"\\]|\\.)*"),?$', re.M)
LAUNCHER = {"ja": "チャットで問い合わせる", "en": "Chat with us"}
FIRST = ("launcher", "greeting", "intro", "start", "topics", "open_now", "away", "closed_now", "closed_hint")
FORMS = ("before", "before_hint", "begin", "leave", "offline_sent", "conversation_empty", "placeholder")
ENDS = ("ended", "rate", "rate_comment", "rate_thanks", "helped", "helped_thanks", "talk_to_us", "team")
LONGEST = 300


@cache
def defaults(language: str) -> Mapping[str, str]:
    """By name, in the order of the module."""
    found = assets.find(f"widget/words-{language}.js")
    told = WORD.findall(found[0].decode()) if found else []
    return {"launcher": LAUNCHER[language], **{name: json.loads(text) for name, text in told}}


def groups() -> list[tuple[str, list[str]]]:
    """Names of words, those first that every visitor reads."""
    known = list(defaults("en"))
    parts = [("first", FIRST), ("forms", FORMS), ("ends", ENDS)]
    named = {name for _part, names in parts for name in names}
    shown = [(part, [name for name in names if name in known]) for part, names in parts]
    return [*shown, ("rest", [name for name in known if name not in named])]
