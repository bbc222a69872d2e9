"""The whole way: corrections, a process of its own, a model that serves, and back."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlmodel import select

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
from helpdesk.work import apart, training
from helpdesk.work.training import Trainer
from tests.conftest import StandingClock
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


def test_going_back_gives_the_same_bytes_on_two_hundred_messages(
    database: Database, files: Files, corpus: Path, taught: Brand, intake: Intake
) -> None:
    messages = [row.text for row in classifiers.read_corpus()[::50]][:200]
    assert len(messages) == 200
    first = train(database, files, corpus, taught.pk)
    before = answers(database, files, intake, taught.pk, messages)
    with database.write() as unit:
        for one in unit.session.exec(select(Correction)).all()[:5]:
            one.kind = "tag_removed"
    second = train(database, files, corpus, taught.pk)
    assert second.state == "active" and second.artifact != first.artifact
    assert answers(database, files, intake, taught.pk, messages) != before
    with database.write() as unit:
        versions.go_back(unit, taught.pk, unit.session.get_one(ModelVersion, first.pk))
    assert answers(database, files, intake, taught.pk, messages) == before


def answers(
    database: Database, files: Files, intake: Intake, brand_id: int, messages: Sequence[str]
) -> list[tuple[bytes, object]]:
    """As a process that has just started gives them."""
    with database.read() as unit:
        model = Models(files, intake.model).of(unit, brand_id)
    assert model is not intake.model
    return [(model.margins(prepare(text)).tobytes(), model.classify(text)) for text in messages]


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


def test_a_model_that_was_restored_serves_again(
    database: Database, files: Files, brand: Brand, intake: Intake
) -> None:
    good = classifiers.BUILTIN.read_bytes()
    digest = files.put(good)
    models = Models(files, intake.model, again=0)
    files.path(digest).write_bytes(good[:-1])
    assert models.load(digest) is None and digest in models.faults
    files.path(digest).write_bytes(good)
    assert models.load(digest) is not None and not models.faults


def test_one_that_serves_is_not_disturbed_by_a_file_that_is_damaged_later(
    files: Files, intake: Intake
) -> None:
    digest = files.put(classifiers.BUILTIN.read_bytes())
    first = intake.models.load(digest)
    files.path(digest).write_bytes(b"")
    assert intake.models.load(digest) is first is not None
    assert find_fault(files, digest)  # the page tells, whichever process has it loaded


class FullDisk(Files):
    """Takes nothing any more."""

    def put(self, content: bytes) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_fails_the_training_and_not_the_model_that_serves(
    database: Database, files: Files, corpus: Path, taught: Brand
) -> None:
    served = train(database, files, corpus, taught.pk)
    made = train(database, FullDisk(files.folder), corpus, taught.pk)
    assert made.state == "failed" and "No space left on device; see to the disk" in made.error
    with database.read() as unit:
        active = versions.find_active(unit, taught.pk)
    assert active is not None and active.version == served.version


def test_the_night_waits_until_the_helpdesk_has_run_for_an_hour(
    database: Database, files: Files, taught: Brand, clock: StandingClock
) -> None:
    clock.advance(hours=15)  # three in the morning
    trainer = Trainer(database, files)
    assert trainer.ask_nightly() == 0
    clock.advance(hours=1)
    assert trainer.ask_nightly() == 1


def test_a_model_that_cannot_serve_is_trained_anew_by_night(
    database: Database, files: Files, corpus: Path, taught: Brand, clock: StandingClock
) -> None:
    served = train(database, files, corpus, taught.pk)
    trainer = Trainer(database, files, corpus=corpus)
    clock.advance(days=1, hours=15)
    assert trainer.ask_nightly() == 0  # nothing new
    files.path(served.artifact).write_bytes(b"of an older program")
    assert trainer.ask_nightly() == 1
    assert trainer.ask_nightly() == 0
    asyncio.run(trainer.drain())
    with database.read() as unit:
        active = versions.find_active(unit, taught.pk)
    assert active is not None and active.version > served.version
    assert find_fault(files, active.artifact) is None


def test_a_training_that_says_nothing_for_long_keeps_its_lease(
    database: Database, files: Files, corpus: Path, taught: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "RENEWED", 0.02)
    told: list[str] = []
    database.listeners.append(lambda happened: told.extend(one.name for one in happened))
    made = train(database, files, corpus, taught.pk)
    assert made.state == "active" and made.attempts == 1
    assert told.count("model_progress") > 10  # it speaks six times by itself


def test_rows_that_a_crash_left_behind_are_swept_away(
    database: Database, files: Files, brand: Brand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, young = (tmp_path / f"{apart.FOLDER}{name}" for name in ("old", "young"))
    for folder in (old, young):
        folder.mkdir()
        (folder / "own.jsonl").write_text("words")
    os.utime(old, (0, 0))
    assert train(database, files, tmp_path / "no corpus", brand.pk).state == "failed"
    assert young.exists() and not old.exists()


def test_nothing_to_train_is_nothing_done(database: Database, files: Files) -> None:
    assert asyncio.run(Trainer(database, files).drain()) == 0
