"""Words that make a message urgent whatever it is about: law, harm, dates, anger, repeated contact."""

from __future__ import annotations

import re

from classifiers.lexicon import LEXICONS

Cues = dict[str, str]


_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun"
_DEADLINES_EN = re.compile(
    rf" (?:by|before|until|this|on) (?:the )?(?:{_DAYS}|today|tonight|tomorrow|noon|0|end of|weekend)\b"
    r"| (?:need|want|get|have) (?:it|this|them|these) (?:by|before|for) | (?:today|tonight|tomorrow)\b"
    r"| within (?:0|the|an|one|two) (?:hour|day)"
)
_DEADLINES_JA = re.compile(
    "(?:0日|0時|0月|日|曜|曜日|今日|明日|明後日|今週|今週末|週末|来週|今月|月末|当日|それ|本日)(?:中)?(?:\\([月火水木金土日]\\))?(?:まで|迄)に?"
    "|今日中|本日中|明日中|今週中|明日(?:の|から|に|、|は|必要|使)|(?:今日|本日)(?:必要|使|届|の[朝昼夜])|明後日|あさって|期限|締め?切"
)


def find_cues(prepared: str) -> Cues:
    """Kind of cue → the words that gave it. Reads prepared text, both languages at once."""
    spaced = " " + prepared.translate(_MARKS) + " "
    found: Cues = {}
    for kind, phrases in LEXICONS:
        for phrase in phrases:
            if phrase in spaced:
                found[kind] = phrase.strip()
                break
    deadline = _DEADLINES_EN.search(spaced) or _DEADLINES_JA.search(prepared)
    if deadline:
        found["deadline"] = deadline.group().strip()
    if "calm" in found:
        found.pop("urgent", None)
    return found


_MARKS = {ord(mark): " " for mark in '\n\t,.;:!?"()[]-/'}
