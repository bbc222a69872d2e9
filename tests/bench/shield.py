"""How often one question on two channels becomes one ticket: python -m tests.bench.shield [seeds]"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import classifiers
from helpdesk.intake import likeness
from helpdesk.intake.pipeline import Intake
from helpdesk.models import Agent, Brand
from helpdesk.store import migrate
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from tests.helpdesk.intake.pairs import GOODS, every_wording, pairs
from tests.helpdesk.intake.played import play
from tests.helpdesk.intake.ways import Ways

NOON = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)  # when the mails were written


def main(seeds: int) -> None:
    for seed in range(1, seeds + 1):
        folder = Path(tempfile.mkdtemp())
        database = Database(f"sqlite:///{folder / 'db.sqlite3'}", clock=lambda: NOON)
        try:
            _once(database, folder, seed)
        finally:
            database.close()
            shutil.rmtree(folder)
    _wordings()


def _once(database: Database, folder: Path, seed: int) -> None:
    migrate.upgrade(database)
    with database.write() as unit:
        brand = Brand(name="Aoba", created_at=unit.now)
        agent = Agent(email="a@example.jp", name="A", created_at=unit.now)
        unit.session.add_all([brand, agent])
    seal = Seal("a secret of the bench")
    intake = Intake(database, Files(folder / "files"), seal, classifiers.builtin())
    started = time.perf_counter()
    found = play(Ways(database, brand, seal, intake).open(), pairs(seed), agent=agent)
    kinds = dict(Counter(one.kind for one in found.wrong))
    print(
        f"seed {seed}: {found.joined} of {found.same} joined, {len(found.wrong)} wrong {kinds or ''}"
        f" ({time.perf_counter() - started:.1f} s)"
    )
    for one in (*found.missed, *found.wrong):
        print(f"  {one.kind}: {one.first.text[:60]} | {one.second.text[:60]}")


def _wordings() -> None:
    model, goods = classifiers.builtin(), likeness.words_of_goods([*GOODS["ja"], *GOODS["en"]])
    told: Counter[tuple[bool, bool]] = Counter()
    for same, *both in every_wording():
        texts = [f"{one.subject}\n{one.text}" for one in both]
        read = [likeness.read(text, model.classify(text), goods) for text in texts]
        told[same, bool(likeness.decide(*read))] += 1
    for same, words in ((True, "of one question"), (False, "of two questions about one thing and order")):
        count = told[same, True] + told[same, False]
        print(f"wordings {words}: {told[same, True]} of {count} taken for the same")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
