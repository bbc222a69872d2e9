"""`helpdesk user add|password|list`: accounts from the console, for when nobody can sign in."""

from __future__ import annotations

import argparse
import json
import secrets
import sys

from helpdesk.cli import add_data
from helpdesk.errors import NotFound
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
    renew = commands.add_parser("password", help="a new password for somebody who cannot sign in")
    renew.add_argument("email")
    renew.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    add_data(renew)
    renew.set_defaults(run=run_password)
    show = commands.add_parser("list", help="all accounts")
    show.add_argument("--json", action="store_true")
    add_data(show)
    show.set_defaults(run=run_list)


def run_add(arguments: argparse.Namespace) -> int:
    password = _password(arguments)
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
    _tell(arguments, f"{arguments.email} may sign in as {arguments.role}", password)
    return 0


def run_password(arguments: argparse.Namespace) -> int:
    password = _password(arguments)
    hashed = Passwords().hash(password)
    database = _database(arguments)
    with database.write() as unit:
        agent = accounts.find_by_email(unit, arguments.email)
        if agent is None:
            raise NotFound(f"nobody has the address {arguments.email}; see: helpdesk user list")
        accounts.set_password(unit, agent, hashed)
    database.close()
    _tell(arguments, f"{arguments.email} has a new password", password)
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
        sys.stdout.write(
            f"{row['email']}\t{row['name']}\t{row['role']}\t{'active' if row['active'] else 'off'}\n"
        )
    return 0


def _password(arguments: argparse.Namespace) -> str:
    return sys.stdin.readline().rstrip("\r\n") if arguments.password_stdin else secrets.token_urlsafe(12)


def _tell(arguments: argparse.Namespace, words: str, password: str) -> None:
    sys.stdout.write(f"{words}\n")
    if not arguments.password_stdin:
        sys.stdout.write(f"password, shown this once: {password}\n")


def _database(arguments: argparse.Namespace) -> Database:
    database = Database(load(data=arguments.data).url)
    migrate.upgrade(database)
    return database
