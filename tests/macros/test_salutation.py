from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.facts import Customer
from macros.salutation import salutation


@pytest.mark.parametrize(
    ("customer", "ja", "en"),
    [
        (Customer(family_name="山田", given_name="花子"), "山田 花子様", "花子"),
        (Customer(family_name="Hill", given_name="Hannah"), "Hannah Hill様", "Hannah"),
        (Customer(family_name="山田"), "山田様", "山田"),
        (Customer(name="山田花子"), "山田花子様", "山田花子"),
        (Customer(name="山田花子様"), "山田花子様", "山田花子"),
        (Customer(name="株式会社灯 御中"), "株式会社灯 御中", "株式会社灯"),
        (Customer(name="Hannah Hill"), "Hannah Hill様", "Hannah"),
        (Customer(name="Hill, Hannah"), "Hill, Hannah様", "Hannah"),
        (Customer(name="Dr. Hill"), "Dr. Hill様", "Dr. Hill"),
        (Customer(given_name="花子"), "花子様", "花子"),
        (Customer(name="hannah@customer.example"), "お客様", "there"),
        (Customer(name="https://spam.example"), "お客様", "there"),
        (Customer(name="  \n "), "お客様", "there"),
        (Customer(name="12345"), "お客様", "there"),
        (Customer(), "お客様", "there"),
    ],
)
def test_customers_are_addressed_as_is_usual_in_their_language(customer: Customer, ja: str, en: str) -> None:
    assert (salutation(customer, "ja"), salutation(customer, "en")) == (ja, en)


@settings(deadline=None, database=None)
@given(st.text(), st.text(), st.text(), st.sampled_from(["ja", "en"]))
def test_any_name_gives_one_line_that_is_not_empty(
    name: str, family: str, given_name: str, lang: str
) -> None:
    said = salutation(Customer(name=name, family_name=family, given_name=given_name), lang)
    assert said.strip() == said != ""
    assert said.splitlines() == [said]
