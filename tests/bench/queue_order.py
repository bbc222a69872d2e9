"""How near the inbox's order is to a lead's: NDCG@20 of a graded queue that is not in the corpus.

python tests/bench/queue_order.py
"""

from __future__ import annotations

import numpy as np

import classifiers
from tests.helpdesk.triage.lead_queue import READ, ndcg, read_queue, urgency


def main() -> None:
    model, queue = classifiers.builtin(), read_queue()
    grades = np.array([one.grade for one in queue], dtype=np.float64)
    ways = {
        "urgency": [urgency(model, one) for one in queue],
        "words alone": [model.classify(one.text).urgency.score for one in queue],
        "longest waiting first": [one.hours for one in queue],
        "longest text first": [len(one.text) for one in queue],
    }
    for name, scores in ways.items():
        print(f"NDCG@{READ} {name}: {ndcg(grades, np.array(scores, dtype=np.float64)):.3f}")
    draw = np.random.default_rng(7)
    chance = [ndcg(grades, draw.random(grades.size)) for _ in range(500)]
    print(f"NDCG@{READ} by chance: {np.mean(chance):.3f}")


if __name__ == "__main__":
    main()
