"""`python -m classifiers.topics FOLDER`: what messages without a tag have in common, as topics of five or more.

In the folder stands `messages.jsonl`: id, writer, subject, text and lang of each message; `usual.jsonl` beside it is
what the same shop is written otherwise. It writes `topics.json`: for each topic its language, key phrases, the terms
by which it is known again, and its messages, the nearest first.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from classifiers import apart, clusters, phrases
from classifiers.language import LANGUAGES
from classifiers.phrases import Said
from classifiers.rows import CORPUS, Row, read_corpus
from classifiers.text import prepare

FEWEST = 5  # messages, of different writers: fewer are no topic
MOST = 40  # topics of a language, the largest
FORM = 0.1  # of the messages: whoever has the same line has not written it


@dataclass(frozen=True, slots=True)
class Message:
    """`writer` is whoever wrote it: what one person writes five times is no topic."""

    id: int
    writer: str
    text: str
    lang: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """`members`: ids with how near they are to the middle, 1 is nearest. `centre`: terms with their weight."""

    lang: str
    phrases: tuple[str, ...]
    centre: dict[str, float]
    members: tuple[tuple[int, float], ...]


def main(arguments: Sequence[str] | None = None) -> int:
    return apart.main(run, "classifiers.topics", __doc__, arguments)


def run(folder: Path, corpus: Path = CORPUS) -> None:
    """Of the folder's `messages.jsonl`, beside its `usual.jsonl`, makes its `topics.json`."""
    messages = _read(folder / "messages.jsonl")
    usual = _read(folder / "usual.jsonl") if (folder / "usual.jsonl").exists() else []
    found = find(messages, read_corpus(corpus), usual)
    out = json.dumps([asdict(one) for one in found])
    (folder / "topics.json").write_text(out, encoding="utf-8")


def find(messages: Iterable[Message], corpus: Iterable[Row], tagged: Iterable[Message] = ()) -> list[Topic]:
    """Topics of each language, the largest first.

    What customers write anyway tells the new from it: the corpus, and messages of the same shop that have a tag.
    """
    messages = list(messages)
    usual: list[list[Row | Message]] = [list(corpus), list(tagged)]
    found: list[Topic] = []
    for lang in LANGUAGES:
        here = [one for one in messages if one.lang == lang]
        if len(here) >= FEWEST:
            bodies = [[prepare(one.text, one.subject) for one in body if one.lang == lang] for body in usual]
            found += _of_language(lang, here, _measures(bodies))
    return sorted(found, key=lambda one: (-len(one.members), one.members))


def _measures(bodies: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """A few texts are no measure by themselves."""
    if min(map(len, bodies)) < clusters.ENOUGH:
        return [[text for body in bodies for text in body]]
    return list(bodies)


def _of_language(lang: str, messages: Sequence[Message], usual: Sequence[Sequence[str]]) -> list[Topic]:
    texts = own_words([prepare(one.text, one.subject) for one in messages])
    matrix, terms = clusters.weigh(texts, usual)
    words, bodies = [_worded(some, lang) for some in ([texts], usual)]

    def telling(group: Sequence[int]) -> list[str]:
        return phrases.telling([Said(words[0][at], messages[at].writer) for at in group], bodies, lang)

    groups = [
        group
        for group in clusters.group(matrix, least=FEWEST)
        if len({messages[at].writer for at in group}) >= FEWEST
    ]
    groups.sort(key=lambda group: (-len(group), group))
    found = []
    for group in _joined(groups[:MOST], telling):
        centre, near = clusters.middle(matrix, terms, group)
        members = zip((messages[at].id for at in group), near, strict=True)
        nearest = sorted(members, key=lambda one: (-one[1], one[0]))
        found.append(Topic(lang, tuple(telling(group)), centre, tuple(nearest)))
    return found


def _joined(groups: Iterable[list[int]], telling: Callable[[Sequence[int]], list[str]]) -> list[list[int]]:
    """Groups that one would call the same are one; those without a word of their own are none."""
    by_name: dict[str, list[int]] = {}
    for group in groups:
        if told := telling(group):
            by_name.setdefault(told[0], []).extend(group)
    return [group for group in by_name.values() if telling(group)]


def _worded(bodies: Sequence[Sequence[str]], lang: str) -> list[list[str]]:
    return [[phrases.spaced(text) if lang == "en" else text for text in body] for body in bodies]


def own_words(texts: Sequence[str]) -> list[str]:
    """Without the lines that many messages share to the letter: a form's or a signature's, no customer's.

    A message that is nothing else stays as it is.
    """
    lines = [[line.strip() for line in text.split("\n") if line.strip()] for text in texts]
    times = Counter(line for some in lines for line in set(some))
    least = max(FEWEST, FORM * len(texts))
    own = ([line for line in some if times[line] < least] for some in lines)
    return ["\n".join(kept or some) for kept, some in zip(own, lines, strict=True)]


def _read(file: Path) -> list[Message]:
    return [_message(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _message(line: str) -> Message:
    row = json.loads(line)
    return Message(
        id=int(row["id"]),
        writer=str(row["writer"]),
        text=str(row["text"]),
        lang=str(row["lang"]),
        subject=str(row["subject"]),
    )


if __name__ == "__main__":
    sys.exit(main())
