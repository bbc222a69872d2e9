"""Twenty people ask by mail and on LINE at once, each channel taken in by a process of its own: twenty tickets."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import classifiers
from helpdesk.intake.pipeline import Intake
from helpdesk.models import Brand, Message, Status, Ticket
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from tests.conftest import SECRET, StandingClock
from tests.flows.asking_worker import take_in
from tests.helpdesk.intake.ways import Ways
from tests.helpdesk.stories import rows

PEOPLE = 20


def test_two_processes_make_one_ticket_of_one_question(
    database: Database, brand: Brand, seal: Seal, files: Files, clock: StandingClock, tmp_path: Path
) -> None:
    ways = Ways(database, brand, seal, Intake(database, files, seal, classifiers.builtin())).open()
    mails, lines = [], []
    for number in range(PEOPLE):
        person = ways.person()
        ways.known(person, "line")
        mails.append(
            ways.arrive(person, "email", f"注文AB-{20_000 + number}がまだ届きません。いつ届きますか？")
        )
        lines.append(ways.arrive(person, "line", f"AB-{20_000 + number}、まだ届かないんですが今どこですか"))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.flows.asking_worker"])
    start = context.Barrier(2)
    processes = [
        context.Process(
            target=take_in, args=(database.url, str(tmp_path / "files"), SECRET, clock.now, events, start)
        )
        for events in (mails, lines)
    ]
    for one in processes:
        one.start()
    for one in processes:
        one.join(120)
        assert one.exitcode == 0
    live = [one for one in rows(database, Ticket) if one.status != Status.MERGED]
    assert len(rows(database, Message)) == 2 * PEOPLE
    assert len(live) == PEOPLE
    assert {one.messages_count for one in live} == {2}
