from __future__ import annotations

import mailbox
import os
from pathlib import Path

import pytest

from helpdesk.errors import Invalid, NotFound
from helpdesk.intake.importing import import_mail, read_mails
from helpdesk.intake.pipeline import Intake
from helpdesk.models import ChannelAccount, InboundEvent, Message
from helpdesk.store.db import Database
from tests.helpdesk.stories import mail, only, rows


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """2 .eml, an mbox of 3 (one with a From line inside), a Maildir of 2, and things that are no mail."""
    folder = tmp_path / "archive"
    (folder / "deep").mkdir(parents=True)
    (folder / "one.eml").write_bytes(mail("一", message_id="<1@x>"))
    (folder / "deep" / "no-ending").write_bytes(mail("二", message_id="<2@x>"))
    (folder / "notes.txt").write_text("From here on: nothing is mail\n")
    (folder / "list.json").write_text("{}")
    box = mailbox.mbox(folder / "old.mbox")
    for number in (3, 4, 5):
        box.add(mail(f"hello\nFrom the start {number}", message_id=f"<{number}@x>"))
    box.close()
    tree = mailbox.Maildir(folder / "tree")
    for number in (6, 7):
        tree.add(mail("九", message_id=f"<{number}@x>"))
    return folder


def test_every_kind_of_archive_is_taken_and_twice_gives_only_duplicates(
    database: Database, account: ChannelAccount, intake: Intake, archive: Path
) -> None:
    first = import_mail(intake, archive, to="Support@Aoba.example")
    assert (first.read, first.imported, first.duplicates, first.quarantined) == (7, 7, 0, 0)
    assert (first.tickets, first.customers) == (7, 1)
    again = import_mail(intake, archive)
    assert (again.read, again.imported, again.duplicates, again.tickets) == (7, 0, 7, 0)
    assert {message.reply for message in rows(database, Message)} >= {"hello\nFrom the start 3", "一", "九"}


def test_a_bad_mail_does_not_hold_up_its_batch(
    database: Database, account: ChannelAccount, intake: Intake, tmp_path: Path
) -> None:
    for number in range(10):
        raw = (
            b"Subject: nobody\n\nx%d" % number
            if number % 3 == 0
            else mail(str(number), message_id=f"<{number}@x>")
        )
        (tmp_path / f"{number}.eml").write_bytes(raw)
    (tmp_path / "empty.eml").write_bytes(b"")
    summary = import_mail(intake, tmp_path)
    assert (summary.read, summary.imported, summary.quarantined) == (11, 6, 5)
    assert len({event.reason for event in rows(database, InboundEvent) if event.state == "quarantined"}) == 2


def test_a_file_name_that_is_no_utf_8_is_kept_readable(
    database: Database, account: ChannelAccount, intake: Intake, tmp_path: Path
) -> None:
    name = os.fsdecode("注文.eml".encode("cp932"))
    (tmp_path / name).write_bytes(mail("一", message_id="<1@x>"))
    assert import_mail(intake, tmp_path).imported == 1
    where = only(database, InboundEvent).meta["file"]
    assert where.encode() and where.endswith(".eml") and "\N{REPLACEMENT CHARACTER}" in where


def test_an_unknown_mailbox_or_path_says_what_to_do(
    account: ChannelAccount, intake: Intake, tmp_path: Path
) -> None:
    with pytest.raises(NotFound, match="settings"):
        import_mail(intake, tmp_path, to="nobody@aoba.example")
    with pytest.raises(Invalid, match="does not exist"):
        import_mail(intake, tmp_path / "gone")


def test_the_measuring_folder_is_taken_whole(
    database: Database, account: ChannelAccount, intake: Intake
) -> None:
    folder = Path(os.environ.get("HELPDESK_SHARED", "../shared")) / "data" / "email" / "corpora"
    if not folder.is_dir():
        pytest.skip("the measuring data (HELPDESK_SHARED) is not on this machine")
    expected = sum(1 for _ in read_mails(folder / "zammad"))
    summary = import_mail(intake, folder / "zammad")
    assert summary.read == expected > 0
    assert summary.read == summary.imported + summary.duplicates + summary.quarantined
    again = import_mail(intake, folder / "zammad")
    assert (again.read, again.duplicates) == (summary.read, summary.read)
