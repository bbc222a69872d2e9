"""What providers answer besides messages, read with care; and the signed word for a token of LINE."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.channels.carers import CARERS
from helpdesk.channels.line.assertion import assertion
from helpdesk.channels.protocol import Account
from helpdesk.channels.whatsapp.care import read
from helpdesk.errors import Misconfigured
from helpdesk.simulate.samples import TEMPLATES

NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def account(private_key: str, **config: str) -> Account:
    return Account(1, "line", "A", "", {"key_id": "kid", **config}, {"private_key": private_key})


def pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def jwk(key: rsa.RSAPrivateKey) -> str:
    private = key.private_numbers()
    numbers = {
        "n": private.public_numbers.n,
        "e": private.public_numbers.e,
        "d": private.d,
        "p": private.p,
        "q": private.q,
        "dp": private.dmp1,
        "dq": private.dmq1,
        "qi": private.iqmp,
    }
    return json.dumps({"kty": "RSA"} | {name: _encoded(value) for name, value in numbers.items()})


def _encoded(number: int) -> str:
    content = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.mark.parametrize("written", [pem, jwk])
def test_the_word_for_line_is_signed_with_the_registered_key(key: rsa.RSAPrivateKey, written: Any) -> None:
    head, claims, signature = assertion(account(written(key)), "123", NOW).split(".")
    key.public_key().verify(
        _decoded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    assert json.loads(_decoded(head)) == {"alg": "RS256", "typ": "JWT", "kid": "kid"}
    assert json.loads(_decoded(claims)) == {
        "iss": "123",
        "sub": "123",
        "aud": "https://api.line.me/",
        "exp": int(NOW.timestamp()) + 1800,
        "token_exp": 30 * 86400,
    }


@pytest.mark.parametrize("wrong", ["", "nonsense", "{}", '{"n": 1}', "{broken"])
def test_what_is_no_key_is_said_to_be_none(wrong: str) -> None:
    with pytest.raises(Misconfigured, match="PEM"):
        assertion(account(wrong), "123", NOW)


def test_a_key_without_its_id_is_not_enough(key: rsa.RSAPrivateKey) -> None:
    with pytest.raises(Misconfigured, match="key id"):
        assertion(account(pem(key), key_id=""), "123", NOW)


@given(JSON, JSON, JSON)
def test_templates_of_any_shape_are_read_or_left_out(components: Any, example: Any, buttons: Any) -> None:
    part = {"type": "BODY", "text": "{{1}} {{x}}", "example": example}
    found = read(
        {
            "name": "n",
            "language": "en",
            "components": [part, {"type": "BUTTONS", "buttons": buttons}, components],
        }
    )
    assert found is not None
    assert [one["name"] for one in found.parameters] == ["1", "x"]
    read({"name": components, "language": example, "components": buttons})


def test_places_of_templates_stand_in_the_order_of_their_numbers() -> None:
    body = {"type": "BODY", "text": "{{2}} {{ 10 }} {{1}} {{2}}"}
    found = read({"name": "n", "language": "en", "components": [body]})
    assert found
    assert [one["name"] for one in found.parameters] == ["1", "2", "10"]


def test_a_template_tells_what_it_needs_besides_words() -> None:
    found = {(one.name, one.language): one for one in map(read, TEMPLATES) if one}
    parcel = found["follow_parcel", "en"]
    assert (parcel.header_format, parcel.buttons[0]["url"]) == ("image", "https://shop.example/t/{{1}}")
    assert found["winter_sale", "ja"].reason == "PROMOTIONAL"
    assert found["parcel_on_its_way", "ja"].reason == ""


@pytest.mark.parametrize("kind", sorted(CARERS))
def test_without_credentials_there_is_nothing_to_do(kind: str) -> None:
    assert CARERS[kind].duties(Account(1, kind, "A", "", {}, {})) == frozenset()
