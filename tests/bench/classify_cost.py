"""What the classifier costs: time a message, lines a second, learning, file and memory, each with its aim.

    PYTHONPATH=. python tests/bench/classify_cost.py

Times are of one core's work, so that what else runs on the machine counts little.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

import classifiers
from classifiers.rows import Row, read_corpus
from classifiers.text import prepare
from classifiers.training import vectorizer
from tests.bench.aims import least, most, show

SHARED = Path(os.environ.get("HELPDESK_SHARED", Path(__file__).resolve().parents[2].parent / "shared"))
MAIL = "Hello, I ordered a blue lamp last week and it has not arrived. Could you look into it, please? " * 7
ROWS_TO_LEARN, OWN_ROWS, OWN_WEIGHT = 15_000, 3_000, 5.0
SAMPLE = 4_000

_LOADING = """
import os, time
import classifiers.model

def memory():
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

before = memory()
start = time.process_time()
model = classifiers.builtin()
taken = time.process_time() - start
model.classify("荷物がまだ届きません", "Order 1234")
print(taken, memory() - before)
"""


def main() -> None:
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # for the processes that are started
    file()
    messages()
    lines()
    refit()


def file() -> None:
    """The stored model, and a fresh process that loads it."""
    show("model file", classifiers.BUILTIN.stat().st_size / 1e6, most(10), "MB")
    runs = [
        subprocess.run([sys.executable, "-c", _LOADING], capture_output=True, text=True, check=True)
        for _ in range(3)
    ]
    figures = [list(map(float, run.stdout.split())) for run in runs]
    show("loading", min(taken for taken, _ in figures), most(0.3), "s")
    show("memory of the loaded model", max(memory for _, memory in figures), most(100), "MB")


def messages() -> None:
    """One at a time, as in the server, beside scikit-learn's pipeline of the same terms."""
    model, some = classifiers.builtin(), sample()
    whole = times(model.classify, some)
    show("one message", float(np.mean(whole)), None, "ms")
    show("one message, 95th percentile", float(np.percentile(whole, 95)), most(1), "ms")
    show(
        "a mail of 670 characters",
        float(np.median(times(model.classify, [(MAIL, "Order 1234")] * 200))),
        None,
        "ms",
    )
    vectors = vectorizer().fit([prepare(row.text, row.subject) for row in read_corpus()])
    heads = np.zeros((sum(len(part.vocabulary_) for _, part in vectors.transformer_list), len(model.tags)))
    slow = times(lambda text, subject: vectors.transform([prepare(text, subject)]) @ heads, some[:200])
    lean = times(lambda text, subject: model.margins(prepare(text, subject)), some[:200])
    show("times as fast as scikit-learn's own path", float(np.mean(slow) / np.mean(lean)))


def lines() -> None:
    """JSON lines through the function, and through the command with its start."""
    model = classifiers.builtin()
    written = [
        json.dumps({"id": at, "text": text, "subject": subject})
        for at, (text, subject) in enumerate(sample())
    ]
    rates = []
    for _ in range(3):
        start = time.process_time()
        classifiers.classify_lines(model, written, io.StringIO())
        rates.append(len(written) / (time.process_time() - start))
    show("JSON lines a second", max(rates), least(3_000))
    start, worked = time.perf_counter(), children()
    command = [str(Path(sys.executable).with_name("helpdesk")), "classify"]
    subprocess.run(command, input="\n".join(written), capture_output=True, text=True, check=True)
    show("lines a second of `helpdesk classify`", len(written) / (children() - worked), least(3_000))
    show("the same by the clock on the wall", len(written) / (time.perf_counter() - start))


def refit() -> None:
    """Learning from 15,000 rows, a fifth of a team's; from all there is; and a trial, which learns three times."""
    own, corpus = corrections(OWN_ROWS), read_corpus()
    order = np.random.default_rng(1).permutation(len(corpus))[: ROWS_TO_LEARN - OWN_ROWS]
    for rows, aim in (([corpus[at] for at in sorted(order.tolist())], most(15)), (corpus, None)):
        start = time.process_time()
        classifiers.train([*rows, *own])
        show(f"learning from {len(rows) + len(own):,} rows", time.process_time() - start, aim, "s")
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in (("known", own[:-100]), ("own", own)):
            text = "".join(json.dumps(row.as_json()) + "\n" for row in rows)
            (Path(folder) / f"{name}.jsonl").write_text(text, encoding="utf-8")
        worked = children()
        subprocess.run([sys.executable, "-m", "classifiers.trial", folder], capture_output=True, check=True)
        show(f"a trial of {len(corpus) + len(own):,} rows", children() - worked, None, "s")


def corrections(wanted: int) -> list[Row]:
    """A team's rows: those of the measuring data, else the corpus again in other words' clothes."""
    file = SHARED / "data" / "text" / "dev" / "bitext.jsonl"
    rows: list[Row] = []
    if file.exists():
        found = [json.loads(line) for line in file.open(encoding="utf-8")]
        rows = [
            Row(one["text"], one["lang"], (one["accept"][0],), weight=OWN_WEIGHT)
            for one in found
            if one.get("accept") not in (None, [], ["NONE"])
        ]
    seeds = read_corpus()[::3]
    rows += [Row(f"{seed.text} again", seed.lang, seed.tags, weight=OWN_WEIGHT) for seed in seeds]
    return rows[:wanted]


def sample() -> list[tuple[str, str]]:
    """Corpus messages of both languages and all lengths."""
    rows = read_corpus()
    order = np.random.default_rng(1).permutation(len(rows))[:SAMPLE]
    return [(rows[at].text, rows[at].subject) for at in order.tolist()]


def times(ask: Callable[[str, str], object], asked: Sequence[tuple[str, str]]) -> list[float]:
    """Milliseconds of each call."""
    taken = []
    for text, subject in asked:
        start = time.process_time()
        ask(text, subject)
        taken.append((time.process_time() - start) * 1000)
    return taken


def children() -> float:
    """Seconds that ended child processes worked."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
