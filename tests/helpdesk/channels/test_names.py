from __future__ import annotations

from helpdesk.channels.names import NAMES
from helpdesk.channels.registry import PARSERS
from helpdesk.inbox import search_query
from helpdesk.web.agent.chips import CHANNELS
from helpdesk.web.vendor import ICONS


def test_every_channel_has_a_name_an_icon_and_words_to_search_by() -> None:
    assert set(NAMES) == set(PARSERS)
    assert set(CHANNELS) == set(search_query.CHANNELS) == set(NAMES)
    assert {icon for icon, _name in CHANNELS.values()} <= set(ICONS)


def test_no_two_channels_look_alike() -> None:
    assert len({icon for icon, _name in CHANNELS.values()}) == len(CHANNELS)
