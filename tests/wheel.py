"""`python tests/wheel.py`: builds the wheel and proves that the installed one works without the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = """
import sys, time
from pathlib import Path
import helpdesk
assert Path(helpdesk.__file__).is_relative_to(Path(sys.argv[1])), helpdesk.__file__
from starlette.testclient import TestClient
from helpdesk.app import build
from helpdesk.settings import Settings
from helpdesk.web import assets, bundle, widget_files
assert widget_files.place() == bundle.MADE, "the chat widget is not bundled; run: make vendor"
with TestClient(build(Settings(data=Path(sys.argv[2])))) as client:
    answers = (client.get("/readyz") for _ in range(200) if not time.sleep(0.1))
    assert any(answer.json()["ready"] for answer in answers), client.get("/readyz").text
    assert client.get("/login", headers={"accept-language": "ja"}).status_code == 200
    for name in ("app.css", "js/app.js", "vendor/htmx.min.js", "vendor/icons.svg"):
        assert client.get(assets.asset(name)).status_code == 200, name
    for name in ("widget.js", f"widget/{assets.digest()}/chat.js", f"widget/{assets.digest()}/words-ja.js"):
        assert client.get("/" + name).status_code == 200, name
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place, data = Path(folder) / "site", Path(folder) / "data"
        run("-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ".", cwd=ROOT)
        (wheel,) = Path(folder).glob("*.whl")
        run("-m", "pip", "install", "--quiet", "--no-deps", "--target", str(place), str(wheel), cwd=ROOT)
        installed = {"PYTHONPATH": str(place), "HELPDESK_DATA": str(data)}
        run("-m", "helpdesk", "migrate", cwd=Path(folder), **installed)
        found = run("-m", "helpdesk", "doctor", "--json", cwd=Path(folder), **installed)
        bad = [check for check in json.loads(found) if not check["good"]]
        assert not bad, bad
        run("-c", PAGES, str(place), str(data), cwd=Path(folder), **installed)
        sys.stdout.write(f"{wheel.name} works when installed, {wheel.stat().st_size / 1e6:.1f} MB\n")


def run(*words: str, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(words)[:120]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
