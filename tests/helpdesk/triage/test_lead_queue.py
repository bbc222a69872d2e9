from __future__ import annotations

import numpy as np
import pytest

import classifiers
from classifiers.model import Model
from helpdesk.triage import rank
from tests.helpdesk.triage.lead_queue import ndcg, read_queue, urgency


@pytest.fixture(scope="module")
def model() -> Model:
    return classifiers.builtin()


def test_the_queue_stands_nearly_as_a_lead_would_order_it(model: Model) -> None:
    queue = read_queue()
    grades = np.array([one.grade for one in queue], dtype=np.float64)
    scores = np.array([urgency(model, one) for one in queue], dtype=np.float64)
    assert len(queue) == 60
    assert ndcg(grades, scores) >= 0.85
    assert ndcg(grades, scores) > ndcg(grades, np.array([one.hours for one in queue])) + 0.2


def test_only_the_leads_own_order_is_perfect() -> None:
    grades = np.array([3.0, 0.0, 2.0, 1.0])
    assert ndcg(grades, grades) == 1.0
    assert ndcg(grades, -grades) < 0.7


def test_what_tells_of_harm_heads_the_queue(model: Model) -> None:
    top = [one for one in read_queue() if urgency(model, one) >= rank.SAFETY_FROM]
    assert len(top) >= 4
    assert [one.grade for one in top].count(3) >= 4
