"""Who writes to the brand: one customer, reachable under many identities."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.models.base import Keyed, Table, text_field


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
