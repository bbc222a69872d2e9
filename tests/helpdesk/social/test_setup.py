from __future__ import annotations

import pytest

from helpdesk.channels.names import NAMES
from helpdesk.channels.social import CHANNELS
from helpdesk.social.setup.fields import SECRET
from helpdesk.social.setup.table import SETUPS


def test_every_social_channel_can_be_connected_and_has_a_name() -> None:
    assert set(SETUPS) == set(CHANNELS)
    assert set(SETUPS) < set(NAMES)


@pytest.mark.parametrize("kind", SETUPS)
def test_names_of_fields_are_not_taken_twice_and_one_of_them_names_the_account(kind: str) -> None:
    names = [one.name for one in SETUPS[kind].fields]
    assert len(names) == len(set(names))
    assert names.count("address") == 1


@pytest.mark.parametrize("kind", SETUPS)
def test_what_is_signed_with_is_a_secret_and_what_must_fit_says_how(kind: str) -> None:
    for one in SETUPS[kind].fields:
        assert one.part == SECRET or not one.rotates
        assert one.shape or one.options or one.flag, one.name
        assert not one.example or one.fits(one.tidy(one.example))


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("line", " Aoba-Shop ", "@aoba-shop"),
        ("line", "@aoba", "@aoba"),
        ("sms", "+81 (3) 1234-5678", "+81312345678"),
        ("phone", "+1 212 555 0100", "+12125550100"),
        ("telegram", "@Aoba_Bot", "aoba_bot"),
    ],
)
def test_addresses_are_kept_as_the_provider_writes_them(kind: str, given: str, kept: str) -> None:
    field = next(one for one in SETUPS[kind].fields if one.name == "address")
    assert field.tidy(given) == kept
    assert field.fits(kept)


@pytest.mark.parametrize(
    ("kind", "name", "wrong"),
    [
        ("line", "channel_secret", "0123456789ABCDEF0123456789ABCDEF"),
        ("line", "channel_secret", "short"),
        ("messenger", "address", "my.page"),
        ("whatsapp", "access_token", "two words"),
        ("telegram", "bot_token", "no-number"),
        ("sms", "address", "090-1234-5678"),
        ("sms", "account_sid", "SK" + "0" * 32),
        ("x", "api_base", "ftp://x.example"),
        ("x", "api_base", "https://x.example?a=b"),
    ],
)
def test_what_cannot_be_right_is_not_taken(kind: str, name: str, wrong: str) -> None:
    field = next(one for one in SETUPS[kind].fields if one.name == name)
    assert not field.fits(field.tidy(wrong))
