"""The whole way: corrections, a process of its own, a model that serves, and back."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

import classifiers
from classifiers import Row
from classifiers.text import prepare
from helpdesk.intake.pipeline import Intake
from helpdesk.models import Agent, Brand, ChannelAccount, Correction, ModelVersion, Ticket
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.tickets import tag
from helpdesk.triage import versions
from helpdesk.triage.serving import Models, find_fault
from helpdesk.work.training import Trainer
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import only, rows

TAGS = {"order_status", "refund", "size_fit"}
OWN = "lantern_festival"
ASKED = (
    "提灯まつりの受付は何時からですか", "提灯まつりに子どもも参加できますか", "今年の提灯まつりはいつですか",
    "提灯まつりの申し込み方法を教えて", "提灯まつりの会場までの行き方は", "雨でも提灯まつりはありますか",
    "提灯まつりの整理券がほしい", "提灯まつりに駐車場はありますか", "提灯まつりの参加費はいくらですか",
    "提灯まつりの写真は撮れますか",
)  # fmt: skip


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the built-in corpus that is quick to learn."""
    folder = tmp_path_factory.mktemp("corpus")
    taken: dict[tuple[str, ...], int] = {}
    chosen: list[Row] = []
    for row in classifiers.read_corpus():
        label = (row.lang, *row.tags[:1])
        taken[label] = taken.get(label, 0) + 1
        if taken[label] <= 25 and (not row.tags or set(row.tags) <= TAGS):
            chosen.append(row)
    (folder / "few.jsonl").write_text("".join(json.dumps(row.as_json()) + "\n" for row in chosen))
    return folder


@pytest.fixture
def taught(database: Database, ticket: Ticket, agent: Agent) -> Brand:
    """Ten messages that an agent gave a tag of the brand's own."""
    with database.write() as unit:
        tag.get_or_create(unit, ticket.brand_id, OWN)
        for text in ASKED:
            unit.session.add(
                Correction(
                    brand_id=ticket.brand_id,
                    ticket_id=ticket.pk,
                    agent_id=agent.pk,
                    kind="tag_added",
                    value=OWN,
                    text=text,
                    language="ja",
                    created_at=unit.now,
                )
            )
        return unit.session.get_one(Brand, ticket.brand_id)


def train(database: Database, files: Files, corpus: Path, brand_id: int) -> ModelVersion:
    with database.write() as unit:
        asked = versions.ask(unit, brand_id, by=None)
    assert asyncio.run(Trainer(database, files, corpus=corpus).drain()) == 1
    with database.read() as unit:
        return unit.session.get_one(ModelVersion, asked.pk)


def test_ten_examples_make_a_tag_that_intake_sets_and_going_back_undoes_it(
    database: Database, files: Files, corpus: Path, taught: Brand, intake: Intake, deliver: Deliver
) -> None:
    question = "提灯まつりの開始時間を教えてください"
    made = train(database, files, corpus, taught.pk)
    assert (made.state, made.progress, made.own_rows, made.objections) == ("active", 100, 10, [])
    assert made.figures["figures"]["ja"]["n"] > 0 and OWN in made.figures["tags"]
    assert made.through == max(one.pk for one in rows(database, Correction))
    with database.read() as unit:
        first = intake.models.of(unit, taught.pk)
        assert first.classify(question).ranked[0].tag == OWN
        assert intake.models.of(unit, taught.pk + 1) is intake.model  # of one brand alone
    deliver(question, subject="", sender="c@example.jp", message_id="<festival@a>")
    newest = max(rows(database, Ticket), key=lambda one: one.pk)
    with database.read() as unit:
        assert OWN in {on.name for on in tag.list_tags(unit, [newest.pk])[newest.pk]}
    with database.write() as unit:
        versions.go_back(unit, taught.pk, None)
    with database.read() as unit:
        assert intake.models.of(unit, taught.pk) is intake.model
    with database.write() as unit:
        versions.go_back(unit, taught.pk, unit.session.get_one(ModelVersion, made.pk))
    with database.read() as unit:
        again = Models(files, intake.model).of(unit, taught.pk)  # another process
    assert again.classify(question) == first.classify(question)
    text = prepare(question)
    assert again.margins(text).tobytes() == first.margins(text).tobytes()


def test_a_damaged_model_does_not_serve(
    database: Database, files: Files, brand: Brand, intake: Intake, tmp_path: Path
) -> None:
    good = classifiers.BUILTIN.read_bytes()
    digest = files.put(good)
    with database.write() as unit:
        unit.session.add(
            ModelVersion(brand_id=brand.pk, version=1, state="active", artifact=digest, created_at=unit.now)
        )
    assert find_fault(files, digest) is None
    files.path(digest).write_bytes(good[:-1000])
    assert "bytes" in (find_fault(files, digest) or "")
    with database.read() as unit:
        assert intake.models.of(unit, brand.pk) is intake.model
    assert digest in intake.models.faults
    files.drop(digest)
    assert find_fault(files, digest)


def test_a_training_that_fails_says_why(
    database: Database, files: Files, tmp_path: Path, account: ChannelAccount
) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "rows.jsonl").write_text('{"text": 1}\n')
    made = train(database, files, tmp_path / "bad", account.brand_id)
    assert made.state == "failed" and "rows.jsonl line 1" in made.error
    assert only(database, ModelVersion).lease_until is None


def test_nothing_to_train_is_nothing_done(database: Database, files: Files) -> None:
    assert asyncio.run(Trainer(database, files).drain()) == 0
