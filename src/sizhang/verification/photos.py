"""What a photograph tells of itself: how it looks, when and where its camera says that it was taken.

Two pictures that look alike raise a question, never a verdict: one may be a cutting of the other, or the same wall on another day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sizhang.core.errors import InputError, Words

if TYPE_CHECKING:
    from PIL.Image import Image

BITS: Final = 64
ALIKE_MOST: Final = 12
"""Bits that may differ. Measured: compressed or made smaller again 0, brighter 1, 5 % cut off 11, another picture about 32."""
PIXELS_MOST: Final = 64_000_000
"""More than a telephone of 50 million pixels takes (8,160 × 6,144); four bytes each while it is decoded."""
_SIDE: Final = 8
_FORMATS: Final = ("JPEG", "PNG", "GIF", "TIFF", "WEBP")
# A picture with hardly an edge (a white page, a night sky) looks like every other such one.
_EDGES_LEAST: Final = 6
_EXIF, _GPS, _TAKEN, _WRITTEN, _OFFSET = 0x8769, 0x8825, 36867, 306, 36881


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """A photograph.

    Attributes:
        hashes: its difference hash as it stands and after one, two and three quarter turns.
        taken_at: `2026-07-08 10:22:00+08:00` as the camera wrote it, without an offset where it gave none; empty where it wrote nothing.
        latitude, longitude: in degrees, north and east positive, six decimals; None where the camera did not know.
    """

    hashes: tuple[int, int, int, int]
    taken_at: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None


def read_photo(path: Path) -> PhotoFacts | None:
    """Read a picture; None where the file is no picture that can be decoded, or one of more than `PIXELS_MOST`, which is not decoded."""
    from PIL import Image, ImageOps

    try:
        with Image.open(path, formats=_FORMATS) as picture:
            if picture.width * picture.height > PIXELS_MOST:
                return None
            exif = picture.getexif()
            # When it was taken, or else when the file was written.
            facts = {_TAKEN: exif.get(_WRITTEN, ""), **exif.get_ifd(_EXIF)}
            place = dict(exif.get_ifd(_GPS))
            picture.draft("L", (256, 256))
            small = ImageOps.exif_transpose(picture).convert("L").resize((_SIDE * 8, _SIDE * 8))
    except Exception:  # whatever a decoder raises on a damaged or hostile file, it is no picture to us
        return None
    first, second, third, fourth = (hash_of(small.rotate(90 * turns)) for turns in range(4))
    return PhotoFacts((first, second, third, fourth), _taken(facts), _degrees(place, 2, "S"), _degrees(place, 4, "W"))


def check_photo(path: Path) -> None:
    """Refuse a picture that a small file makes huge, by what its head says: nothing is decoded. What is no picture passes.

    Raises:
        InputError: it has more than `PIXELS_MOST` pixels.
    """
    import warnings

    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=_FORMATS) as picture:
                if picture.width * picture.height <= PIXELS_MOST:
                    return
                size = Words(f"{picture.width:,} × {picture.height:,} 像素", f"{picture.width:,} × {picture.height:,} pixels")
    except Image.DecompressionBombError:
        size = Words("170,000,000 以上像素", "more than 170,000,000 pixels")
    except Exception:  # as in read_photo
        return
    raise InputError(
        Words(f"图片有 {size.zh}，上限是 {PIXELS_MOST:,}。", f"The picture has {size.en}; the limit is {PIXELS_MOST:,}."),
        where=path.name,
        remedy=Words("请缩小后再交。", "Give a smaller copy of it."),
    )


def hash_of(picture: Image) -> int:
    """The difference hash: 64 bits, one for each pair of neighbours in the picture at 9 × 8, set where the right one is brighter."""
    pixels = list(picture.resize((_SIDE + 1, _SIDE)).tobytes())
    rows = [pixels[at : at + _SIDE + 1] for at in range(0, len(pixels), _SIDE + 1)]
    bits = [right > left for row in rows for left, right in pairwise(row)]
    return sum(1 << place for place, bit in enumerate(bits) if bit)


def distance(one: PhotoFacts, other: PhotoFacts) -> int:
    """How many of the 64 bits differ, whichever way either was turned; 64 where one has too few edges to tell.

    After a quarter turn the hash tells of the edges that run the other way: two of the four are compared, and the larger distance counts.
    """
    if not all(_EDGES_LEAST <= facts.hashes[0].bit_count() <= BITS - _EDGES_LEAST for facts in (one, other)):
        return BITS
    across, along = other.hashes[:2]
    return min(max((one.hashes[turns] ^ across).bit_count(), (one.hashes[(turns + 1) % 4] ^ along).bit_count()) for turns in range(4))


def looks_alike(one: PhotoFacts, other: PhotoFacts) -> bool:
    """Whether two pictures are so alike that somebody should look."""
    return distance(one, other) <= ALIKE_MOST


def _taken(facts: Mapping[int, Any]) -> str:
    text = str(facts.get(_TAKEN, "")).strip("\0 ")
    day, _blank, time = text.partition(" ")
    if len(day) != 10 or len(time) != 8 or not text.replace(":", "").replace(" ", "").isdecimal() or day.startswith("0000"):
        return ""
    offset = str(facts.get(_OFFSET, "")).strip("\0 ")
    return f"{day.replace(':', '-')} {time}{offset if len(offset) == 6 else ''}"


def _degrees(place: Mapping[int, Any], tag: int, negative: str) -> Decimal | None:
    try:
        degrees, minutes, seconds = (Decimal(str(part.numerator)) / Decimal(str(part.denominator)) for part in place[tag])
        value = (degrees + minutes / 60 + seconds / 3600).quantize(Decimal("0.000001"))
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
        return None
    if value > (90 if tag == 2 else 180):
        return None
    return -value if str(place.get(tag - 1, "")).startswith(negative) else value
