"""Archives of mail on disk: .eml files, folders of them, mbox and Maildir. Twice gives only duplicates."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import func
from sqlmodel import col, select

from helpdesk.errors import Invalid, NotFound
from helpdesk.intake import journal, mbox
from helpdesk.intake.pipeline import Intake, Outcome
from helpdesk.models import ChannelAccount, Customer, InboundEvent, Ticket
from helpdesk.store.db import Unit

BATCH = 25  # mails journalled in one transaction
MAIL_ENDINGS = frozenset((".eml", ".mbox", ".mbx", ".mail", ".box"))
HEADER = re.compile(rb"[!-9;-~]+:|[ \t]|From ")
MAIL_HEADER = re.compile(
    rb"(From|To|Subject|Date|Received|Return-Path|Message-ID|MIME-Version):|From ", re.IGNORECASE
)


@dataclass(slots=True)
class Summary:
    """read = imported + duplicates + quarantined; tickets and customers are the new ones."""

    read: int = 0
    imported: int = 0
    duplicates: int = 0
    quarantined: int = 0
    tickets: int = 0
    customers: int = 0
    seconds: float = 0.0

    def as_dict(self) -> dict[str, int | float]:
        return asdict(self) | {"seconds": round(self.seconds, 3)}


def import_mail(intake: Intake, path: Path, *, to: str | None = None) -> Summary:
    """Take in everything under `path`, as if it had come to the mailbox `to` (else the first one)."""
    started = time.perf_counter()
    summary = Summary()
    with intake.database.read() as unit:
        account_id = _account(unit, to).pk
        before = _counts(unit)
    batch: list[tuple[str, bytes]] = []
    for found in read_mails(path):
        batch.append(found)
        if len(batch) >= BATCH:
            _take(intake, account_id, batch, summary)
            batch = []
    _take(intake, account_id, batch, summary)
    with intake.database.read() as unit:
        after = _counts(unit)
    summary.tickets, summary.customers = after[0] - before[0], after[1] - before[1]
    summary.seconds = time.perf_counter() - started
    return summary


def read_mails(path: Path) -> Iterator[tuple[str, bytes]]:
    """(where it stood, raw bytes) of every mail: of a file, an mbox, a Maildir, or a folder of any of these."""
    if not path.exists():
        raise Invalid("%(path)s does not exist; name a file or a folder of mail", path=path)
    if path.is_file():
        yield from _read_file(path)
    elif (path / "cur").is_dir() and (path / "new").is_dir():
        yield from _read_maildir(path)
    else:
        for inner in sorted(path.iterdir()):
            if inner.is_dir() or looks_like_mail(inner):
                yield from read_mails(inner)


def looks_like_mail(file: Path) -> bool:
    """In a folder other things may lie beside the mails: notes, lists, programs."""
    if file.suffix.lower() in MAIL_ENDINGS:
        return True
    with file.open("rb") as start:
        lines = start.read(4096).partition(b"\n\n")[0].splitlines()[:-1]
    return all(map(HEADER.match, lines)) and any(map(MAIL_HEADER.match, lines))


def _read_file(path: Path) -> Iterator[tuple[str, bytes]]:
    with path.open("rb") as file:
        if file.read(len(mbox.START)) == mbox.START:
            file.seek(0)
            for place, raw in enumerate(mbox.split(file)):
                yield f"{path}#{place}", raw
            return
    yield str(path), path.read_bytes()


def _read_maildir(path: Path) -> Iterator[tuple[str, bytes]]:
    for state in ("new", "cur"):
        for file in sorted((path / state).iterdir()):
            if file.is_file():
                yield str(file), file.read_bytes()
    for folder in sorted(path.glob(".*")):
        if folder.is_dir() and (folder / "cur").is_dir():
            yield from _read_maildir(folder)


def _take(intake: Intake, account_id: int, batch: list[tuple[str, bytes]], summary: Summary) -> None:
    """Journal first, in one transaction; then process one by one."""
    summary.read += len(batch)
    with intake.database.write() as unit:
        account = unit.session.get_one(ChannelAccount, account_id)
        arrivals = [
            journal.Arrival(raw, meta={"via": "import", "file": _printable(where)}) for where, raw in batch
        ]
        events = journal.record_many(unit, account, arrivals)
        ids = [event.pk for event in events if event is not None]
    summary.duplicates += len(batch) - len(ids)
    for event_id, outcome in zip(ids, intake.process_many(ids), strict=True):
        if outcome is Outcome.SKIPPED:
            outcome = _outcome_of(intake, event_id)
        summary.imported += outcome is Outcome.IMPORTED
        summary.duplicates += outcome is Outcome.DUPLICATE
        summary.quarantined += outcome is Outcome.QUARANTINED


def _printable(where: str) -> str:
    """A file name in Shift_JIS is no UTF-8: the database refuses the marks that stand for its bytes."""
    return os.fsencode(where).decode("utf-8", "replace")


def _outcome_of(intake: Intake, event_id: int) -> Outcome:
    """A worker beside us was faster; what did it make of it?"""
    with intake.database.read() as unit:
        state = unit.session.get_one(InboundEvent, event_id).state
    return {"done": Outcome.IMPORTED, "duplicate": Outcome.DUPLICATE}.get(state, Outcome.QUARANTINED)


def _account(unit: Unit, to: str | None) -> ChannelAccount:
    statement = select(ChannelAccount).where(ChannelAccount.kind == "email").order_by(col(ChannelAccount.id))
    if to:
        statement = statement.where(ChannelAccount.address == to.strip().lower())
    account = unit.session.exec(statement).first()
    if account is None:
        if to:
            raise NotFound(
                "no mailbox has the address %(address)s; see the mailboxes in the settings", address=to
            )
        raise NotFound(
            "there is no mailbox yet; start with `helpdesk serve --demo` or add one in the settings"
        )
    return account


def _counts(unit: Unit) -> tuple[int, int]:
    tickets = unit.session.exec(select(func.count()).select_from(Ticket)).one()
    customers = unit.session.exec(select(func.count()).select_from(Customer)).one()
    return int(tickets), int(customers)
