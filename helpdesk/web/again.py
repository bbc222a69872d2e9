"""A form whose transaction lost a race against a message that came in at this moment is worked off once more."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.intake.faults import lost_race

TRIES = 5


def again(handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Nothing of a lost try is kept, so it may run anew. For what holds many rows, as merging customers does."""

    def handle(request: Request) -> Response:
        for left in reversed(range(TRIES)):
            try:
                return handler(request)
            except SQLAlchemyError as error:
                if not left or not lost_race(error):
                    raise
        raise AssertionError

    return handle
