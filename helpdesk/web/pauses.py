"""What would make all wait: Python's collector of cycles, and threads that compute while the server has to answer."""

from __future__ import annotations

import gc
import sys

YOUNG, MIDDLE, OLD = 20_000, 20, 100  # objects, and rounds of the generation before
TURN = 0.0005  # seconds that a computing thread keeps the interpreter when another wants it; Python's own are 0.005


def make_rare() -> None:
    """Once, when everything is loaded: what is there by then stays, and is never looked at again.

    A collection looks at all objects: with thousands of sockets for 0.2 s. An answer takes the interpreter back
    after each call of the system, every time as late as TURN.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    sys.setswitchinterval(TURN)
