"""Reading mail: raw bytes to a `Mail`, whatever the sender's program did to them.

parse → structure (parts) → body (blocks, files) → html · htmltext · flowed → reply (quotes ·
signature) → bounce · automatic
"""

from __future__ import annotations

from helpdesk.channels.email.mime.html import has_remote, sanitise, show_remote
from helpdesk.channels.email.mime.mail import Address, Attachment, Bounce, Mail
from helpdesk.channels.email.mime.parse import parse_mail

__all__ = ["Address", "Attachment", "Bounce", "Mail", "has_remote", "parse_mail", "sanitise", "show_remote"]
