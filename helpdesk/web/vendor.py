"""`python -m helpdesk.web.vendor`: browser libraries and the bundled chat widget into static/vendor.

Run by `make` after `npm ci` and when the widget's modules change; nothing of this happens while serving.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from helpdesk.web import bundle

ROOT = Path(__file__).parent.parent.parent
LIBRARIES = {
    "htmx.org": ("dist/htmx.min.js",),
    "idiomorph": ("dist/idiomorph-ext.min.js",),
    "htmx-ext-ws": ("ws.js",),
    "uplot": ("dist/uPlot.esm.js", "dist/uPlot.min.css"),
    "squire-rte": ("dist/squire.mjs",),
    "dompurify": ("dist/purify.min.js",),
    "lucide-static": (),
}
ICONS = (
    "activity", "archive", "arrow-down", "arrow-down-to-line", "arrow-left", "arrow-right", "arrow-up",
    "at-sign", "ban", "bell", "bell-off", "bell-ring", "bold", "book-open", "bookmark", "bot", "building-2",
    "calendar", "calendar-clock", "camera", "chart-column", "check", "check-check", "chevron-down",
    "chevron-left", "chevron-right", "chevron-up", "circle", "circle-alert", "circle-check", "circle-dot",
    "circle-help", "circle-pause", "circle-play", "circle-user", "circle-x", "clipboard-list", "clock",
    "clock-alert", "cloud-alert", "cloud-off", "code", "coins", "command", "compass", "contact", "copy",
    "corner-down-left", "corner-down-right", "credit-card", "crown", "download", "ellipsis",
    "ellipsis-vertical", "external-link", "eye", "eye-off", "file", "file-text", "filter", "flag", "flame",
    "fold-vertical", "folder", "folder-down", "forward", "gift", "git-merge", "globe", "hand", "hash",
    "heading", "history", "hourglass", "image", "image-off", "inbox", "info", "italic", "key-round",
    "keyboard", "languages", "layout-list", "life-buoy", "lightbulb", "link", "list", "list-filter",
    "list-ordered", "lock", "log-in", "log-out", "mail", "mail-check", "mail-open", "mail-x", "map-pin",
    "maximize-2", "menu", "merge", "message-circle", "message-circle-more", "message-square",
    "message-square-text", "messages-square", "mic", "minimize-2", "monitor", "moon", "mouse-pointer-click",
    "octagon-alert", "package", "package-check", "package-open", "package-x", "palette", "panel-left",
    "panel-right", "paperclip", "pause", "pencil", "phone", "phone-incoming", "phone-missed",
    "phone-outgoing", "play", "plug", "plus", "printer", "quote", "refresh-cw", "remove-formatting",
    "reply", "reply-all", "rotate-ccw", "rotate-cw", "save", "search", "send", "send-horizontal", "server",
    "settings", "shield", "shield-alert", "shield-check", "shopping-bag", "shopping-cart",
    "sliders-horizontal", "smartphone", "smile", "sparkles", "split", "star", "sticker", "sticky-note",
    "store", "sun", "tag", "tags", "thumbs-down", "thumbs-up", "timer", "trash-2", "trending-down",
    "trending-up", "triangle-alert", "truck", "type", "undo-2", "unplug", "upload", "user", "user-check",
    "user-minus", "user-plus", "user-round", "user-x", "users", "video", "voicemail", "wallet", "webhook",
    "x", "zap",
)  # fmt: skip


def main() -> int:
    """Exit code 0 when all libraries stand, 1 with one line on stderr when one is missing."""
    try:
        copy(ROOT / "node_modules", ROOT / "static" / "vendor")
    except OSError as error:
        sys.stderr.write(f"helpdesk.web.vendor: {error}; run: npm ci --ignore-scripts\n")
        return 1
    try:
        bundle.build(ROOT / "node_modules", ROOT / "static")
    except OSError as error:
        sys.stderr.write(f"helpdesk.web.vendor: {error}; shops get the widget in its many modules\n")
    return 0


def copy(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    licences: list[str] = []
    for name, files in LIBRARIES.items():
        for file in files:
            shutil.copyfile(source / name / file, target / Path(file).name)
        licences.append(
            f"{name}\n{'=' * len(name)}\n{(source / name / 'LICENSE').read_text(encoding='utf-8').strip()}\n"
        )
    (target / "LICENSES.txt").write_text("\n\n".join(licences), encoding="utf-8")
    (target / "icons.svg").write_text(sprite(source / "lucide-static" / "icons"), encoding="utf-8")


def sprite(folder: Path) -> str:
    """All icons that pages use as symbols of one file."""
    symbols = [
        f'<symbol id="{name}" viewBox="0 0 24 24">{_drawing(folder / f"{name}.svg")}</symbol>'
        for name in ICONS
    ]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def _drawing(path: Path) -> str:
    found = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.S)
    if found is None:
        raise OSError(f"{path} is no drawing")
    return re.sub(r"\s+", " ", found[1]).strip()


if __name__ == "__main__":
    sys.exit(main())
