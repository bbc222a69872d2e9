"""Long reckoning in a process of its own: nobody waits for it, and a crash there takes nothing along."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

LONGEST = timedelta(minutes=30)
SETTLED = timedelta(hours=1)  # whoever has just started the helpdesk, or a demo, is looking at it
FOLDER = "helpdesk-apart-"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

Follow = Callable[[asyncio.StreamReader], Awaitable[None]]


class Broke(Exception):
    """The other process came to no result; the text is its own words."""


@asynccontextmanager
async def folder() -> AsyncIterator[Path]:
    """Where rows lie meanwhile; what crashes left there goes first."""
    await asyncio.to_thread(_sweep)
    with tempfile.TemporaryDirectory(prefix=FOLDER) as name:
        yield Path(name)


async def run(
    module: str, folder: Path, corpus: Path, *, follow: Follow | None = None, longest: timedelta = LONGEST
) -> None:
    """Until it has ended; `follow` reads what it says meanwhile. Raises Broke, and TimeoutError after `longest`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", module, str(folder), "--corpus", str(corpus), "--leashed"),
        stdin=asyncio.subprocess.PIPE,  # closed when this process dies: then the other one ends too
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **ONE_THREAD},
    )
    assert process.stdout is not None and process.stderr is not None
    try:
        async with asyncio.timeout(longest.total_seconds()):
            told = follow(process.stdout) if follow else process.stdout.read()
            words, _ = await asyncio.gather(process.stderr.read(), told)
            code = await process.wait()
        if code:
            raise Broke(words.decode("utf-8", "replace").strip()[-1000:] or f"it ended with code {code}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def write(file: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """ASCII, so that no half of a surrogate pair stands in the way."""
    with file.open("w", encoding="ascii") as out:
        for row in rows:
            out.write(json.dumps(row) + "\n")


def _sweep() -> None:
    """What a machine that lost its power left behind: customers' words."""
    long_ago = time.time() - 2 * LONGEST.total_seconds()
    for left in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        with suppress(OSError):  # somebody else's, or gone by now
            if left.stat().st_mtime < long_ago:
                shutil.rmtree(left)
