"""`helpdesk demo`, and what `serve --demo` does first: a believable shop in an empty database."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from helpdesk import app
from helpdesk.cli import add_data, logs
from helpdesk.demo import fill as filling
from helpdesk.demo import storefront
from helpdesk.demo.storefront import pages
from helpdesk.demo.storefront.chat import open_chat
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


@contextmanager
def shop_opened(parts: Parts, host: str, port: int) -> Iterator[None]:
    """The demo brand's shop on an origin of its own, with the chat in its pages, for as long as the block lasts."""
    origins = [f"http://{name}:{port}" for name in dict.fromkeys((host, "127.0.0.1", "localhost"))]
    with parts.database.write() as unit:
        key = open_chat(unit, parts.seal, origins=origins)
    try:
        opened = storefront.serving(port, helpdesk=parts.settings.base_url, widget=lambda: key, host=host)
        with opened as address:
            logs.say(f"Demo shop with the chat: {address}{pages.HOME}")
            yield
    except storefront.PortTaken:
        logs.say(f"The demo shop stays shut: port {port} is taken. Choose another --port.")
        yield
