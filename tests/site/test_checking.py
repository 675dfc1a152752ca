"""Evidence, the draw of lots, the closing checklist, notices and objections."""

from __future__ import annotations

import json
from hashlib import sha256
from html import unescape
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from pictures import scene
from sites import Site, fields_of
from sizhang.app.init import equip
from sizhang.store.objections import load_objections


def picture(path: Path, seed: int, **options: object) -> Path:
    """A photograph with a time and a place in it."""
    exif = Image.Exif()
    exif[0x8769] = {36867: "2026:07:08 10:22:00"}
    exif[0x8825] = {1: "N", 2: (37.0, 30.0, 0.0), 3: "E", 4: (112.0, 15.0, 0.0)}
    scene(seed).save(path, exif=exif, **options)
    return path


def text_of(response: object) -> str:
    return unescape(response.content.decode())  # type: ignore[attr-defined]


def test_a_photograph_handed_in_again_is_questioned_before_it_is_booked(site: Site, tmp_path: Path) -> None:
    first, second = site.open("新建高标准农田"), site.open("改造高标准农田")
    site.claim(first, "100", evidence=(picture(tmp_path / "东坡.jpg", 1),))
    smaller = tmp_path / "别处.jpg"
    scene(1).resize((300, 225)).save(smaller, quality=70)
    client = site.client("reporter")
    address = f"/ledger/{second}/claim/"
    typed = {**fields_of(client.get(address)), "number": "50"}
    before = site.entries()
    page = text_of(client.post(address, {**typed, "rehearse": "1", "evidence": SimpleUploadedFile("别处.jpg", smaller.read_bytes())}))
    assert f"与 {first} 的照片相像" in page
    assert site.entries() == before
    other = picture(tmp_path / "新.jpg", 2)
    page = text_of(client.post(address, {**typed, "rehearse": "1", "evidence": SimpleUploadedFile("新.jpg", other.read_bytes())}))
    assert "照片相像" not in page


def test_the_verifier_sees_time_place_hash_and_the_calculators_result(site: Site, tmp_path: Path) -> None:
    number = site.open("新建高标准农田")
    photo = picture(tmp_path / "东坡.jpg", 3)
    result = {
        "calculator": "farmland",
        "title": "高标准农田面积 Farmland",
        "values": [{"name": "area_mu", "title": "面积 Area", "number": "88.50", "unit": "亩"}],
        "standards": [{"code": "GB/T 30600-2022", "clause": "6.1"}],
        "verdict": {"outcome": "not met", "reason": "88.50 亩 < 100 亩"},
    }
    report = tmp_path / "核算.json"
    report.write_text(json.dumps(result), "utf-8")
    site.claim(number, "100", evidence=(photo, report))
    page = text_of(site.client("verifier").get(f"/ledger/{number}/verify/"))
    for told in (
        "2026-07-08 10:22:00",
        "37.500000, 112.250000",
        sha256(photo.read_bytes()).hexdigest()[:12],
        "88.50 亩",
        "未达到",
        "GB/T 30600-2022",
    ):
        assert told in page


def test_evidence_that_only_looks_like_a_result_is_shown_as_a_file(site: Site, tmp_path: Path) -> None:
    number = site.open("新建高标准农田")
    report = tmp_path / "坏.json"
    report.write_text('{"title": "x", "values": [1], "standards": [], "verdict": null}', "utf-8")
    site.claim(number, "100", evidence=(report,))
    page = site.client("verifier").get(f"/ledger/{number}/verify/")
    assert page.status_code == 200
    assert "坏.json" in text_of(page)


def test_the_draw_of_lots_can_be_repeated_by_anybody(site: Site) -> None:
    number = site.open("新建高标准农田")
    lots = tuple(f"地块{place:02d}" for place in range(30))
    site.claim(number, "30", lots)
    page = text_of(site.client("verifier").get(f"/ledger/{number}/verify/"))
    digest = site.store.rows("SELECT hash FROM entry ORDER BY seq DESC LIMIT 1")[0][0]
    seed = bytes(digest).hex()[:16]
    expected = sorted(lots, key=lambda lot: sha256(f"{seed}{lot}".encode()).hexdigest())[:10]
    assert f"种子 {seed}" in page
    assert [lot for lot in expected if f"<li>{lot}</li>" in page] == expected
    assert sum(f"<li>{lot}</li>" in page for lot in lots) == 10


def test_nothing_is_settled_without_a_signature_and_while_an_objection_waits(site: Site) -> None:
    number = site.open("新建高标准农田")
    site.claim(number, "100")
    site.verify(number, "100")
    office, deputy = site.client("office"), site.client("deputy")
    assert deputy.post(f"/notices/{number}/objections/", {"text": "东坡那一块没有修路"}).status_code == 302
    address = f"/ledger/{number}/settle/"
    typed = fields_of(office.get(address))
    assert "没有签字" in text_of(office.post(address, typed))
    answer = office.post(address, {**typed, "signed": "1"})
    assert answer.status_code == 422
    assert "东坡那一块没有修路" in text_of(answer)
    assert site.standing(number)[2:] == (10_000, 0)
    (objection,) = load_objections(site.store)
    assert deputy.post(f"/objections/{objection.id}/", {"answer": "没有"}).status_code == 403
    assert office.post(f"/objections/{objection.id}/", {"answer": "查过，路在南侧"}).status_code == 302
    assert "查过，路在南侧" in text_of(deputy.get("/notices/"))
    assert office.post(address, {**typed, "signed": "1"}).status_code == 302
    assert site.standing(number)[2:] == (0, 10_000)


def test_the_checklist_says_what_is_missing(site: Site) -> None:
    with site.store.writing():
        equip(site.store, "notice_days = 7\n")
    number = site.open("新建高标准农田")
    site.claim(number, "100")
    site.verify(number, "100")
    page = text_of(site.client("office").get(f"/ledger/{number}/settle/"))
    assert "公示 7 天；现在可销 0 亩" in page
    assert "1 笔交账没有附佐证" in page
    assert "尚欠 900" in page
    assert "公示到" in text_of(site.client("leader").get("/notices/"))


def test_an_objection_needs_something_under_notice(site: Site) -> None:
    number = site.open("新建高标准农田")
    assert site.client("deputy").post(f"/notices/{number}/objections/", {"text": "不属实，没有修"}).status_code == 422
    assert site.client("other").post(f"/notices/{number}/objections/", {"text": "不属实，没有修"}).status_code == 403
    assert not load_objections(site.store)


def test_lots_with_outlines_are_drawn_on_a_map(site: Site, tmp_path: Path) -> None:
    number = site.open("新建高标准农田")

    def square(name: str, east: float) -> dict[str, object]:
        ring = [[112 + east, 37.0], [112.01 + east, 37.0], [112.01 + east, 37.01], [112 + east, 37.01], [112 + east, 37.0]]
        return {"type": "Feature", "properties": {"lot": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}

    outlines = {"type": "FeatureCollection", "features": [square("地块1", 0), square("地块2", 0.02), square("别处的地", 0.04)]}
    file = tmp_path / "地块.geojson"
    file.write_text(json.dumps(outlines), "utf-8")
    site.claim(number, "2", ("地块1", "地块2"), evidence=(file,))
    page = text_of(site.client("leader").get(f"/ledger/{number}/"))
    assert "2 处有界线的地块" in page
    assert "别处的地" not in page


def test_what_is_booked_shows_at_once_although_the_page_is_kept(site: Site) -> None:
    number = site.open("新建高标准农田")
    client = site.client("office")
    for _time in range(2):
        assert "还没有核过" in text_of(client.get(f"/ledger/{number}/"))
    site.claim(number, "100")
    site.verify(number, "100")
    page = text_of(client.get(f"/ledger/{number}/"))
    assert "现场看过，属实" in page
    assert "还没有核过" not in page
