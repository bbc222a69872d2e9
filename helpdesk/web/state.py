"""What every handler may use: the parts that `app.build` made, and who is asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from starlette.requests import HTTPConnection

from classifiers import Model
from helpdesk.access import Access
from helpdesk.live.switchboard import Switchboard
from helpdesk.models import Agent
from helpdesk.people.passwords import Passwords
from helpdesk.settings import Settings
from helpdesk.store.db import Database, Unit
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.triage.serving import Models
from macros.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Parts:
    """Made once for each process. `model` is None until the classifier has been built."""

    settings: Settings
    database: Database
    files: Files
    seal: Seal
    catalog: Catalog
    model: Model | None
    passwords: Passwords
    live: Switchboard
    models: Models | None = None


def parts(request: HTTPConnection) -> Parts:
    return cast(Parts, request.app.state.parts)


def find_model(request: HTTPConnection, unit: Unit, brand_id: int) -> Model | None:
    """What reads this brand's messages; None until the classifier has been built."""
    models = parts(request).models
    return models.of(unit, brand_id) if models else None


def agent(request: HTTPConnection) -> Agent:
    """The signed-in agent; only behind `auth.agent_required`."""
    return cast(Agent, request.state.agent)


def access(request: HTTPConnection) -> Access:
    """What the signed-in agent may see; only behind `auth.agent_required`."""
    return cast(Access, request.state.access)


def find_agent(request: HTTPConnection) -> Agent | None:
    """The signed-in agent, or None on pages that need none."""
    return cast("Agent | None", getattr(request.state, "agent", None))
