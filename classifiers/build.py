"""`python -m classifiers.build`: trains the built-in model from the corpus, unless it is already the one."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from classifiers import BUILTIN, artifact
from classifiers.rows import CORPUS, BadRow, corpus_hash, read_corpus

_SHAPING = (
    *("artifact", "calibration", "evaluate", "features", "judged", "language", "mix"),
    *("rows", "scores", "tags", "text", "training", "unseen"),
)


def main() -> int:
    """Exit code 0 when the model stands, 1 with one line on stderr when it cannot be built."""
    try:
        built = build()
    except (BadRow, ValueError, OSError) as error:
        sys.stderr.write(f"classifiers.build: {error}\n")
        return 1
    sys.stdout.write(f"{BUILTIN.name}: {'built' if built else 'up to date'}\n")
    return 0


def build(corpus: Path = CORPUS, file: Path = BUILTIN) -> bool:
    """Trains and stores the model; False when data and code are those of the stored one."""
    data, code = corpus_hash(corpus), code_version()
    if is_current(file, data, code):
        return False
    # scikit-learn is loaded only when there is something to train.
    from classifiers.training import fit

    artifact.save(fit(read_corpus(corpus), data_hash=data, code_version=code, measured=True), file)
    return True


def is_current(file: Path, data: str, code: str) -> bool:
    """Whether the stored model came from this data and this code."""
    try:
        meta = artifact.load(file).meta
    except (FileNotFoundError, artifact.ArtifactRefused):
        return False
    return (meta["data_hash"], meta["code_version"]) == (data, code)


def code_version() -> str:
    """Changes when a module that shapes the model does."""
    digest = hashlib.sha256()
    for name in _SHAPING:
        digest.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
