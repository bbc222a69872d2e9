"""How well customers' questions find the demo shop's articles. The figures are those of the day, rounded down."""

from __future__ import annotations

import pytest

from helpdesk.demo import articles as demo
from helpdesk.models import Brand
from helpdesk.store.db import Database
from tests.helpdesk.help.quality import ask_all, ask_nothing, measure


@pytest.fixture
def told(database: Database, brand: Brand) -> Database:
    with database.write() as unit:
        demo.write(unit, brand.pk, None)
    return database


@pytest.mark.parametrize(
    ("questions", "first", "of_three"),
    [("known", 0.95, 0.98), ("more", 0.92, 0.96), ("unseen", 0.78, 0.84)],
)
def test_questions_find_the_article_that_answers_them(
    told: Database, brand: Brand, questions: str, first: float, of_three: float
) -> None:
    with told.read() as unit:
        answers = list(ask_all(unit, brand.pk, questions))
    found = measure(answers)
    wrong = [(one.question, one.found[:2]) for one in answers if one.place != 1]
    assert found["first"] >= first, wrong
    assert found["of_three"] >= of_three, wrong


def test_words_that_ask_nothing_find_nothing(told: Database, brand: Brand) -> None:
    with told.read() as unit:
        assert [one for one in ask_nothing(unit, brand.pk) if one[1]] == []
