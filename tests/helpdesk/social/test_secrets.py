from __future__ import annotations

from datetime import UTC, datetime, timedelta

from helpdesk.social import secrets

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ROTATING = {"app_secret"}


def rotated(keep: timedelta = DAY) -> dict[str, object]:
    first = secrets.replace({}, {"app_secret": "first-secret"}, rotating=ROTATING, keep=keep, now=NOW)
    return secrets.replace(first, {"app_secret": "second-secret"}, rotating=ROTATING, keep=keep, now=NOW)


def test_both_are_in_force_until_the_old_ones_time_is_over() -> None:
    held = rotated()
    before = secrets.in_force(held, NOW + DAY - timedelta(seconds=1))
    after = secrets.in_force(held, NOW + DAY)
    assert (before["app_secret"], before["old_app_secret"]) == ("second-secret", "first-secret")
    assert after["app_secret"] == "second-secret"
    assert "old_app_secret" not in after


def test_what_is_over_is_forgotten_and_what_is_not_keeps_its_time() -> None:
    held = rotated()
    assert secrets.pruned(held, NOW) == held
    assert "first-secret" not in map(str, secrets.pruned(held, NOW + DAY).values())


def test_an_old_one_without_a_time_is_good_until_it_is_ended() -> None:
    held = {"token": "new", "old_token": "old"}
    assert secrets.in_force(held, NOW)["old_token"] == "old"
    assert "old_token" not in secrets.without_old(held, "token")


def test_what_the_provider_does_not_sign_with_is_replaced_at_once() -> None:
    held = secrets.replace({"access_token": "a"}, {"access_token": "b"}, rotating=ROTATING, keep=DAY, now=NOW)
    assert held["access_token"] == "b"
    assert "old_access_token" not in held


def test_without_time_to_keep_it_the_old_one_is_gone_even_where_one_was_kept_before() -> None:
    held = secrets.replace(rotated(), {"app_secret": "third"}, rotating=ROTATING, keep=timedelta(), now=NOW)
    assert {"first-secret", "second-secret"}.isdisjoint(map(str, held.values()))


def test_the_same_secret_again_and_an_empty_one_change_nothing() -> None:
    held = rotated()
    for given in ({"app_secret": "second-secret"}, {"app_secret": ""}):
        assert secrets.replace(held, given, rotating=ROTATING, keep=DAY, now=NOW + DAY) == held


def test_only_the_end_and_the_day_are_told() -> None:
    told = secrets.shown(rotated(), "app_secret", NOW)
    assert told == secrets.Shown("app_secret", NOW, "…et", "…et", NOW + DAY)
    assert secrets.shown(rotated(), "access_token", NOW) is None


def test_of_a_short_secret_nothing_is_shown() -> None:
    told = secrets.shown({"token": "1234567"}, "token", NOW)
    assert told and told.ends == "…"


def test_an_old_one_whose_time_is_over_is_not_shown() -> None:
    told = secrets.shown(rotated(), "app_secret", NOW + DAY)
    assert told and (told.old_ends, told.old_until) == ("", None)
