"""Simulated providers: their calls pass our own doors, and every story says something on every channel it names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk.channels.incoming import Change, Incoming, What
from helpdesk.channels.social import CHANNELS
from helpdesk.channels.webhook import Call
from helpdesk.errors import NotFound
from helpdesk.simulate import play
from helpdesk.simulate.accounts import SECRETS
from helpdesk.simulate.play import Step, Target
from helpdesk.simulate.provider import Sent
from helpdesk.simulate.reading import receipts
from helpdesk.simulate.vendors import VENDORS

WHEN = datetime(2026, 1, 5, 2, 50, tzinfo=UTC)
TARGETS = [
    Target(
        vendor, f"https://help.example/hooks/{vendor}/k", f"simulated-{vendor}", dict.fromkeys(SECRETS, "s")
    )
    for vendor in VENDORS
]


def heard(step: Step) -> list[Incoming | Change]:
    """What we understand of a call that has passed our door."""
    channel, request = CHANNELS[step.target.vendor], step.request()
    call = Call(request.body, request.headers, {}, step.target.url)
    assert channel.hook.genuine(step.target.secrets, call)
    assert not channel.hook.genuine(dict.fromkeys(SECRETS, "another"), call)
    return [channel.parse(one.raw) for one in channel.hook.split(request.body)]


def steps(story: str = "", *, vendor: str = "") -> list[Step]:
    chosen = [one for one in TARGETS if vendor in ("", one.vendor)]
    return play.plan(play.stories(story), chosen, start=WHEN)


def test_every_channel_is_played() -> None:
    assert set(VENDORS) == set(CHANNELS)
    assert {one.target.vendor for one in steps()} == set(CHANNELS)


@pytest.mark.parametrize("vendor", sorted(VENDORS))
def test_every_call_is_genuine_and_understood(vendor: str) -> None:
    for step in steps(vendor=vendor):
        said = heard(step)
        assert said
        for one in said:
            assert not (isinstance(one, Incoming) and one.content.get("type") == "unsupported"), step.deed
            assert isinstance(one, Incoming) or one.what is not What.NOTED or one.media, step.deed


def test_stories_are_told_in_both_languages() -> None:
    languages = {one["language"] for one in play.stories()}
    assert languages == {"ja", "en"}
    for vendor in VENDORS:
        assert {one["language"] for one in play.stories() if vendor in one["vendors"]} == languages, vendor


def test_a_picture_and_a_sticker_come_with_their_files() -> None:
    for vendor in sorted(set(VENDORS) - {"phone", "sms"}):
        said = [one for step in steps("cracked-bowl", vendor=vendor) for one in heard(step)]
        files = [one for one in said if isinstance(one, Incoming) and one.media]
        assert len(files) == 2, vendor


def test_a_call_brings_its_recording() -> None:
    said = [one for step in steps("after-the-tone") for one in heard(step)]
    missed, recording = said
    assert isinstance(missed, Incoming)
    assert isinstance(recording, Change)
    assert recording.of == (missed.external_id,)
    assert recording.media


def test_everything_twice_and_in_disorder_is_the_same_calls() -> None:
    told = steps("gift-question")
    shuffled = play.disorder(told, times=3)
    assert len(shuffled) == 3 * len(told)
    assert {one.deed.number for one in shuffled} == {one.deed.number for one in told}
    assert [one.deed for one in shuffled[: len(told)]] != [one.deed for one in told]


def test_another_time_other_people_write() -> None:
    first = {one.deed.who for one in steps()}
    again = play.plan(play.stories(), TARGETS, start=WHEN, first=500)
    assert not first & {one.deed.who for one in again}


def test_an_answer_is_read_where_the_provider_tells_of_it() -> None:
    told = {}
    for target in TARGETS:
        sent = Sent(target.vendor, "someone", "900", {})
        steps_of = list(receipts(sent, [target], at=WHEN))
        told[target.vendor] = [
            one.what for step in steps_of for one in heard(step) if isinstance(one, Change)
        ]
    assert told["whatsapp"] == told["messenger"] == [What.DELIVERED, What.READ]
    assert told["instagram"] == told["x"] == [What.READ]
    assert told["sms"] == [What.DELIVERED]
    assert told["line"] == told["telegram"] == told["phone"] == []


def test_a_story_that_does_not_exist_is_named() -> None:
    with pytest.raises(NotFound, match="late-parcel"):
        play.stories("nothing")
