"""Who writes to the brand: one customer, reachable under many identities."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint, case, inspect, select
from sqlalchemy.orm import column_property
from sqlmodel import Field, col

from helpdesk.models.base import Keyed, Table, json_field, text_field


class Customer(Keyed, table=True):
    __tablename__ = "customers"
    __table_args__ = (Index("ix_customers_name", "brand_id", "name"),)

    brand_id: int = Field(foreign_key="brands.id")
    name: str = Field(default="", max_length=200)  # as the customer writes it; family name first in Japanese
    language: str | None = Field(default=None, max_length=8)
    tier: str = Field(default="", max_length=40)  # the brand's own name of a loyalty rank
    vip: bool = False
    region: str = Field(default="", max_length=80)  # prefecture or country, for one line under the name
    note: str = text_field()
    points: int = 0  # the ledger's sum, kept in step by commerce.points
    spent: int = 0  # minor units of the brand's currency over all orders that were not cancelled
    orders_count: int = 0
    created_at: datetime
    last_seen_at: datetime | None = None
    merged_into_id: int | None = Field(default=None, index=True)  # then everything of theirs stands there
    several_ways: bool = False  # writes in more than one way, or did; of others nothing needs to be compared
    number: ClassVar[Any]  # of the telephone, of who has no name; only where it is asked for (undefer)


class Identity(Table, table=True):
    """An address under which a customer is known: an e-mail, a phone number, a LINE user id."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("brand_id", "kind", "value"),)

    brand_id: int = Field(foreign_key="brands.id")
    customer_id: int = Field(foreign_key="customers.id", index=True)
    kind: str = Field(max_length=16)
    value: str = Field(max_length=320)  # normalised, what is compared
    shown: str = Field(default="", max_length=320)  # as written
    verified: bool = False
    created_at: datetime


_first = (
    select(col(Identity.shown))
    .where(col(Identity.customer_id) == col(Customer.id), col(Identity.kind) == "phone")
    .order_by(col(Identity.id))
    .limit(1)
    .correlate(Customer)
    .scalar_subquery()
)
inspect(Customer).add_property(
    "number", column_property(case((col(Customer.name) == "", _first), else_=None), deferred=True)
)


class CustomerMerge(Keyed, table=True):
    """Two rows were one person: what went from `source` to `target`, so that it can go back."""

    __tablename__ = "customer_merges"
    __table_args__ = (Index("ix_customer_merges_target", "target_id", "undone_at"),)

    brand_id: int = Field(foreign_key="brands.id")
    source_id: int = Field(foreign_key="customers.id", index=True)
    target_id: int = Field(foreign_key="customers.id")
    agent_id: int | None = Field(default=None, foreign_key="agents.id")
    reason: str = Field(default="by_hand", max_length=40)  # or which verified key they share
    moved: dict[str, Any] = json_field()  # table -> ids
    fields: dict[str, Any] = json_field()  # of the target: name -> [before, after]
    created_at: datetime
    undone_at: datetime | None = None
    undone_by_id: int | None = Field(default=None, foreign_key="agents.id")


class MergeSuggestion(Keyed, table=True):
    """Two customers who may be one. Once rejected it is never shown again. `left_id` is the smaller."""

    __tablename__ = "merge_suggestions"
    __table_args__ = (UniqueConstraint("left_id", "right_id"),)

    brand_id: int = Field(foreign_key="brands.id")
    left_id: int = Field(foreign_key="customers.id")
    right_id: int = Field(foreign_key="customers.id", index=True)
    evidence: list[dict[str, Any]] = json_field(list)  # {"kind", "left", "right", "weight"}
    score: int = 0  # 0 to 100
    state: str = Field(default="open", max_length=10)  # open, accepted, rejected
    decided_by_id: int | None = Field(default=None, foreign_key="agents.id")
    decided_at: datetime | None = None
    created_at: datetime


class SharedSender(Keyed, table=True):
    """An address that several people write from: no evidence of anything."""

    __tablename__ = "shared_senders"
    __table_args__ = (UniqueConstraint("brand_id", "kind", "value"),)

    brand_id: int = Field(foreign_key="brands.id")
    kind: str = Field(max_length=16)
    value: str = Field(max_length=320)  # normalised as identities are
    agent_id: int | None = Field(default=None, foreign_key="agents.id")
    created_at: datetime
