"""Labelled rows: what training, evaluation and lint read. One JSON object a line, see docs/classifiers.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from classifiers.language import settle
from classifiers.tags import SENTIMENTS

CORPUS = Path(__file__).with_name("corpus")


class BadRow(ValueError):
    """A labelled line that cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled message. No tags: none of ours applies. `urgency` 0–3 or unknown. Seeds weigh 1.

    `typical` rows are as plain and as frequent as what shops get; how sure to be is learned from them.
    With `denied`, only `tags` (yes) and these (no) are known of the message; nothing is learned about other tags.
    `harm`: somebody was hurt or might be; None where nobody judged it.
    """

    text: str
    lang: str
    tags: tuple[str, ...]
    subject: str = ""
    urgency: int | None = None
    sentiment: str | None = None
    weight: float = 1.0
    typical: bool = False
    denied: tuple[str, ...] | None = None
    harm: bool | None = None

    @property
    def whole(self) -> bool:
        """Whether it is known of every tag if it applies."""
        return self.denied is None

    def as_json(self) -> dict[str, Any]:
        """What `row_of` reads."""
        return asdict(self)


def corpus_files(folder: Path = CORPUS) -> list[Path]:
    """The corpus files in the order they are read."""
    return sorted(folder.glob("*.jsonl"))


def read_corpus(folder: Path = CORPUS) -> list[Row]:
    """Every row of the built-in corpus. All of them were read for harm: what is not marked tells of none."""
    return [replace(row, harm=row.harm is True) for file in corpus_files(folder) for row in read_rows(file)]


def corpus_hash(folder: Path = CORPUS) -> str:
    """Changes when any corpus line does."""
    digest = hashlib.sha256()
    for file in corpus_files(folder):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def read_rows(file: Path) -> Iterator[Row]:
    """Rows of one JSON-lines file; raises BadRow naming the file and the line."""
    with file.open(encoding="utf-8") as lines:
        yield from parse_rows(lines, file.name)


def parse_rows(lines: Iterable[str], source: str = "data") -> Iterator[Row]:
    """Rows of JSON lines; empty lines are skipped."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield row_of(json.loads(line))
        except (ValueError, TypeError, RecursionError) as error:
            raise BadRow(f"{source} line {number}: {error}; fix the line or take it out") from error


def row_of(data: Mapping[str, Any]) -> Row:
    """One row of a decoded object; raises BadRow."""
    if not isinstance(data, Mapping):
        raise BadRow("not a JSON object")
    text, subject, tags = data.get("text"), data.get("subject") or "", data.get("tags")
    if not isinstance(text, str) or not isinstance(subject, str) or not (text.strip() or subject.strip()):
        raise BadRow('"text" must be a string that is not empty')
    if not isinstance(tags, list) or not all(isinstance(tag, str) and tag for tag in tags):
        raise BadRow('"tags" must be a list of tag names')
    denied = data.get("denied")
    if denied is not None and not (
        isinstance(denied, list) and all(isinstance(tag, str) and tag for tag in denied)
    ):
        raise BadRow('"denied" must be a list of tag names')
    urgency, sentiment = data.get("urgency"), data.get("sentiment")
    if urgency is not None and (isinstance(urgency, bool) or urgency not in (0, 1, 2, 3)):
        raise BadRow('"urgency" must be 0, 1, 2 or 3')
    if sentiment is not None and sentiment not in SENTIMENTS:
        raise BadRow(f'"sentiment" must be one of {", ".join(SENTIMENTS)}')
    harm = data.get("harm")
    if harm is not None and not isinstance(harm, bool):
        raise BadRow('"harm" must be true or false')
    return Row(
        text=text,
        lang=settle(data.get("lang"), text),
        tags=tuple(dict.fromkeys(tags)),
        subject=subject,
        urgency=urgency,
        sentiment=sentiment,
        weight=float(data.get("weight", 1.0)),
        typical=data.get("typical") is True,
        denied=None if denied is None else tuple(dict.fromkeys(denied)),
        harm=harm,
    )
