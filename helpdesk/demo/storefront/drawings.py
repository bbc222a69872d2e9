"""The shop's pictures, drawn here: each thing as a few warm shapes before a quiet wall."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from helpdesk.demo.shop import Product

WALLS = ("#efe7da", "#e7e3d6", "#ece2d8", "#e2e5dc", "#eadfd0")


def drawing(product: Product) -> str:
    """An SVG picture, 400 by 300."""
    wall = WALLS[sum(product.sku.encode()) % len(WALLS)]
    shape = next((drawn for word, drawn in _shapes().items() if word in product.en), _shapes()["other"])
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300">'
        f'<rect width="400" height="300" fill="{wall}"/>'
        '<path d="M0 232h400v68H0z" fill="#000" fill-opacity=".05"/>'
        '<ellipse cx="200" cy="234" rx="128" ry="11" fill="#000" fill-opacity=".09"/>'
        f"{shape.replace('WALL', wall)}</svg>"
    )


@cache
def _shapes() -> dict[str, str]:
    read = yaml.safe_load((Path(__file__).parent / "drawings.yaml").read_text(encoding="utf-8"))
    shapes: dict[str, str] = read["shapes"]
    for name, colour in read["colours"].items():
        shapes = {word: drawn.replace(name, colour) for word, drawn in shapes.items()}
    return shapes
