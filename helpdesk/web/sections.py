"""The pages of the settings: one table for the menu, the overview and the palette."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.access import Access
from helpdesk.i18n import lazy


@dataclass(frozen=True, slots=True)
class Section:
    """`right` is what it takes to open it; nothing for what everybody may."""

    path: str
    icon: str
    title: str
    part: str
    right: str = ""
    words: str = ""


YOU, TEAM, WORK, SHOP = lazy("You"), lazy("Team"), lazy("Tickets"), lazy("Shop")
SECTIONS = (
    Section("/settings/profile", "user", lazy("Profile"), YOU,
            words=lazy("Language, time zone, appearance, signature, password")),
    Section("/settings/points", "gift", lazy("Points to approve"), TEAM, "approve_points",
            lazy("Grants above a limit wait here for a lead")),
    Section("/settings/quarantine", "shield-alert", lazy("Quarantine"), TEAM, "quarantine",
            lazy("Messages that could not be read; nothing of them is lost")),
    Section("/settings/blocked", "ban", lazy("Blocked senders"), TEAM, "spam",
            lazy("Whose messages go straight to spam")),
    Section("/settings/shared", "users", lazy("Shared addresses"), TEAM, "customers",
            lazy("Several people write from them; they join nobody")),
    Section("/settings/audit", "history", lazy("Audit log"), TEAM, "audit",
            lazy("Sign-ins, changed settings, exports")),
    Section("/settings/tags", "tags", lazy("Tags"), WORK, "tags", lazy("Names, colours, how often they were used")),
    Section("/settings/urgency", "flame", lazy("Urgency"), WORK, "urgency",
            lazy("What weighs how much, and how the queue would stand")),
    Section("/settings/model", "sparkles", lazy("Classifier"), WORK, "tags",
            lazy("How well it tags, what it has learned, which version serves")),
    Section("/settings/topics", "lightbulb", lazy("New topics"), WORK, "tags",
            lazy("What customers write about that no tag covers yet")),
    Section("/settings/fields", "list", lazy("Custom fields"), WORK, "tags",
            lazy("What a ticket has to say before it is closed")),
    Section("/settings/brands", "store", lazy("Brands"), SHOP, "settings"),
    Section("/settings/mailboxes", "mail", lazy("Mailboxes"), SHOP, "settings"),
    Section("/settings/channels", "plug", lazy("Channels"), SHOP, "channels",
            lazy("LINE, Instagram, Messenger, WhatsApp, X, Telegram, SMS and telephone")),
    Section("/settings/widgets", "message-circle", lazy("Chat widgets"), SHOP, "settings",
            lazy("Look, hours, flows and campaigns of the chat on a shop's pages")),
    Section("/settings/agents", "users", lazy("Agents"), SHOP, "people"),
    Section("/settings/teams", "user-check", lazy("Teams"), SHOP, "people",
            lazy("Who works together on a brand's tickets")),
    Section("/settings/roles", "key-round", lazy("Roles"), SHOP, "people", lazy("Which role may do what")),
)  # fmt: skip


def open_to(access: Access) -> list[Section]:
    return [one for one in SECTIONS if not one.right or access.may(one.right)]


def by_part(access: Access) -> list[tuple[str, list[Section]]]:
    """The menu: parts with their pages, in order."""
    parts: dict[str, list[Section]] = {}
    for one in open_to(access):
        parts.setdefault(one.part, []).append(one)
    return list(parts.items())
