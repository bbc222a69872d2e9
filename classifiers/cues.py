"""Words that make a message urgent whatever it is about: law, harm, dates, anger, repeated contact."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from classifiers.lexicon import LEXICONS
from classifiers.risks import BEGIN, Risk
from classifiers.risks_en import ENGLISH
from classifiers.risks_ja import JAPANESE

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


def find_all(prepared: str) -> tuple[Cues, Cues]:
    """Kind of cue → the words that gave it; and the kinds of risk of which words tell only in an unhappy voice:
    "lawyer", "allergy". Reads prepared text, both languages at once."""
    spaced = " " + prepared.translate(_MARKS) + " "
    begun = dict.fromkeys(word[:BEGIN] for word in spaced.split())
    cues, hints = _risks(prepared, begun)
    for kind, phrase in _phrases(prepared, begun):
        if kind not in cues and phrase in spaced:
            cues[kind] = phrase.strip()
    deadline = _DEADLINES_EN.search(spaced) or _DEADLINES_JA.search(prepared)
    if deadline:
        cues["deadline"] = deadline.group().strip()
    if "calm" in cues:
        cues.pop("urgent", None)
    return cues, hints


def _phrases(prepared: str, begun: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Of each lexicon what may be in the text: English by the beginnings of its words, Japanese all."""
    for beginning in begun:
        yield from _ENGLISH_PHRASES.get(beginning, ())
    if not prepared.isascii():
        yield from _JAPANESE_PHRASES


def _risks(prepared: str, begun: Iterable[str]) -> tuple[Cues, Cues]:
    cues: Cues = {}
    hints: Cues = {}
    for risk, text in _risks_to_read(prepared, begun):
        if sure := risk.sure.search(text):
            cues[risk.kind] = sure.group().strip()
        elif hint := risk.hints.search(text):
            hints.setdefault(risk.kind, hint.group().strip())
    return cues, hints


def _risks_to_read(prepared: str, begun: Iterable[str]) -> Iterator[tuple[Risk, str]]:
    line = " ".join(prepared.split())
    for risk in ENGLISH:
        if not risk.stems.isdisjoint(begun):
            yield risk, line
    if not prepared.isascii():
        for risk in JAPANESE:
            for stem in risk.stems:
                if stem in prepared:
                    yield risk, prepared
                    break


_ENGLISH_PHRASES: dict[str, list[tuple[str, str]]] = defaultdict(list)
_JAPANESE_PHRASES: list[tuple[str, str]] = []
for _kind, _all in LEXICONS:
    for _phrase in _all:
        if _phrase.isascii():
            _ENGLISH_PHRASES[_phrase.split()[0][:BEGIN]].append((_kind, _phrase))
        else:
            _JAPANESE_PHRASES.append((_kind, _phrase))
_MARKS = {ord(mark): " " for mark in '\n\t,.;:!?"()[]-/'}
