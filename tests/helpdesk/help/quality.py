"""How well the search answers real questions: run as a script it prints every question that goes wrong.

`python -m tests.helpdesk.help.quality`
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from sqlmodel import select

from helpdesk.demo import articles as demo
from helpdesk.help import search
from helpdesk.models import Article, Brand
from helpdesk.store import migrate
from helpdesk.store.db import Database, Unit

QUESTIONS = yaml.safe_load((Path(__file__).parent / "questions.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Answered:
    """`place` is where the right article stood among those found, from 1; 0 for nowhere."""

    language: str
    question: str
    place: int
    found: tuple[tuple[str, float], ...]


def ask_all(unit: Unit, brand_id: int, questions: str) -> Iterator[Answered]:
    keys = list(
        unit.session.scalars(
            select(Article.key).where(Article.brand_id == brand_id).order_by(Article.position)
        )
    )
    for language in ("ja", "en"):
        for place, several in QUESTIONS[questions][language].items():
            for question in several:
                hits = search.find(unit, [brand_id], question, language=language)
                order = [one.key for one in hits]
                found = order.index(keys[place]) + 1 if keys[place] in order else 0
                yield Answered(language, question, found, tuple((one.title, one.score) for one in hits))


def ask_nothing(unit: Unit, brand_id: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The words that ask for nothing, with what was found all the same."""
    for language in ("ja", "en"):
        for words in QUESTIONS["none"]:
            hits = search.find(unit, [brand_id], words, language=language)
            yield words, tuple(f"{one.title} {one.score}" for one in hits)


def measure(answers: list[Answered]) -> dict[str, float]:
    """Shares of questions whose article came first, or among three; and the mean reciprocal rank."""
    total = len(answers)
    return {
        "questions": total,
        "first": sum(one.place == 1 for one in answers) / total,
        "of_three": sum(1 <= one.place <= 3 for one in answers) / total,
        "mrr": sum(1 / one.place for one in answers if one.place) / total,
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/help.sqlite3")
        migrate.upgrade(database)
        with database.write() as unit:
            brand = Brand(name="Hinoki & Co.", created_at=unit.now)
            unit.session.add(brand)
            unit.session.flush()
            demo.write(unit, brand.pk, None)
            for questions in ("known", "more", "unseen"):
                answers = list(ask_all(unit, brand.pk, questions))
                for one in answers:
                    if one.place != 1:
                        print(one.place, one.question, one.found[:3])
                for language in ("ja", "en"):
                    print(questions, language, measure([one for one in answers if one.language == language]))
            for words, found in ask_nothing(unit, brand.pk):
                if found:
                    print("nothing asked:", words, found)


if __name__ == "__main__":
    main()
