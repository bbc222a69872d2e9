"""Plans every conversation of the demo: who writes when about what, and what follows. Touches no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from helpdesk.demo import shop
from helpdesk.demo.kinds import KINDS, Kind
from helpdesk.demo.moments import WEEK, after_work, day_of, some_moment
from helpdesk.demo.orders import PlannedOrder
from helpdesk.demo.people import Person, strangers

DAYS, RECENT_DAYS = 90, 5
SPAM = "spam"
LEAD = 1  # place in shop.AGENTS
# openings that still wait: the older, the rarer
WAITING = ((0.4, 0.9), (1.0, 0.75), (2.0, 0.58), (3.0, 0.42), (4.0, 0.28), (5.0, 0.12), (8.0, 0.02))


@dataclass(frozen=True, slots=True)
class Step:
    """ask, answer, again, second, thanks, close, assign, note, points, spam … by whom, at its moment."""

    at: datetime
    kind: str
    agent: int = 0  # place in shop.AGENTS


@dataclass(slots=True)
class Story:
    place: int
    kind: Kind
    who: Person
    order: PlannedOrder | None
    opened: datetime
    agent: int
    steps: list[Step] = field(default_factory=list)

    @property
    def seed(self) -> str:
        return f"{self.place}:{self.kind.key}"


def plan_stories(
    rng: Random, people: list[Person], orders: list[PlannedOrder], now: datetime, *, scale: float
) -> list[Story]:
    """All conversations, in the order in which they began."""
    begun = [one for kind in KINDS for one in _openings(rng, kind, people, orders, now, scale)]
    begun.sort(key=lambda one: (one[2], one[0].key))
    stories = []
    for place, (kind, (who, order), opened) in enumerate(begun):
        story = Story(place, kind, who, order, opened, _agent(rng, who.language))
        story.steps = [step for step in _script(rng, story, now) if step.at <= now]
        stories.append(story)
    return stories


Opening = tuple[Kind, tuple[Person, PlannedOrder | None], datetime]


def _openings(
    rng: Random, kind: Kind, people: list[Person], orders: list[PlannedOrder], now: datetime, scale: float
) -> list[Opening]:
    count = max(1, round(kind.count * scale))
    if kind.window is None:
        writers = strangers(rng) if kind.key == SPAM else people
        return [(kind, (rng.choice(writers), None), _moment(rng, kind, now)) for _ in range(count)]
    free: list[tuple[PlannedOrder, datetime, datetime]] = []
    for order in orders:
        span = kind.window(order, now)
        since, until = (
            (max(span[0], now - DAYS * timedelta(days=1)), min(span[1], now)) if span else (now, now)
        )
        if since < until - timedelta(minutes=20):
            free.append((order, since, until))
    rng.shuffle(free)
    fresh = [one for one in free if one[2] > now - timedelta(days=RECENT_DAYS)]
    chosen = fresh[: round(count * kind.recent)]
    rest = [one for one in free if one not in chosen] if chosen else free
    chosen += rest[: count - len(chosen)]
    return [(kind, (order.who, order), _within(rng, since, until)) for order, since, until in chosen]


def _moment(rng: Random, kind: Kind, now: datetime) -> datetime:
    if rng.random() < kind.recent * 0.8:
        return now - timedelta(minutes=rng.uniform(4, RECENT_DAYS * 24 * 60))
    days = range(1, DAYS)
    weights = [WEEK[day_of(now - timedelta(days=ago)).weekday()] for ago in days]
    ago = rng.choices(days, weights)[0]
    return min(some_moment(rng, day_of(now - timedelta(days=ago))), now - timedelta(minutes=5))


def _within(rng: Random, since: datetime, until: datetime) -> datetime:
    """Somewhere between, at an hour at which people write if there is one."""
    moment = since
    for _ in range(6):
        moment = since + (until - since) * rng.random()
        if 7 <= (moment + timedelta(hours=9)).hour <= 23 and rng.random() < WEEK[day_of(moment).weekday()]:
            break
    return moment


def _agent(rng: Random, language: str) -> int:
    weights = {"ja": (3, 4, 6, 5, 0), "en": (0, 0.6, 0, 0, 9)}[language]
    return rng.choices(range(len(shop.AGENTS)), weights)[0]


def _script(rng: Random, story: Story, now: datetime) -> list[Step]:
    """What follows the first mail, as if time went on for ever."""
    kind, who = story.kind, story.agent
    steps = [Step(story.opened, "ask")]
    first = after_work(story.opened, rng.lognormvariate(3.9 if kind.urgent else 4.7, 0.8))
    if kind.key == SPAM:
        return [*steps, Step(first, "spam", who)]
    if rng.random() < _waits(story.opened, now):
        if kind.key == "stuck" and rng.random() < 0.7:
            steps.append(Step(story.opened + timedelta(minutes=rng.uniform(20, 300)), "mark", LEAD))
        if rng.random() < 0.45:
            steps.append(Step(first, "assign", who))
        return steps
    if rng.random() < 0.12 and kind.urgent:
        steps.append(Step(first - timedelta(minutes=2), "note", who))
    if kind.key == "stuck":
        steps.append(Step(first - timedelta(minutes=3), "mark", who))
    if rng.random() < 0.05:
        steps.append(Step(first - timedelta(minutes=1), "correct", who))
    steps.append(Step(first, "answer", who))
    last = _second_round(rng, story, steps, first, now) if rng.random() < kind.talk else first
    if rng.random() < kind.thanks:
        last = last + timedelta(hours=rng.lognormvariate(1.2, 0.9))
        steps.append(Step(last, "thanks"))
        return [*steps, Step(after_work(last, rng.uniform(3, 90)), "close", who)]
    later = after_work(last + timedelta(days=rng.uniform(3, 7)), rng.uniform(5, 400))
    return [*steps, Step(later, "close", who)]


def _second_round(rng: Random, story: Story, steps: list[Step], first: datetime, now: datetime) -> datetime:
    again = first + timedelta(hours=rng.lognormvariate(1.6, 0.9))
    steps.append(Step(again, "again"))
    if rng.random() < _waits(again, now) * 0.8:
        return now + timedelta(days=9)
    second = after_work(again, rng.lognormvariate(4.2, 0.7))
    kind = "points" if rng.random() < story.kind.points else "second"
    steps.append(Step(second, kind, story.agent))
    return second


def _waits(moment: datetime, now: datetime) -> float:
    age = (now - moment) / timedelta(days=1)
    return next((chance for days, chance in WAITING if age < days), 0.0)
