"""Which servers vouch for a sender, and when what they say is no proof."""

from __future__ import annotations

import pytest

from helpdesk.channels.email.config import trusted_checkers
from helpdesk.channels.email.mime import parse_mail


def _vouched(*fields: str, sender: str = "Hanako <hanako@shop.example.jp>") -> tuple[str, ...]:
    head = "".join(f"Authentication-Results: {one}\r\n" for one in fields)
    return parse_mail(f"{head}From: {sender}\r\nSubject: x\r\n\r\nwords".encode()).vouched_by


@pytest.mark.parametrize(
    "field",
    [
        "mx.example; dmarc=pass (p=none dis=none) header.from=shop.example.jp",
        "mx.example; dkim=pass header.d=shop.example.jp header.s=s1",
        "mx.example; dkim=pass header.i=@shop.example.jp",
        "MX.Example 1; spf=fail smtp.mailfrom=other.example; dkim=pass header.d=example.jp",
        "mx.example; spf=pass (sender is allowed) smtp.mailfrom=bounce@shop.example.jp",
        'mx.example;\r\n dkim=pass\r\n header.d="shop.example.jp"',
        "mx.example; dkim=fail header.d=shop.example.jp; dkim=pass header.d=shop.example.jp",
    ],
)
def test_an_aligned_pass_is_proof(field: str) -> None:
    assert _vouched(field) == ("mx.example",)


@pytest.mark.parametrize(
    "field",
    [
        "mx.example; none",
        "mx.example; dkim=pass header.d=evil.example",
        "mx.example; dkim=pass header.d=jp",
        "mx.example; dkim=pass header.d=evilshop.example.jp",
        "mx.example; dkim=pass header.d=mail.shop.example.jp",
        "mx.example; dkim=none header.d=shop.example.jp",
        "mx.example; spf=softfail smtp.mailfrom=hanako@shop.example.jp",
        "mx.example; dmarc=fail header.from=shop.example.jp; dkim=pass header.d=shop.example.jp",
        "mx.example; dmarc=pass header.from=evil.example",
        "mx.example; arc=pass",
        "spf=pass smtp.mailfrom=hanako@shop.example.jp; dkim=pass header.d=shop.example.jp",
        "(mx.example; dkim=pass header.d=shop.example.jp)",
        'mx.example; reason="dkim=pass header.d=shop.example.jp"',
        "",
    ],
)
def test_anything_else_is_none(field: str) -> None:
    assert _vouched(field) == ()


def test_the_newest_word_of_a_server_counts() -> None:
    good, bad = "dkim=pass header.d=shop.example.jp", "dkim=fail header.d=shop.example.jp"
    assert _vouched(f"mx.example; {bad}", f"mx.example; {good}") == ()
    assert _vouched(f"mx.example; {bad}", f"other.example; {good}") == ("other.example",)


def test_two_from_lines_prove_nothing() -> None:
    raw = (
        b"Authentication-Results: mx.example; dkim=pass header.d=a.example\r\n"
        b"From: a@a.example\r\nFrom: b@b.example\r\n\r\nx"
    )
    assert parse_mail(raw).vouched_by == ()


def test_only_the_mailboxes_own_server_is_believed() -> None:
    assert trusted_checkers({"imap": {"host": "imap.gmail.com"}}) == {"mx.google.com"}
    assert trusted_checkers({"imap": {"host": "imap.gmail.com"}, "authserv": "MX.Shop.example"}) == {
        "mx.shop.example"
    }
    assert trusted_checkers({"imap": {"host": "imap.shop.example"}}) == frozenset()
    assert trusted_checkers({}) == frozenset()
