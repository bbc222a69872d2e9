"""The signed reply address names its ticket, and only we can write one."""

from __future__ import annotations

from helpdesk.channels.email.reply_address import reply_address, ticket_of
from helpdesk.channels.token import token_of
from helpdesk.store.seal import Seal

KEY = "bcdfghjkmnpq"


def test_the_address_leads_back_to_its_ticket(seal: Seal) -> None:
    address = reply_address("support@aoba.example", token_of(KEY, seal))
    assert address.startswith(f"support+t_{KEY}_")
    assert ticket_of(address, seal) == KEY
    assert ticket_of(address.upper(), seal) == KEY


def test_another_instances_address_names_nothing(seal: Seal) -> None:
    address = reply_address("support@aoba.example", token_of(KEY, Seal("another secret")))
    assert ticket_of(address, seal) is None


def test_a_changed_ticket_or_a_shortened_signature_names_nothing(seal: Seal) -> None:
    token = token_of(KEY, seal)
    assert ticket_of(f"support+{token.replace(KEY, KEY[::-1])}@aoba.example", seal) is None
    assert ticket_of(f"support+{token[:-1]}@aoba.example", seal) is None
    assert ticket_of(f"support+{token[:-8]}@aoba.example", seal) is None


def test_the_token_counts_only_after_the_plus(seal: Seal) -> None:
    assert ticket_of(f"{token_of(KEY, seal)}@aoba.example", seal) is None
    assert ticket_of("support@aoba.example", seal) is None
    assert ticket_of("", seal) is None


def test_a_mailbox_with_a_long_name_keeps_its_plain_address(seal: Seal) -> None:
    long = "customer-service-department-of-aoba@aoba.example"
    assert reply_address(long, token_of(KEY, seal)) == long
