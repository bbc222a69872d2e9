"""The frame of programs that somebody else starts, with a folder for what is given and what comes out of it.

They are leashed to whoever started them: when their standard input ends they end too, and leave nothing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from classifiers import ArtifactRefused
from classifiers.rows import CORPUS, BadRow

NICE = 10
ORPHANED = 3  # exit code


def main(
    run: Callable[[Path, Path], None], program: str, told: str | None, arguments: Sequence[str] | None
) -> int:
    """Exit code 0 when the result stands, 1 with one line on stderr when there is none. `run`: folder and corpus."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=told)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument(
        "--leashed", action="store_true", help="end, and leave nothing, when standard input ends"
    )
    given = parser.parse_args(arguments)
    os.nice(NICE)
    if given.leashed:
        threading.Thread(target=_end_with_input, args=(given.folder,), daemon=True).start()
    try:
        run(given.folder, given.corpus)
    except (BadRow, ArtifactRefused, ValueError, KeyError, OSError) as error:
        sys.stderr.write(
            f"{type(error).__name__}: {error}\n" if isinstance(error, KeyError) else f"{error}\n"
        )
        return 1
    return 0


def _end_with_input(folder: Path) -> None:
    """Whoever asked has died: nobody wants the answer, and the rows are customers' words."""
    os.read(sys.stdin.fileno(), 1)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(ORPHANED)
