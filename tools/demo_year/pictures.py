"""Pictures that stand for photographs of sites: drawn, seeded, with the place and the time in their EXIF as a phone writes them.

What is in a picture follows from what was promised; the same seed draws the same picture, and no two seeds look alike.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

SIZE = WIDE, HIGH = (480, 320)
Pen = ImageDraw.ImageDraw
Colour = tuple[int, int, int]


def draw_site(path: Path, seed: str, title: str, day: date, place: tuple[float, float]) -> Path:
    """The site of a promise on a day, at a place north and east."""
    dice = random.Random(seed)
    picture = Image.new("RGB", SIZE, (dice.randint(150, 200), dice.randint(185, 215), dice.randint(215, 240)))
    pen = ImageDraw.Draw(picture)
    horizon = dice.randint(90, 210)
    _hills(pen, dice, horizon)
    scene_of(title)(pen, dice, horizon)
    picture = _in_light(picture, dice)
    north, east = place
    ImageDraw.Draw(picture).text((12, 300), f"{day:%Y-%m-%d}  {north:.4f}N {east:.4f}E", fill=(255, 255, 255))
    exif = Image.Exif()
    exif[Base.DateTime] = f"{day:%Y:%m:%d} {dice.randint(8, 16):02}:{dice.randint(10, 59)}:00"
    where = exif.get_ifd(IFD.GPSInfo)
    where[GPS.GPSLatitudeRef], where[GPS.GPSLongitudeRef] = "N", "E"
    where[GPS.GPSLatitude], where[GPS.GPSLongitude] = _degrees(north), _degrees(east)
    picture.save(path, "JPEG", quality=78, exif=exif)
    return path


def scene_of(title: str) -> Callable[[Pen, random.Random, int], None]:
    """What stands on the site of a promise with these words."""
    return next((scene for words, scene in _SCENES if any(word in title for word in words)), _works)


def _hills(pen: Pen, dice: random.Random, horizon: int) -> None:
    """Two chains of hills and the ground."""
    for lift, shade in ((dice.randint(30, 80), 150), (dice.randint(5, 40), 120)):
        tops = [(x, horizon - lift + dice.randint(-35, 35)) for x in range(-40, WIDE + 81, dice.randint(50, 110))]
        pen.polygon([(-40, HIGH), *tops, (WIDE + 80, HIGH)], fill=(shade - 20, shade, shade - dice.randint(0, 40)))
    pen.rectangle((0, horizon, *SIZE), fill=_earth(dice))


def _trees(pen: Pen, dice: random.Random, horizon: int) -> None:
    """Rows of trees that grow towards the reader; conifers or broad crowns."""
    broad, gap = dice.random() < 0.5, dice.randint(34, 70)
    for row in range(dice.randint(2, 4)):
        foot, size = horizon + 30 + row * dice.randint(28, 55), dice.randint(14, 24) + row * 9
        green = (dice.randint(20, 60), dice.randint(80, 150), dice.randint(30, 70))
        for x in range(dice.randint(-20, 20), WIDE + 20, gap + row * 12):
            top, at = foot - dice.randint(2, 4) * size, x + dice.randint(-8, 8)
            pen.line((at, foot, at, top), fill=(90, 65, 40), width=max(size // 6, 2))
            if broad:
                pen.ellipse((at - size, top - size // 2, at + size, top + size * 3 // 2), fill=green)
            else:
                pen.polygon([(at - size, foot - size // 2), (at + size, foot - size // 2), (at, top - size)], fill=green)


def _houses(pen: Pen, dice: random.Random, horizon: int) -> None:
    """Blocks of flats with windows, or village houses with roofs."""
    village, left = dice.random() < 0.4, dice.randint(-60, 0)
    while left < WIDE:
        wide = dice.randint(60, 150)
        high, foot = dice.randint(40, 80) if village else dice.randint(110, 220), horizon + dice.randint(20, 90)
        wall = tuple(dice.randint(110, 225) for _ in range(3))
        pen.rectangle((left, foot - high, left + wide, foot), fill=wall, outline=(60, 60, 60))
        if village:
            roof = [(left - 8, foot - high), (left + wide + 8, foot - high), (left + wide // 2, foot - high - dice.randint(20, 45))]
            pen.polygon(roof, fill=(dice.randint(90, 160), 60, 50))
        step = dice.randint(16, 28)
        for x in range(left + 8, left + wide - 10, step):
            for y in range(foot - high + 10, foot - 16, step):
                pen.rectangle((x, y, x + step // 2, y + step // 2), fill=(40, 60, 90) if dice.random() < 0.7 else (245, 225, 150))
        left += wide + dice.randint(5, 60)


def _road(pen: Pen, dice: random.Random, horizon: int) -> None:
    """A road that goes to the horizon, with its marks, poles and a bus."""
    far, near, spread = dice.randint(80, 400), dice.randint(60, 420), dice.randint(90, 200)
    pen.polygon([(far - 6, horizon), (far + 6, horizon), (near + spread, HIGH), (near - spread, HIGH)], fill=(85, 85, 90))
    for step in range(1, 9):
        share, x = (step / 9) ** 2, far + (near - far) * (step / 9) ** 2
        y = horizon + (HIGH - horizon) * share
        pen.line((x, y, x + (near - far) * 0.03, y + 14 * share + 2), fill=(240, 240, 240), width=max(int(7 * share), 1))
    for _ in range(dice.randint(2, 5)):
        x, foot = dice.randint(0, WIDE), dice.randint(horizon, horizon + 70)
        pen.line((x, foot, x, foot - dice.randint(70, 140)), fill=(60, 60, 65), width=5)
    x, y, long = dice.randint(20, 330), dice.randint(horizon, HIGH - 110), dice.randint(70, 140)
    pen.rectangle((x, y, x + long, y + long // 2), fill=tuple(dice.randint(40, 240) for _ in range(3)), outline=(30, 30, 30))


def _pipes(pen: Pen, dice: random.Random, horizon: int) -> None:
    """A trench, pipes that lie beside it, and the digger."""
    start, end = dice.randint(0, 160), dice.randint(300, WIDE)
    deep = dice.randint(30, 80)
    pen.polygon([(start, HIGH), (end, horizon + 20), (end + deep, horizon + 20), (start + 3 * deep, HIGH)], fill=(70, 50, 35))
    for _ in range(dice.randint(4, 9)):
        x, y, size = dice.randint(0, WIDE), dice.randint(horizon + 20, HIGH - 20), dice.randint(14, 34)
        pipe = dice.choice(((60, 60, 65), (40, 90, 160), (190, 190, 185)))
        pen.rectangle((x, y - size, x + dice.randint(50, 130), y + size // 2), fill=pipe)
        pen.ellipse((x - size // 2, y - size, x + size // 2, y + size // 2), fill=(20, 20, 22), outline=pipe, width=4)
    _digger(pen, dice, horizon)


def _fields(pen: Pen, dice: random.Random, horizon: int) -> None:
    """Fields in strips, each of its own crop, under a slant of its own."""
    x, slant = -250, dice.randint(-260, 260)
    while x < WIDE + 250:
        wide = dice.randint(18, 80)
        crop = (dice.randint(70, 210), dice.randint(110, 200), dice.randint(40, 90))
        pen.polygon([(x // 2 + 120, horizon), ((x + wide) // 2 + 120, horizon), (x + wide + slant, HIGH), (x + slant, HIGH)], fill=crop)
        x += wide
    for _ in range(dice.randint(1, 4)):
        at, top = dice.randint(0, WIDE), dice.randint(horizon - 60, horizon)
        pen.rectangle((at, top, at + dice.randint(20, 90), horizon + 12), fill=(dice.randint(150, 230), 200, 190))


def _room(pen: Pen, dice: random.Random, _horizon: int) -> None:
    """A room with a board, lamps and rows of desks: a course, a school, a hall."""
    wall = tuple(dice.randint(170, 235) for _ in range(3))
    floor = dice.randint(150, 230)
    pen.rectangle((0, 0, WIDE, floor), fill=wall)
    pen.rectangle((0, floor, *SIZE), fill=(dice.randint(120, 180), dice.randint(95, 140), 90))
    board = dice.randint(20, 220)
    pen.rectangle(
        (board, dice.randint(15, 50), board + dice.randint(110, 240), dice.randint(90, 140)), fill=(30, dice.randint(60, 110), 60)
    )
    for x in range(dice.randint(0, 60), WIDE, dice.randint(80, 150)):
        pen.rectangle((x, 4, x + 50, 14), fill=(255, 255, 240))
    for row in range(dice.randint(2, 4)):
        y, size = floor + row * dice.randint(24, 42), 26 + row * 12
        for x in range(dice.randint(-20, 30), WIDE, size + dice.randint(20, 60)):
            pen.rectangle((x, y, x + size, y + size // 3), fill=(dice.randint(150, 220), dice.randint(110, 160), 80))
            pen.ellipse((x + size // 4, y - size // 2, x + size * 3 // 4, y), fill=tuple(dice.randint(20, 120) for _ in range(3)))


def _works(pen: Pen, dice: random.Random, horizon: int) -> None:
    """Works: halls, a chimney or a crane, and a digger."""
    left = dice.randint(-80, 20)
    while left < WIDE:
        wide, high = dice.randint(80, 200), dice.randint(50, 130)
        foot = horizon + dice.randint(10, 70)
        pen.rectangle((left, foot - high, left + wide, foot), fill=tuple(dice.randint(90, 220) for _ in range(3)), outline=(60, 60, 60))
        left += wide + dice.randint(10, 90)
    at, top = dice.randint(60, 420), dice.randint(10, 60)
    pen.line((at, horizon + 30, at, top), fill=(200, 150, 20), width=8)
    pen.line((at - dice.randint(20, 60), top, at + dice.randint(60, 200), top), fill=(200, 150, 20), width=6)
    _digger(pen, dice, horizon)


def _digger(pen: Pen, dice: random.Random, horizon: int) -> None:
    x, y, size = dice.randint(20, 380), dice.randint(horizon + 10, HIGH - 60), dice.randint(30, 60)
    reach = dice.choice((-1, 1)) * dice.randint(size, 3 * size)
    pen.rectangle((x, y, x + size, y + size // 2), fill=(230, 170, 20), outline=(70, 50, 10))
    pen.line((x + size // 2, y, x + size // 2 + reach, y - size, x + size // 2 + reach, y + size // 2), fill=(230, 170, 20), width=7)


def _earth(dice: random.Random) -> Colour:
    return dice.randint(105, 165), dice.randint(110, 150), dice.randint(70, 110)


def _in_light(picture: Image.Image, dice: random.Random) -> Image.Image:
    """Clouds and their shadows: light that changes softly over the whole picture, as on no other day."""
    sky = Image.new("L", (9, 8))
    sky.putdata([dice.randint(150, 255) for _ in range(72)])
    return ImageChops.multiply(picture, sky.resize(SIZE, Image.Resampling.BICUBIC).convert("RGB"))


_SCENES: tuple[tuple[tuple[str, ...], Callable[[Pen, random.Random, int], None]], ...] = (
    (("林", "树", "绿", "公园", "补植", "山体"), _trees),
    (("管", "污水", "调水", "再生水", "排水", "流量"), _pipes),
    (("路", "公交", "停车", "充电", "驿站"), _road),
    (("田", "农业", "粮", "蔬菜", "土壤"), _fields),
    (("培训", "就业", "学", "幼儿", "托位", "岗位", "招聘", "助学金", "赛事", "课"), _room),
    (("房", "小区", "楼", "户", "村", "养老", "敬老", "厕所", "食堂", "社区"), _houses),
)


def _degrees(value: float) -> tuple[float, float, float]:
    whole = int(value)
    minutes = int((value - whole) * 60)
    return float(whole), float(minutes), round((value - whole - minutes / 60) * 3600, 2)
