"""An agent's own phrases for chats: short answers kept in their preferences."""

from __future__ import annotations

from collections.abc import Iterable

from helpdesk.models import Agent

PREFERENCE = "phrases"
MOST, LONGEST = 30, 400


def list_phrases(agent: Agent) -> list[str]:
    found = agent.preferences.get(PREFERENCE)
    return [str(one) for one in found][:MOST] if isinstance(found, list) else []


def keep(agent: Agent, given: Iterable[str]) -> None:
    """In the order given, each once."""
    kept = dict.fromkeys(one.replace("\x00", "").strip()[:LONGEST] for one in given)
    agent.preferences = {**agent.preferences, PREFERENCE: [one for one in kept if one][:MOST]}
