"""Many messages: JSON lines in, JSON lines out, in the same order. What `helpdesk classify` runs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

from classifiers.model import Model


def classify_lines(model: Model, lines: Iterable[str], out: TextIO) -> int:
    """Writes one object for each line that is not empty; returns how many were no messages."""
    refused = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        answer = answer_line(model, line, number)
        refused += "error" in answer
        out.write(json.dumps(answer) + "\n")
    return refused


def answer_line(model: Model, line: str, number: int) -> dict[str, Any]:
    """The classification of one line, or `{"id", "line", "error"}` saying what is wrong with it."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _refused(None, number, f"not JSON: {error}")
    if not isinstance(message, dict):
        return _refused(None, number, "not a JSON object; write one message a line")
    key, text = message.get("id"), message.get("text")
    subject, lang = message.get("subject") or "", message.get("lang")
    if not isinstance(text, str):
        return _refused(key, number, '"text" is missing or no string')
    if not isinstance(subject, str) or not (lang is None or isinstance(lang, str)):
        return _refused(key, number, '"subject" and "lang" must be strings where they are given')
    return {"id": key, **model.classify(text, subject, lang).as_json()}


def _refused(key: Any, number: int, why: str) -> dict[str, Any]:
    return {"id": key, "line": number, "error": why}
