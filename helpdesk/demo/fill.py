"""Fills an empty database with the demo brand: plan everything, then play it in order of time."""

from __future__ import annotations

import gc
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import func
from sqlmodel import select

from classifiers import Model
from helpdesk.demo import articles, ending, scenes, shop, social, world
from helpdesk.demo.dice import dice
from helpdesk.demo.moments import SettableClock
from helpdesk.demo.orders import happenings, plan_orders
from helpdesk.demo.people import make_people
from helpdesk.demo.setting import set_up
from helpdesk.demo.stage import Stage
from helpdesk.demo.tickets import Story, plan_stories
from helpdesk.errors import Conflict
from helpdesk.intake.pipeline import Intake
from helpdesk.models import Brand, Customer, Message, Order, Ticket
from helpdesk.people.passwords import Passwords
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.triage import rank
from macros.catalog import Catalog

CUSTOMERS, ORDERS = 340, 880


@dataclass(frozen=True, slots=True)
class Summary:
    """What is there now. The password is shown once and kept nowhere."""

    brand: str
    agents: tuple[tuple[str, str, str], ...]  # name, e-mail, role
    password: str
    customers: int
    orders: int
    tickets: int
    messages: int
    seconds: float


def fill(
    database: Database,
    files: Files,
    seal: Seal,
    model: Model,
    catalog: Catalog,
    *,
    seed: int = 7,
    now: datetime | None = None,
    scale: float = 1.0,
    passwords: Passwords | None = None,
) -> Summary:
    """Everything a shop has after some months. Raises Conflict unless there is no brand and nobody yet."""
    started = time.perf_counter()
    now = now or database.clock()
    with database.read() as unit:
        if unit.session.exec(select(func.count()).select_from(Brand)).one():
            raise Conflict("the database holds a brand already; the demo needs an empty one")
    password = secrets.token_urlsafe(12)
    rng = dice(f"{shop.NAME}:{seed}")
    people = make_people(rng, max(12, round(CUSTOMERS * scale)))
    orders = plan_orders(rng, people, max(30, round(ORDERS * scale)), now)
    stories = plan_stories(rng, people, orders, now, scale=scale)
    clock = SettableClock(now)
    with _own_connection(database, clock) as own, _no_collecting():
        setting = set_up(own, clock, people, orders, now, (passwords or Passwords()).hash(password))
        with own.write() as unit:
            articles.write(unit, setting.brand_id, setting.agents[1])
        stage = Stage(clock, Intake(own, files, seal, model), catalog, setting.account_id, setting.agents)
        life = world.World(own, clock, setting.brand_id, setting.customers, happenings(orders, now))
        talks = social.open_talks(stage, setting.brand_id, orders, now)
        turns = scenes.plan(people, orders, now)
        for at, _place, play in sorted(_script(stage, stories, talks, turns, now), key=lambda one: one[:2]):
            life.advance(at)
            play()
        life.advance(now)
        talks.ask_who_is_who()
        clock.now = now
        ending.finish(stage, setting, now)
        with own.write() as unit:
            articles.judge(unit, setting.brand_id, now)
        rank.rerank_waiting(own)
    return _summary(database, password, started)


def _script(
    stage: Stage,
    stories: Sequence[Story],
    talks: social.Talks,
    turns: Iterable[scenes.Turn],
    now: datetime,
) -> Iterator[tuple[datetime, int, Callable[[], None]]]:
    """Everything that people do, each with its moment and a number that settles who is first."""
    for story in stories:
        for step in story.steps:
            yield step.at, story.place, partial(stage.play, story, step)
    for turn in social.plan(now, talks.order):
        yield turn.at, len(stories) + turn.place, partial(talks.play, turn)
    for scene in turns:
        yield scene.at, -scene.scene.number, partial(scenes.play, stage, scene)


@contextmanager
def _own_connection(database: Database, clock: SettableClock) -> Iterator[Database]:
    """The same database under the story's clock; a crash meanwhile may cost the demo, nothing else."""
    own = Database(database.url, clock=clock)
    try:
        if own.sqlite:
            _synchronous(own, "OFF")
        yield own
    finally:
        own.close()


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Millions of short-lived rows: looking for cycles among them costs a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _synchronous(database: Database, level: str) -> None:
    connection = database.engine.raw_connection()
    try:
        connection.cursor().execute(f"PRAGMA synchronous={level}")
    finally:
        connection.close()


def _summary(database: Database, password: str, started: float) -> Summary:
    with database.read() as unit:

        def count(table: type[Customer | Order | Ticket | Message]) -> int:
            return int(unit.session.exec(select(func.count()).select_from(table)).one())

        return Summary(
            brand=shop.NAME,
            agents=tuple((one.name, one.email, one.role) for one in shop.AGENTS),
            password=password,
            customers=count(Customer),
            orders=count(Order),
            tickets=count(Ticket),
            messages=count(Message),
            seconds=time.perf_counter() - started,
        )


__all__ = ["Summary", "fill"]
