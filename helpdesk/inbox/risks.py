"""What makes a ticket delicate, by its customer's newest words: harm, threats, fraud, anger. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from classifiers.risks import THREATS
from helpdesk.i18n import lazy
from helpdesk.models import Status, Ticket
from helpdesk.triage.words import tells_of_harm


@dataclass(frozen=True, slots=True)
class Risk:
    """`sentiment` and `cues` are the classifier's words for it."""

    name: str
    label: str
    icon: str
    sentiment: str
    cues: tuple[str, ...]


SAFETY = Risk("safety", lazy("Safety"), "shield-alert", "", ("safety", "health"))
THREAT = Risk("threat", lazy("Threat"), "octagon-alert", "threat", tuple(sorted(THREATS)))
FRAUD = Risk("fraud", lazy("Fraud"), "circle-alert", "", ("fraud",))
ANGRY = Risk("angry", lazy("Angry"), "flame", "angry", ("anger",))
RISKS = {one.name: one for one in (SAFETY, THREAT, FRAUD, ANGRY)}


def list_risks(ticket: Ticket, tags: Collection[str]) -> tuple[Risk, ...]:
    """The gravest first; none of spam."""
    if ticket.status == Status.SPAM or "spam" in tags:
        return ()
    codes = {str(one.get("code")) for one in ticket.text_reasons or ()}
    there = {
        "safety": tells_of_harm(codes, tags),
        "threat": ticket.sentiment == "threat" or any(f"cue:{kind}" in codes for kind in THREATS),
        "fraud": "cue:fraud" in codes,
        "angry": ticket.sentiment == "angry",
    }
    return tuple(risk for name, risk in RISKS.items() if there[name])
