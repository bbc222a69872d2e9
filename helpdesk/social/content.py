"""What a message is called where only words can stand; see channels.content."""

from __future__ import annotations

from helpdesk.channels.content import name_of

__all__ = ["name_of"]
