"""Python's collector of cycles stops everything while it looks at all objects: with thousands of sockets for 0.2 s."""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 100  # objects, and rounds of the generation before


def make_rare() -> None:
    """Once, when everything is loaded: what is there by then stays, and is never looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
