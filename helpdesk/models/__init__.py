"""Every table of the helpdesk, one file a family of nouns."""

from helpdesk.models.base import SQLModel, new_key
from helpdesk.models.channels import ChannelAccount, Delivery, InboundEvent
from helpdesk.models.commerce import Order, PointsEntry, PointsRequest, Product, Refund, Shipment
from helpdesk.models.customers import Customer, Identity
from helpdesk.models.messages import Attachment, Direction, Message
from helpdesk.models.people import Agent, AgentBrand, Brand, Role, SetupLink, SignIn, Team, TeamAgent
from helpdesk.models.tickets import Event, Status, Tag, Ticket, TicketTag, View
from helpdesk.models.triage import Correction, MacroUse, MacroVersion

__all__ = [
    "Agent",
    "AgentBrand",
    "Attachment",
    "Brand",
    "ChannelAccount",
    "Correction",
    "Customer",
    "Delivery",
    "Direction",
    "Event",
    "Identity",
    "InboundEvent",
    "MacroUse",
    "MacroVersion",
    "Message",
    "Order",
    "PointsEntry",
    "PointsRequest",
    "Product",
    "Refund",
    "Role",
    "SQLModel",
    "SetupLink",
    "Shipment",
    "SignIn",
    "Status",
    "Tag",
    "Team",
    "TeamAgent",
    "Ticket",
    "TicketTag",
    "View",
    "new_key",
]
