"""`helpdesk doctor`: is everything in place? One line for each check, with what to do where it is not."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

import classifiers
from helpdesk import i18n
from helpdesk.channels.social import CHANNELS
from helpdesk.cli import add_data
from helpdesk.errors import HelpdeskError
from helpdesk.models import ChannelAccount
from helpdesk.people import brands
from helpdesk.settings import Settings, load
from helpdesk.social import health
from helpdesk.store import migrate, seal
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.triage import serving, versions
from helpdesk.web import assets

LEAST_FREE = 1_000_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    good: bool
    words: str


def configure(parser: argparse.ArgumentParser) -> None:
    add_data(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    found = list(examine(load(data=arguments.data)))
    if arguments.json:
        sys.stdout.write(json.dumps([asdict(check) for check in found], ensure_ascii=False) + "\n")
    else:
        for check in found:
            sys.stdout.write(f"{'ok  ' if check.good else 'BAD '} {check.name}: {check.words}\n")
    return 0 if all(check.good for check in found) else 1


def examine(settings: Settings) -> Iterator[Check]:
    yield _folder(settings)
    yield _disk(settings)
    yield _guarded("secret key", lambda: _key(settings))
    yield from _database(settings)
    yield _guarded("classifier", _classifier)
    vendor = assets.vendor_present()
    yield Check("browser libraries", vendor, "present" if vendor else "missing; run: make vendor")
    locale = all((i18n.LOCALE / code / "LC_MESSAGES" / "messages.mo").exists() for code in ("ja",))
    yield Check("translations", locale, "compiled" if locale else "not compiled; run: make locale")


def _folder(settings: Settings) -> Check:
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        good = os.access(settings.data, os.W_OK)
    except OSError:
        good = False
    words = (
        str(settings.data) if good else f"{settings.data} cannot be written; change its owner or use --data"
    )
    return Check("data folder", good, words)


def _disk(settings: Settings) -> Check:
    try:
        free = shutil.disk_usage(settings.data).free
    except OSError as error:
        return Check("disk", False, str(error))
    words = f"{free / 1e9:.1f} GB free"
    return Check("disk", free > LEAST_FREE, words if free > LEAST_FREE else f"{words}; make room")


def _key(settings: Settings) -> str:
    seal.load(settings.secret_key.get_secret_value(), settings.data)
    if settings.secret_key.get_secret_value():
        return "from the settings"
    mode = (settings.data / seal.KEY_FILE).stat().st_mode & 0o777
    if mode & 0o077:
        raise OSError(f"others may read {settings.data / seal.KEY_FILE}; run: chmod 600 on it")
    return str(settings.data / seal.KEY_FILE)


def _database(settings: Settings) -> Iterator[Check]:
    try:
        database = Database(settings.url)
        database.ping()
    except (SQLAlchemyError, HelpdeskError, OSError) as error:
        yield Check("database", False, f"{str(error).splitlines()[0]}; check HELPDESK_DATABASE_URL")
        return
    yield Check("database", True, "SQLite" if database.sqlite else "PostgreSQL")
    fresh = migrate.up_to_date(database)
    yield Check("migrations", fresh, "up to date" if fresh else "missing; run: helpdesk migrate")
    if fresh:
        yield from _channels(database)
        yield from _models(database, Files(settings.data / "files"))
    database.close()


def _channels(database: Database) -> Iterator[Check]:
    """Accounts at providers that are connected and not paused, as they stood at their last check."""
    with database.read() as unit:
        connected = select(ChannelAccount).where(
            col(ChannelAccount.kind).in_(list(CHANNELS)), col(ChannelAccount.active).is_(True)
        )
        rows = list(unit.session.exec(connected.order_by(col(ChannelAccount.id))))
        states = health.list_states(unit, rows)
    for row in rows:
        found = states[row.pk]
        words = " ".join(one.text for one in found.problems) or found.level.value
        yield Check(f"{row.kind} {row.name or row.address}", found.level is not health.Level.FAILING, words)


def _models(database: Database, files: Files) -> Iterator[Check]:
    """What serves for a brand, where its team has taught a model."""
    with database.read() as unit:
        active = [(brand.name, versions.find_active(unit, brand.pk)) for brand in brands.list_all(unit)]
    for name, row in active:
        if row is None:
            continue
        fault = serving.find_fault(files, row.artifact)
        todo = "the built-in model serves; restore its file from a backup, or train again or go back on"
        words = f"{fault}; {todo} Settings → Classifier" if fault else f"version {row.version}"
        yield Check(f"classifier of {name}", fault is None, words)


def _classifier() -> str:
    try:
        return f"{len(classifiers.builtin().tags)} tags"
    except classifiers.ArtifactRefused as error:
        raise ValueError(f"{error}; run: python -m classifiers.build") from error


def _guarded(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, True, check())
    except (OSError, ValueError, HelpdeskError) as error:
        return Check(name, False, str(error))
