"""No value of a header can start another header, and every value comes back as it was."""

from __future__ import annotations

import email.policy
from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.channels.email import headers
from helpdesk.channels.protocol import Person
from helpdesk.errors import Rejected


def read(field: str, name: str) -> str:
    return str(message_from_bytes(field.encode() + b"\r\n", policy=email.policy.default)[name])


def test_a_long_japanese_subject_is_folded_and_comes_back() -> None:
    subject = "【重要】ご注文の商品につきまして、配送が遅れております件のお詫びと（注文番号 HK-20391）"
    field = headers.unstructured("Subject", subject)
    assert max(len(line) for line in field.split("\r\n")) <= 78
    assert read(field, "Subject") == subject


@given(st.text(max_size=200))
def test_no_text_starts_a_new_field(text: str) -> None:
    field = headers.unstructured("Subject", text)
    assert field.endswith("\r\n")
    assert all(line.startswith((" ", "\t")) for line in field[:-2].split("\r\n")[1:])
    assert field.isascii()


@pytest.mark.parametrize(
    "name", ["Bcc: x@y", "a\r\nBcc: evil@example.com", "a\u2028b", 'say "hi", you', "青葉 太郎\n"]
)
def test_a_name_stays_a_name(name: str) -> None:
    field = headers.people("To", [Person(name, "a@example.com")])
    message = message_from_bytes(field.encode() + b"\r\n", policy=email.policy.default)
    assert list(message.keys()) == ["To"]
    assert [one.addr_spec for one in message["To"].addresses] == ["a@example.com"]
    assert message["To"].addresses[0].display_name == headers.clean(name)


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b\r\nBcc: c@d", "a b@c.jp", "<a@b.jp>", "a@b.jp, c@d.jp", "a@@b.jp", "a@.jp\x00"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Rejected):
        headers.valid_address(address)


def test_a_japanese_domain_is_written_for_machines() -> None:
    assert headers.valid_address("info@日本語.jp") == "info@xn--wgv71a119e.jp"


def test_long_message_ids_are_never_encoded() -> None:
    long_id = "x" * 120 + "@mail.example.com"
    field = headers.ids("References", ["a@b", long_id])
    assert field == f"References: <a@b>\r\n <{long_id}>\r\n"


def test_a_message_id_cannot_carry_a_header() -> None:
    assert headers.message_id("<a@b>\r\nBcc: c@d") == "a@bBcc:c@d"


@pytest.mark.parametrize(
    "name", ["注文書.pdf", "a b.txt", 'q"uote.txt', "領収書" * 30 + ".pdf", "x" * 100 + ".csv"]
)
def test_a_file_name_comes_back(name: str) -> None:
    lines = ";\r\n ".join(["attachment", *headers.parameter("filename", name)])
    field = f"Content-Disposition: {lines}\r\n"
    assert max(len(line) for line in field.split("\r\n")) <= 78
    message = message_from_bytes(field.encode() + b"\r\n", policy=email.policy.default)
    assert message.get_filename() == name
