"""Pictures that stand for photographs of sites: drawn, seeded, with the place and the time in their EXIF as a phone writes them."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

SIZE = (480, 320)


def draw_site(path: Path, seed: str, day: date, north: float, east: float) -> Path:
    """A site under a sky: blocks that grow, trees, and a stamp of the day; the same seed draws the same."""
    dice = random.Random(seed)
    picture = Image.new("RGB", SIZE, (dice.randint(150, 200), dice.randint(185, 215), dice.randint(215, 240)))
    pen = ImageDraw.Draw(picture)
    ground = dice.randint(200, 240)
    pen.rectangle((0, ground, *SIZE), fill=(dice.randint(110, 150), dice.randint(120, 150), dice.randint(80, 110)))
    for _ in range(dice.randint(3, 7)):
        left, wide, high = dice.randint(0, 420), dice.randint(30, 90), dice.randint(40, 150)
        wall = (dice.randint(120, 210), dice.randint(120, 210), dice.randint(120, 210))
        pen.rectangle((left, ground - high, left + wide, ground), fill=wall, outline=(70, 70, 70))
    for _ in range(dice.randint(4, 12)):
        x, size = dice.randint(0, 470), dice.randint(8, 20)
        pen.ellipse((x - size, ground - 2 * size, x + size, ground), fill=(40, dice.randint(90, 150), 50))
    pen.text((12, 296), f"{day:%Y-%m-%d}  {north:.4f}N {east:.4f}E", fill=(255, 255, 255))
    exif = Image.Exif()
    exif[Base.DateTime] = f"{day:%Y:%m:%d} 10:{dice.randint(10, 59)}:00"
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLongitudeRef] = "N", "E"
    place[GPS.GPSLatitude], place[GPS.GPSLongitude] = _degrees(north), _degrees(east)
    picture.save(path, "JPEG", quality=82, exif=exif)
    return path


def _degrees(value: float) -> tuple[float, float, float]:
    whole = int(value)
    minutes = int((value - whole) * 60)
    return float(whole), float(minutes), round((value - whole - minutes / 60) * 3600, 2)
