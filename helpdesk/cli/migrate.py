"""`helpdesk migrate`: what is missing is applied; running it again changes nothing."""

from __future__ import annotations

import argparse
import sys

from helpdesk.cli import add_data
from helpdesk.settings import load
from helpdesk.store import migrate
from helpdesk.store.db import Database


def configure(parser: argparse.ArgumentParser) -> None:
    add_data(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    database = Database(load(data=arguments.data).url)
    try:
        fresh = migrate.up_to_date(database)
        migrate.upgrade(database)
    finally:
        database.close()
    sys.stdout.write("the database is up to date\n" if fresh else "the database was brought up to date\n")
    return 0
