"""Who is asking: every read and action of an agent carries one of these.

A role is a set of rights. Three are built in; an administrator may make others (`people.roles`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from helpdesk.errors import Forbidden, NotFound
from helpdesk.i18n import gettext, lazy

RIGHTS = {
    "reply": lazy("Answer customers"),
    "assign": lazy("Assign tickets to others"),
    "merge": lazy("Merge and split tickets"),
    "customers": lazy("Merge and split customers"),
    "spam": lazy("Mark spam and block senders"),
    "bulk": lazy("Act on many tickets at once"),
    "grant_points": lazy("Give points within the limits"),
    "reports": lazy("See reports"),
    "export": lazy("Export reports, lists and logs"),
    "share_views": lazy("Share views with a team or everyone"),
    "approve_points": lazy("Approve points above the limits"),
    "quarantine": lazy("See and retry messages that could not be read"),
    "tags": lazy("Change tags and custom fields"),
    "urgency": lazy("Weigh urgency, and see why tickets stand in their order"),
    "articles": lazy("Write and publish articles"),
    "audit": lazy("Read the audit log"),
    "settings": lazy("Change brands and mailboxes"),
    "channels": lazy("Connect channels and look after them"),
    "people": lazy("Change accounts, roles and teams"),
}
AT_WORK = frozenset({"reply", "assign", "merge", "customers", "spam", "bulk", "grant_points", "reports"})
LEADING = AT_WORK | {
    "export",
    "share_views",
    "approve_points",
    "quarantine",
    "tags",
    "urgency",
    "articles",
    "audit",
}
BUILT_IN = {"agent": AT_WORK, "lead": LEADING, "admin": frozenset(RIGHTS)}


@dataclass(frozen=True, slots=True)
class Access:
    """An agent's reach: `brand_ids` is all that any query may return rows of.

    `custom` holds the rights of a role that is not built in.
    """

    agent_id: int
    role: str
    brand_ids: tuple[int, ...]
    custom: frozenset[str] = field(default=frozenset())

    def may(self, right: str) -> bool:
        """Whether the role has the right; asks only for rights that exist."""
        assert right in RIGHTS, right
        return right in BUILT_IN.get(self.role, self.custom)

    def require(self, right: str) -> None:
        """Raises Forbidden with the name of the missing right."""
        if not self.may(right):
            raise Forbidden(
                lazy("your role does not allow this (%(right)s); ask an administrator"),
                right=gettext(RIGHTS[right]),
            )

    def require_brand(self, brand_id: int) -> None:
        """Another brand's row is simply not there."""
        if brand_id not in self.brand_ids:
            raise NotFound("nothing is here, or it belongs to a brand that you may not see")
