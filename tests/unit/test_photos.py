"""Photographs: pictures made here, changed as people change them, and what their cameras wrote into them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from pictures import scene
from sizhang.verification.photos import distance, looks_alike, read_photo


def saved(picture: Image.Image, path: Path, **options: object) -> Path:
    picture.save(path, **options)
    return path


@pytest.mark.parametrize(
    "change",
    [
        lambda picture: picture.resize((200, 150)),
        lambda picture: ImageEnhance.Brightness(picture).enhance(1.2),
        lambda picture: picture.rotate(90, expand=True),
        lambda picture: picture.rotate(180),
        lambda picture: picture.rotate(270, expand=True),
    ],
    ids=["smaller", "brighter", "a quarter turn", "upside down", "three quarters"],
)
def test_a_changed_copy_is_recognised(tmp_path: Path, change: object) -> None:
    for seed in range(5):
        one = read_photo(saved(scene(seed), tmp_path / "one.jpg"))
        other = read_photo(saved(change(scene(seed)), tmp_path / "other.jpg", quality=60))  # type: ignore[operator]
        assert one is not None and other is not None
        assert looks_alike(one, other), distance(one, other)
        assert looks_alike(other, one), distance(other, one)


def test_different_pictures_are_not_alike(tmp_path: Path) -> None:
    read = [read_photo(saved(scene(seed), tmp_path / f"{seed}.png")) for seed in range(12)]
    pairs = [(a, b) for place, a in enumerate(read) for b in read[:place]]
    assert not any(looks_alike(a, b) for a, b in pairs if a is not None and b is not None)


def test_blank_pictures_are_not_compared(tmp_path: Path) -> None:
    one = read_photo(saved(Image.new("L", (100, 100), 255), tmp_path / "white.png"))
    other = read_photo(saved(Image.new("L", (300, 200), 0), tmp_path / "black.png"))
    assert one is not None and other is not None
    assert not looks_alike(one, other)


def test_time_and_place_are_the_cameras(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x8769] = {36867: "2026:07:08 10:22:00", 36881: "+08:00"}
    exif[0x8825] = {1: "N", 2: (30.0, 39.0, 40.32), 3: "W", 4: (104.0, 3.0, 56.52)}
    facts = read_photo(saved(scene(1), tmp_path / "there.jpg", exif=exif))
    assert facts is not None
    assert facts.taken_at == "2026-07-08 10:22:00+08:00"
    # 30° 39′ 40.32″ = 30 + 39/60 + 40.32/3600 = 30.6612 and 104° 3′ 56.52″ = 104.0657, computed by hand.
    assert (facts.latitude, facts.longitude) == (Decimal("30.661200"), Decimal("-104.065700"))


def test_without_the_time_of_taking_that_of_writing_is_given(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[306] = "2026:08:31 10:40:00"
    facts = read_photo(saved(scene(1), tmp_path / "written.jpg", exif=exif))
    assert facts is not None
    assert facts.taken_at == "2026-08-31 10:40:00"


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0 no picture", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_picture_gives_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.jpg"
    path.write_bytes(content)
    assert read_photo(path) is None


def test_a_camera_that_knows_nothing_gives_no_place(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x8769] = {36867: "0000:00:00 00:00:00"}
    exif[0x8825] = {2: (0, 0)}
    facts = read_photo(saved(scene(2), tmp_path / "nowhere.jpg", exif=exif))
    assert facts is not None
    assert (facts.taken_at, facts.latitude, facts.longitude) == ("", None, None)
