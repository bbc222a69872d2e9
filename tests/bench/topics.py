"""How well new topics are found: labelled sets of others, some of whose labels nobody knows.

    python tests/bench/topics.py

From each set four labels are withheld: 8 to 40 messages of each, among 150 other messages on which the built-in
model keeps silent. All messages stand in the measuring data folder (HELPDESK_SHARED, default ../shared); the Japanese
ones are our own, see tests/classifiers/new_topics.py. Printed is the mean over several draws:

purity: share of a topic's messages that have its commonest label; cover: share of the withheld messages that are in a
topic; nmi: normalised mutual information of topics and withheld labels; found: share of the withheld labels that some
topic meets with F1 of 0.6 and more; topics: how many there are.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from sklearn.metrics import normalized_mutual_info_score

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import classifiers  # noqa: E402
from classifiers import Row, topics  # noqa: E402
from classifiers.topics import Message, Topic  # noqa: E402
from tests.classifiers.new_topics import JAPANESE, OTHERS_JA  # noqa: E402

SHARED = Path(os.environ.get("HELPDESK_SHARED", ROOT.parent / "shared"))
SETS = ("banking77", "bitext", "clinc150", "hint3_curekart", "hint3_sofmattress")
HELD, FEWEST, MOST, OTHERS, DRAWS = 4, 8, 40, 150, 4
MET = 0.6
Labelled = tuple[str, str]  # text and label
NAMES = ("purity", "cover", "nmi", "found", "topics")


def main() -> None:
    corpus = classifiers.read_corpus()
    print("| set | messages | " + " | ".join(NAMES) + " | CPU s |")
    print("|---|---|" + "---|" * (len(NAMES) + 1))
    for name in SETS:
        file = SHARED / "data" / "text" / "dev" / f"{name}.jsonl"
        if not file.exists():
            print(f"{name}: skipped, no measuring data folder (HELPDESK_SHARED)")
            continue
        rows = [json.loads(line) for line in file.open(encoding="utf-8")]
        labelled = [(str(row["text"]), str(row["label"])) for row in rows]
        silent = [one for one in labelled if not classifiers.builtin().classify(one[0]).tags]
        draws = [draw(labelled, silent, random.Random(seed)) for seed in range(DRAWS)]
        show(name, [measure(here, held, "en", corpus) for here, held in draws])
    ours = [(text, name) for name, texts in JAPANESE.items() for text in texts]
    show("own, ja", [measure([*ours, *((text, "") for text in OTHERS_JA)], set(JAPANESE), "ja", corpus)])


def draw(
    labelled: Sequence[Labelled], silent: Sequence[Labelled], chance: random.Random
) -> tuple[list[Labelled], set[str]]:
    """Messages as they come in, and the labels that nobody knows."""
    by_label: dict[str, list[Labelled]] = defaultdict(list)
    for one in labelled:
        by_label[one[1]].append(one)
    held = chance.sample(sorted(label for label, some in by_label.items() if len(some) >= FEWEST), HELD)
    here = [
        one
        for label in held
        for one in chance.sample(by_label[label], min(len(by_label[label]), chance.randint(FEWEST, MOST)))
    ]
    others = [one for one in silent if one[1] not in held]
    return here + chance.sample(others, min(OTHERS, len(others))), set(held)


def measure(here: Sequence[Labelled], held: set[str], lang: str, corpus: Iterable[Row]) -> list[float]:
    started = time.process_time()
    found = topics.find([Message(at, str(at), text, lang) for at, (text, _) in enumerate(here)], corpus)
    spent = time.process_time() - started
    labels = {at: label for at, (_, label) in enumerate(here)}
    inside = {at: place for place, one in enumerate(found) for at, _ in one.members}
    main_label = [Counter(labels[at] for at, _ in one.members).most_common(1)[0][1] for one in found]
    wanted = [at for at, label in labels.items() if label in held]
    covered = [at for at in wanted if at in inside]
    nmi = normalized_mutual_info_score([labels[at] for at in covered], [inside[at] for at in covered])
    met = [best(found, {at for at in wanted if labels[at] == label}) >= MET for label in held]
    return [
        *(len(here), sum(main_label) / max(1, len(inside)), len(covered) / len(wanted), float(nmi)),
        *(sum(met) / len(held), len(found), spent),
    ]


def best(found: Sequence[Topic], wanted: set[int]) -> float:
    """F1 of the topic that meets these messages best."""
    members = [{at for at, _ in one.members} for one in found]
    return max((2 * len(ids & wanted) / (len(ids) + len(wanted)) for ids in members), default=0.0)


def show(name: str, draws: Sequence[Sequence[float]]) -> None:
    means = [sum(column) / len(draws) for column in zip(*draws, strict=True)]
    figures = " | ".join(f"{one:.2f}" for one in means[1:5])
    print(f"| {name} | {means[0]:.0f} | {figures} | {means[5]:.0f} | {means[6]:.1f} |", flush=True)


if __name__ == "__main__":
    main()
