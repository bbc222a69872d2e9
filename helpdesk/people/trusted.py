"""Senders whose remote images an agent wants to see at once: a list in the agent's preferences."""

from __future__ import annotations

from helpdesk.models import Agent

MOST = 500  # the oldest choice gives way


def sends_images(agent: Agent, address: str) -> bool:
    return bool(address) and address.lower() in agent.preferences.get("images_from", ())


def set_images(agent: Agent, address: str, wanted: bool) -> None:
    chosen = [one for one in agent.preferences.get("images_from", ()) if one != address.lower()]
    if wanted and address:
        chosen.append(address.lower())
    agent.preferences = {**agent.preferences, "images_from": chosen[-MOST:]}
