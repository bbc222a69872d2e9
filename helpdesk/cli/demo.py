"""`helpdesk demo`, and what `serve --demo` does first: a believable shop in an empty database."""

from __future__ import annotations

import argparse

from helpdesk import app
from helpdesk.cli import add_data, logs
from helpdesk.demo import fill as filling
from helpdesk.errors import Misconfigured
from helpdesk.people import accounts, brands
from helpdesk.settings import load
from helpdesk.store import migrate
from helpdesk.web.state import Parts

THERE = (
    "The demo shop is there already; sign in as before. "
    "Forgot the password? helpdesk user list, then: helpdesk user password EMAIL"
)


def configure(parser: argparse.ArgumentParser) -> None:
    add_data(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    settings = load(data=arguments.data)
    logs.configure(settings)
    parts = app.make_parts(settings)
    migrate.upgrade(parts.database)
    logs.say(fill(parts))
    parts.database.close()
    return 0


def fill(parts: Parts) -> str:
    """What to tell: who may sign in, with the password that is shown this once."""
    with parts.database.read() as unit:
        if brands.list_all(unit) or accounts.count_agents(unit):
            return THERE
    if parts.model is None:
        raise Misconfigured("the classifier has not been built; run: python -m classifiers.build")
    logs.say("Filling the demo shop, this takes a few seconds …")
    made = filling.fill(
        parts.database, parts.files, parts.seal, parts.model, parts.catalog, passwords=parts.passwords
    )
    people = "\n".join(f"  {email}  ({name}, {role})" for name, email, role in made.agents)
    return (
        f"{made.brand}: {made.customers} customers, {made.orders} orders, {made.tickets} tickets, "
        f"{made.messages} messages.\nSign in as one of\n{people}\n"
        f"  password, shown this once: {made.password}"
    )
