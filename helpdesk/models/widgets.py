"""What came of a widget's campaigns and flows: counts by day without persons, and who answered a campaign."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from helpdesk.models.base import Table


class WidgetCount(Table, table=True):
    """How often something of a widget was seen or done on one day (of the brand's time zone).

    `subject` is "campaign" with the steps shown and clicked, or "flow" with its steps and the ends answered and
    ticket; `before` is the step that somebody came from, "" at the start.
    """

    __tablename__ = "widget_counts"
    __table_args__ = (UniqueConstraint("account_id", "subject", "name", "step", "before", "day"),)

    account_id: int = Field(foreign_key="channel_accounts.id")
    subject: str = Field(max_length=10)
    name: str = Field(max_length=60)
    step: str = Field(max_length=60)
    before: str = Field(default="", max_length=60)
    day: date
    count: int = 0


class CampaignAnswer(Table, table=True):
    """A visitor wrote because of a campaign; once a day at most. What they order after it is looked up from here."""

    __tablename__ = "campaign_answers"
    __table_args__ = (UniqueConstraint("visitor_id", "campaign", "day"),)

    account_id: int = Field(foreign_key="channel_accounts.id", index=True)
    campaign: str = Field(max_length=60)
    visitor_id: int = Field(foreign_key="visitors.id")
    day: date
    created_at: datetime
