"""What a message of a social channel is found by: of its own row alone, so that the same words are known again later.

The index forgets words only by those that it was fed with; a customer's name may be another by then.
"""

from __future__ import annotations

from helpdesk.models import Message


def words_of(message: Message, text: str) -> str:
    sender = message.sender
    address = sender.get("reply_to") or sender.get("address") or ""
    return f"{sender.get('name', '')}\n{address}\n{text}"
