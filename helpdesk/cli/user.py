"""`helpdesk user add|list`: accounts from the console, for the first one and for when nobody can sign in."""

from __future__ import annotations

import argparse
import json
import secrets
import sys

from helpdesk.cli import add_data
from helpdesk.models import Role
from helpdesk.people import accounts
from helpdesk.people.passwords import Passwords
from helpdesk.settings import load
from helpdesk.store import migrate
from helpdesk.store.db import Database


def configure(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    add = commands.add_parser("add", help="make an account")
    add.add_argument("email")
    add.add_argument("--name", required=True)
    add.add_argument("--role", choices=[role.value for role in Role], default=Role.AGENT.value)
    add.add_argument("--language", choices=("ja", "en"), default="ja")
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    add_data(add)
    add.set_defaults(run=run_add)
    show = commands.add_parser("list", help="all accounts")
    show.add_argument("--json", action="store_true")
    add_data(show)
    show.set_defaults(run=run_list)


def run_add(arguments: argparse.Namespace) -> int:
    password = sys.stdin.readline().rstrip("\r\n") if arguments.password_stdin else secrets.token_urlsafe(12)
    hashed = Passwords().hash(password)
    database = _database(arguments)
    with database.write() as unit:
        accounts.create_agent(
            unit,
            email=arguments.email,
            name=arguments.name,
            role=arguments.role,
            password_hash=hashed,
            language=arguments.language,
        )
    database.close()
    sys.stdout.write(f"{arguments.email} may sign in as {arguments.role}\n")
    if not arguments.password_stdin:
        sys.stdout.write(f"password, shown this once: {password}\n")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    database = _database(arguments)
    with database.read() as unit:
        agents = accounts.list_agents(unit)
    database.close()
    rows = [{"email": one.email, "name": one.name, "role": one.role, "active": one.active} for one in agents]
    if arguments.json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
        return 0
    for row in rows:
        sys.stdout.write(f"{row['email']}\t{row['name']}\t{row['role']}\t{'active' if row['active'] else 'off'}\n")
    return 0


def _database(arguments: argparse.Namespace) -> Database:
    database = Database(load(data=arguments.data).url)
    migrate.upgrade(database)
    return database
