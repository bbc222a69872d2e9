"""Words in several languages, as settings keep them: {"ja": "…", "en": "…"}."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def pick(words: Any, language: str) -> str:
    """In this language, else in whichever there is; a plain text is for every language."""
    if isinstance(words, str):
        return words
    if not isinstance(words, Mapping):
        return ""
    found = words.get(language) or next((one for one in words.values() if one), "")
    return found if isinstance(found, str) else ""


def in_all(words: Any, languages: tuple[str, ...]) -> dict[str, str]:
    """By language; a plain text stands in each."""
    given = words if isinstance(words, Mapping) else dict.fromkeys(languages, words)
    found = {language: given.get(language) for language in languages}
    return {
        language: text.strip() for language, text in found.items() if isinstance(text, str) and text.strip()
    }
