"""Facts that other parts may react to after a commit. Small and without text: names and ids only."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Happened:
    """`name` in past tense (message_received, ticket_assigned …) and whom it concerns.

    `ticket` is the opaque key of `ids["ticket"]`, or of the ticket of `ids["message"]`; known after the commit.
    """

    name: str
    brand_id: int | None  # None concerns every brand
    ids: dict[str, int] = field(default_factory=dict)
    ticket: str = ""
    word: str = (
        ""  # something opaque that goes along, for example the hash under which a visitor became known
    )
