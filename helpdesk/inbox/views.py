"""Saved views: a filter under a name, for oneself, for a team or for everyone. Each agent orders them alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.i18n import lazy
from helpdesk.inbox.filter import SORTS, Filter, parse
from helpdesk.models import Agent, Team, TeamAgent, View
from helpdesk.store.db import Unit

AUDIENCES = {
    "private": lazy("Only me"),
    "team": lazy("My team"),
    "everyone": lazy("Everyone"),
}
MOST_OWN, MOST_SHARED = 40, 200


@dataclass(frozen=True, slots=True)
class SavedView:
    """`mine` is whether the asking agent may change it."""

    key: str
    name: str
    audience: str
    team_id: int | None
    mine: bool
    filter: Filter


def list_views(unit: Unit, access: Access, order: Sequence[str] = ()) -> list[SavedView]:
    """Those this agent may see, in the agent's own order (keys); new ones come last."""
    found = unit.session.scalars(_seen(), {"agent": access.agent_id})
    place = {key: number for number, key in enumerate(order)}
    return sorted((_saved(view, access) for view in found), key=lambda view: place.get(view.key, len(place)))


@cache
def _seen() -> Select[Any]:
    me: BindParameter[int] = bindparam("agent")
    teams = select(col(TeamAgent.team_id)).where(col(TeamAgent.agent_id) == me)
    seen = or_(
        col(View.agent_id) == me,
        col(View.audience) == "everyone",
        (col(View.audience) == "team") & col(View.team_id).in_(teams),
    )
    return select(View).where(seen).order_by(col(View.position), col(View.id)).limit(MOST_OWN + MOST_SHARED)


def list_teams(unit: Unit, access: Access) -> list[Team]:
    """The agent's teams: views can be shared with one."""
    mine = select(col(TeamAgent.team_id)).where(col(TeamAgent.agent_id) == access.agent_id)
    return list(unit.session.scalars(select(Team).where(col(Team.id).in_(mine)).order_by(col(Team.name))))


def create(
    unit: Unit,
    access: Access,
    *,
    name: str,
    chosen: Filter,
    audience: str = "private",
    team_id: int | None = None,
) -> View:
    """Raises Invalid for a name that is empty or too many views, Forbidden for sharing without being a lead."""
    own = select(func.count()).select_from(View).where(col(View.agent_id) == access.agent_id)
    if (unit.session.scalar(own) or 0) >= MOST_OWN:
        raise Invalid("you have %(most)s views already; delete one first", field="name", most=MOST_OWN)
    view = View(agent_id=access.agent_id, name="", created_at=unit.now)
    _put_filter(view, chosen)
    rename(unit, access, view, name)
    share(unit, access, view, audience, team_id)
    unit.session.add(view)
    unit.session.flush()
    return view


def get_own(unit: Unit, access: Access, key: str) -> View:
    """A view to be changed. NotFound if it is not there or not seen, Forbidden if it is a colleague's."""
    view = unit.session.scalars(select(View).where(col(View.key) == key)).first()
    if view is None or not (view.agent_id == access.agent_id or _is_shared(unit, access, view)):
        raise NotFound("this view does not exist any more")
    if not _may_change(view, access):
        raise Forbidden("only a lead or the one who made this view may change it")
    return view


def _is_shared(unit: Unit, access: Access, view: View) -> bool:
    """With everyone, or with a team of one of the agent's brands."""
    if view.audience != "team" or view.team_id is None:
        return view.audience == "everyone"
    return unit.session.get_one(Team, view.team_id).brand_id in access.brand_ids


def rename(unit: Unit, access: Access, view: View, name: str) -> None:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        raise Invalid("give the view a name of at most 80 characters", field="name")
    view.name = name


def share(unit: Unit, access: Access, view: View, audience: str, team_id: int | None = None) -> None:
    """Anybody may keep a view to oneself; a lead may give it to a team or to everyone."""
    if audience not in AUDIENCES:
        raise Invalid("choose who sees this view", field="audience")
    if audience != "private" and audience != view.audience and not access.may("share_views"):
        raise Forbidden("only a lead may share a view")
    if audience == "team" and team_id not in {team.pk for team in list_teams(unit, access)}:
        raise Invalid("choose one of your teams", field="team")
    view.audience, view.team_id = audience, team_id if audience == "team" else None


def change(unit: Unit, view: View, chosen: Filter) -> None:
    """The view shows from now on what `chosen` says."""
    _put_filter(view, chosen)


def delete(unit: Unit, view: View) -> None:
    unit.session.delete(view)


def put_in_order(unit: Unit, agent: Agent, keys: Sequence[str]) -> None:
    """The agent's own order; what is not named stands behind."""
    agent.preferences = {**agent.preferences, "views": list(dict.fromkeys(keys))[: MOST_OWN + MOST_SHARED]}
    unit.session.add(agent)


def moved(keys: Sequence[str], key: str, *, by: int) -> list[str]:
    """The keys with one of them moved up (-1) or down (1)."""
    order = list(keys)
    if key in order:
        place = order.index(key)
        order.insert(max(0, place + by), order.pop(place))
    return order


def filter_of(view: View) -> Filter:
    """What was saved, as a filter that knows the view's name."""
    chosen = parse({name: str(text) for name, text in view.filter.items()})
    columns = parse({"columns": ",".join(view.columns) or "none"}).columns
    return replace(chosen, sort=view.sort if view.sort in SORTS else "", columns=columns, saved=view.key)


def _put_filter(view: View, chosen: Filter) -> None:
    view.filter = dict(chosen.conditions.params())
    view.sort, view.columns = chosen.order_by, list(chosen.columns)


def _saved(view: View, access: Access) -> SavedView:
    return SavedView(
        view.key, view.name, view.audience, view.team_id, _may_change(view, access), filter_of(view)
    )


def _may_change(view: View, access: Access) -> bool:
    return view.agent_id == access.agent_id or (access.may("share_views") and view.audience != "private")
