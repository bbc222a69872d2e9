"""What providers give, taken with care: nothing has to be of the kind that it should be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LONGEST_ADDRESS = 2000
PASSING = ("url", "_url", "_https")  # ends of names of what is signed anew each time it is told


def mapping(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object of this name, else an empty one."""
    value = given.get(name)
    return value if isinstance(value, dict) else {}


def mappings(given: object) -> list[dict[str, Any]]:
    """The objects of a list, else none."""
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def words(given: Mapping[str, Any], name: str) -> str:
    """The text of this name, else none."""
    value = given.get(name)
    return value if isinstance(value, str) else ""


def web_address(given: object) -> str:
    """Of the web, else empty: what is shown as a link must lead nowhere else."""
    if not isinstance(given, str) or len(given) > LONGEST_ADDRESS or not given.isprintable():
        return ""
    return given if given.lower().startswith(("https://", "http://")) else ""


def place(latitude: object, longitude: object) -> dict[str, float]:
    """On the earth, else nothing."""
    if not (_is_number(latitude) and _is_number(longitude)):
        return {}
    found = {"latitude": float(str(latitude)), "longitude": float(str(longitude))}
    return found if abs(found["latitude"]) <= 90 and abs(found["longitude"]) <= 180 else {}


def lasting(given: Any) -> Any:
    """Without what differs when the same is told again."""
    if isinstance(given, Mapping):
        return {
            name: lasting(value) for name, value in given.items() if not str(name).lower().endswith(PASSING)
        }
    return [lasting(one) for one in given] if isinstance(given, list) else given


def _is_number(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)
