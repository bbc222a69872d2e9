"""How fast mail is imported on SQLite (parse, classify, thread, rank, index, commit), against a bare floor.

The floor does what no helpdesk can do without: parse with the standard library and insert one row a mail, one
commit a mail. Both run in turn on the same mails in the same process; only ratios and medians are worth quoting.

    python tests/bench/import_mail.py [--mails 600] [--rounds 3]
"""

from __future__ import annotations

import argparse
import email
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import classifiers
from helpdesk.intake.importing import import_mail
from helpdesk.intake.pipeline import Intake
from helpdesk.models import Brand, ChannelAccount
from helpdesk.store import migrate
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import tag

START = datetime(2026, 1, 5, tzinfo=UTC)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=600)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    mails = make_mails(given.mails)
    pairs = [(floor(mails), helpdesk(mails)) for _ in range(given.rounds)]
    rates = [given.mails / ours for _, ours in pairs]
    ratios = [ours / bare for bare, ours in pairs]
    each = ", ".join(f"{rate:.0f}" for rate in rates)
    print(f"import: {statistics.median(rates):.0f} mails/s (median of {given.rounds}: {each})")
    print(f"floor:  {statistics.median(given.mails / bare for bare, _ in pairs):.0f} mails/s")
    print(f"ratio to the floor: {statistics.median(ratios):.1f} times its time")


def make_mails(count: int) -> list[bytes]:
    """A third Japanese in ISO-2022-JP, a third English, a third answers with quoted history; one in ten with a file."""
    dice = random.Random(7)
    mails = []
    for number in range(count):
        message = EmailMessage()
        person = dice.randrange(count // 3 + 1)
        message["From"] = f"Customer {person} <c{person}@example.com>"
        message["To"] = "support@shop.example"
        message["Message-ID"] = f"<{number}@example.com>"
        message["Date"] = format_datetime(START + timedelta(minutes=number))
        if number % 3 == 0:
            message["Subject"] = f"注文 HK-{20000 + number} について"
            message.set_content(
                f"お世話になっております。\n注文番号HK-{20000 + number}の荷物がまだ届きません。\n{dice.random()}\n",
                charset="iso-2022-jp",
            )
        elif number % 3 == 1:
            message["Subject"] = f"Order HK-{20000 + number}"
            message.set_content(
                f"Hello,\n\nthe mug arrived broken, I would like a refund. {dice.random()}\n\nBest,\nC\n"
            )
        else:
            message["Subject"] = "Re: Order"
            message["In-Reply-To"] = f"<{number - 1}@example.com>"
            quoted = "\n".join(f"> line {line} of the earlier mail" for line in range(30))
            message.set_content(
                f"Any news?\n\nOn Mon, Jan 5, 2026 at 9:00 AM Shop <support@shop.example> wrote:\n{quoted}\n"
            )
        if number % 10 == 0:
            message.add_attachment(
                dice.randbytes(20_000), maintype="image", subtype="jpeg", filename="photo.jpg"
            )
        mails.append(message.as_bytes())
    return mails


def floor(mails: list[bytes]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "floor.sqlite3", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(
            "CREATE TABLE mail (id INTEGER PRIMARY KEY, sender TEXT, subject TEXT, body TEXT, raw BLOB)"
        )
        started = time.perf_counter()
        for raw in mails:
            parsed = email.message_from_bytes(raw)
            part = next(one for one in parsed.walk() if one.get_content_type() == "text/plain")
            body = part.get_payload(decode=True)
            connection.execute(
                "INSERT INTO mail (sender, subject, body, raw) VALUES (?,?,?,?)",
                (parsed["From"], str(parsed["Subject"]), bytes(body or b""), raw),  # type: ignore[arg-type]
            )
        spent = time.perf_counter() - started
        connection.close()
    return spent


def helpdesk(mails: list[bytes]) -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, raw in enumerate(mails):
            (folder / f"{number:05}.eml").write_bytes(raw)
        database = Database(f"sqlite:///{folder / 'data' / 'helpdesk.sqlite3'}")
        migrate.upgrade(database)
        with database.write() as unit:
            brand = Brand(name="Bench", created_at=unit.now)
            unit.session.add(brand)
            unit.session.flush()
            unit.session.add(
                ChannelAccount(
                    brand_id=brand.pk, kind="email", address="support@shop.example", created_at=unit.now
                )
            )
            tag.ensure_tags(unit, brand)
        intake = Intake(database, Files(folder / "data" / "files"), Seal("bench"), classifiers.builtin())
        (folder / "mails").mkdir()
        for file in folder.glob("*.eml"):
            file.rename(folder / "mails" / file.name)
        started = time.perf_counter()
        summary = import_mail(intake, folder / "mails")
        spent = time.perf_counter() - started
        assert summary.imported == len(mails), summary
        database.close()
    return spent


if __name__ == "__main__":
    main()
