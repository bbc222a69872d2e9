"""Who is asking: every read and action of an agent carries one of these."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.errors import NotFound


@dataclass(frozen=True, slots=True)
class Access:
    """An agent's reach: `brand_ids` is all that any query may return rows of."""

    agent_id: int
    role: str
    brand_ids: tuple[int, ...]

    @property
    def leads(self) -> bool:
        return self.role in ("lead", "admin")

    @property
    def administers(self) -> bool:
        return self.role == "admin"

    def require_brand(self, brand_id: int) -> None:
        """Another brand's row is simply not there."""
        if brand_id not in self.brand_ids:
            raise NotFound("nothing is here, or it belongs to a brand that you may not see")
