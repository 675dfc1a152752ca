"""Pictures for tests."""

from __future__ import annotations

import random

from PIL import Image, ImageDraw


def scene(seed: int) -> Image.Image:
    """A landscape of blocks that no other seed gives."""
    rng = random.Random(seed)
    picture = Image.new("RGB", (640, 480), (rng.randrange(256), rng.randrange(256), 200))
    draw = ImageDraw.Draw(picture)
    for _ in range(30):
        x, y = rng.randrange(640), rng.randrange(480)
        box = (x, y, x + rng.randrange(40, 220), y + rng.randrange(40, 160))
        draw.rectangle(box, fill=(rng.randrange(256), rng.randrange(256), rng.randrange(256)))
    return picture
