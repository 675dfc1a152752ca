"""What everybody sees: the pages, what is kept of them, the evidence that may be shown, clues, and the data to take away."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from hashlib import sha256
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.http import HttpResponseBase

from sites import FARMING, HOUSING, Site
from sizhang.app.order import Order
from sizhang.app.reject import reject
from sizhang.app.split import Division, split
from sizhang.app.tables import Part
from sizhang.store.reading import read_promises
from sizhang.web.models import Clue, Shown


def text_of(response: HttpResponseBase) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return unescape(body.decode())


@pytest.fixture
def number(site: Site) -> str:
    return site.open("新建高标准农田")


def test_a_kept_page_is_made_anew_once_something_is_booked(site: Site, number: str) -> None:
    client = site.client()
    address = f"/promises/{number}/"
    assert text_of(client.get(address)) == text_of(client.get(address))
    assert "120 亩" not in text_of(client.get(address))
    site.claim(number, "120")
    assert "120 亩" in text_of(client.get(address))


def test_a_kept_page_is_not_given_to_another_language_type_or_reader(site: Site, number: str) -> None:
    client = site.client()
    assert 'lang="zh-CN"' in text_of(client.get("/"))
    client.cookies["django_language"] = "en"
    assert 'lang="en"' in text_of(client.get("/"))
    client.cookies["type"] = "large"
    assert 'class="large' in text_of(client.get("/"))
    office = site.client("office")
    assert "督查室" in text_of(office.get("/"))
    assert "退出" not in text_of(site.client().get("/"))


def test_a_choice_of_looks_sent_from_another_site_is_refused(site: Site) -> None:
    client = site.client()
    assert client.post("/preferences/", {"type": "large"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert "type" not in client.cookies
    assert client.post("/preferences/", {"type": "large", "next": "https://example.org/"})["Location"] == "/"


def test_quality_says_what_is_only_claimed_and_what_was_sent_back(site: Site, number: str) -> None:
    address = f"/promises/{number}/"
    assert "还没有核过" in text_of(site.client().get(address))
    site.claim(number, "300")
    site.verify(number, "100")
    page = text_of(site.client().get(address))
    for told in ("200 亩只是单位自报", "没有附佐证", "核过 1 次，其中退回 0 次", "准到 0.01 亩", "承诺是手工登记的"):
        assert told in page, told


def test_quality_counts_what_parts_were_sent_back(site: Site) -> None:
    number = site.open("新建高标准农田")
    parts = (Part(FARMING, "", Decimal("600"), None), Part(HOUSING, "", Decimal("400"), None))
    split(site.store, Division(number, parts, by="督查一"))
    part = next(one.number for one in read_promises(site.store) if one.parent and one.body == FARMING)
    site.claim(part, "300")
    reject(site.store, Order(part, Decimal("50"), by="核查甲", text="没有修路"))
    page = text_of(site.client().get(f"/promises/{number}/"))
    assert "核查退回 50 亩" in page
    assert "250 亩只是单位自报" in page


def test_evidence_is_public_only_when_the_office_says_so(site: Site, number: str, tmp_path: Path) -> None:
    paper = tmp_path / "验收单.txt"
    paper.write_text("东坡 100 亩", "utf-8")
    site.claim(number, "100", evidence=(paper,))
    digest = site.store.rows("SELECT sha256 FROM evidence")[0][0]
    public = site.client()
    assert public.get(f"/evidence/{digest}/").status_code == 302
    assert "验收单.txt" not in text_of(public.get(f"/promises/{number}/"))
    assert site.client("reporter").post(f"/promises/{number}/shown/", {"shown": digest}).status_code == 403
    office = site.client("office")
    assert office.post(f"/promises/{number}/shown/", {"shown": [digest, "f" * 64]}).status_code == 302
    assert list(Shown.objects.values_list("sha256", flat=True)) == [digest]
    assert "验收单.txt" in text_of(public.get(f"/promises/{number}/"))
    assert "东坡" in text_of(public.get(f"/evidence/{digest}/"))
    office.post(f"/promises/{number}/shown/", {})
    assert public.get(f"/evidence/{digest}/").status_code == 302
    assert "验收单.txt" not in text_of(public.get(f"/promises/{number}/"))


def test_a_clue_is_answered_on_the_page_and_its_words_stay_hidden_unless_shown(site: Site, number: str) -> None:
    public, office = site.client(), site.client("office")
    for words in ("东坡那一块根本没有修路", "西坡的水渠已经塌了一段"):
        assert public.post("/clue/", {"number": number, "text": words}).status_code == 302
    first, second = Clue.objects.order_by("id")
    assert "没有修路" not in text_of(site.client().get(f"/promises/{number}/"))
    office.post(f"/clues/{first.pk}/", {"answer": "查过，路在南侧"})
    office.post(f"/clues/{second.pk}/", {"answer": "已责成修复", "shown": "1"})
    page = text_of(site.client().get(f"/promises/{number}/"))
    assert "查过，路在南侧" in page and "没有修路" not in page
    assert "已责成修复" in page and "水渠已经塌了" in page


def test_search_finds_by_word_domain_and_body_and_shows_all_at_first(site: Site, number: str) -> None:
    client = site.client()
    for address in ("/search/", "/search/?text=农田", "/search/?domain=rural", f"/search/?body={FARMING}", f"/search/?text={number}"):
        assert "新建高标准农田" in text_of(client.get(address)), address
    for address in ("/search/?text=地铁", "/search/?domain=urban", "/search/?body=别的单位"):
        assert "没有找到" in text_of(client.get(address)), address


def test_a_long_history_comes_in_pages(site: Site, number: str) -> None:
    for _time in range(60):
        site.claim(number, "1")
    first = text_of(site.client().get(f"/promises/{number}/"))
    second = text_of(site.client().get(f"/promises/{number}/?page=1"))
    assert first.count('<tr id="e') == 50
    assert second.count('<tr id="e') == 11
    assert "更早的" in first and "更近的" in second
    assert site.client().get(f"/promises/{number}/?page=-1").status_code == 200
    assert site.client().get("/promises/nothing/").status_code == 404


def test_the_tables_hold_every_number_exactly(site: Site, number: str) -> None:
    site.claim(number, "120.05")
    client = site.client()
    promises = list(csv.DictReader(io.StringIO(text_of(client.get("/data/promises.csv")).removeprefix("\ufeff"))))
    assert [(row["number"], row["pledge"], row["claimed"], row["owed"]) for row in promises] == [(number, "1000", "120.05", "879.95")]
    assert json.loads(text_of(client.get("/data/promises.json"))) == promises
    entries = json.loads(text_of(client.get("/data/entries.json")))
    assert [entry["verb"] for entry in entries] == ["open", "claim"]
    assert sum(Decimal(entry["quantity"]) for entry in entries) == Decimal("1120.05")


def test_a_stranger_recomputes_the_chain_as_the_page_says(site: Site, number: str) -> None:
    site.claim(number, "120.06", ("东坡", "西坡"))
    site.verify(number, "60.03")
    rows = csv.reader(io.StringIO(text_of(site.client().get("/data/entries.csv")).removeprefix("\ufeff")))
    heading = next(rows)
    digest = bytes(32)
    for row in rows:
        digest = sha256(digest + "\x1f".join(row[:17]).encode()).digest()
        assert digest.hex() == row[heading.index("hash")]
    assert digest.hex() in text_of(site.client().get(f"/promises/{number}/"))


def test_a_formula_in_a_title_is_text_in_the_csv(site: Site) -> None:
    site.open("=HYPERLINK(1)")
    row = next(csv.DictReader(io.StringIO(text_of(site.client().get("/data/promises.csv")).removeprefix("\ufeff"))))
    assert row["title"] == "'=HYPERLINK(1)"


def test_the_data_package_describes_the_columns_that_are_there(site: Site, number: str) -> None:
    client = site.client()
    package = json.loads(text_of(client.get("/data/datapackage.json")))
    for resource in package["resources"]:
        heading = text_of(client.get(f"/data/{resource['path']}")).removeprefix("\ufeff").splitlines()[0]
        assert [field["name"] for field in resource["schema"]["fields"]] == heading.split(",")
    page = text_of(client.get("/data/"))
    assert "/api/v1/promises/{number}/entries" in page


def test_the_feed_tells_what_was_settled(site: Site, number: str) -> None:
    site.claim(number, "100")
    site.verify(number, "100")
    address = f"/ledger/{number}/settle/"
    office = site.client("office")
    from sites import fields_of

    office.post(address, {**fields_of(office.get(address)), "signed": "1"})
    titles = [item.findtext("title") for item in ET.fromstring(site.client().get("/data/feed.xml").content).iter("item")]
    assert titles == ["销账 100 亩：新建高标准农田"]


def test_no_public_page_is_heavy_with_a_thousand_promises(site: Site) -> None:
    for index in range(3):
        site.open(f"新建高标准农田第{index}片")
    # A thousand rows by copying what one opening wrote; the ledger's laws hold for entries, not for the register of promises.
    columns = "year, title, measure, unit, decimals, domain, kind, strength, deadline, body_id, target"
    for index in range(1000):
        site.store.execute(f"INSERT INTO promise (number, {columns}) SELECT 'x-' || %s, {columns} FROM promise WHERE id = 1", [index])
    for address in ("/", "/happiness/", "/search/", "/data/", "/method/"):
        page = site.client().get(address)
        assert page.status_code == 200
        assert len(page.content) <= 200_000, address


@pytest.mark.parametrize(
    "address", ["/", "/happiness/", "/search/", "/data/", "/method/", "/clue/", "/data/feed.xml", "/data/promises.csv"]
)
def test_public_pages_of_an_empty_ledger(site: Site, address: str) -> None:
    assert site.client().get(address).status_code == 200


def test_the_page_asks_the_database_little(site: Site, number: str) -> None:
    asked: list[str] = []
    client = site.client()
    client.get(f"/promises/{number}/")
    from sizhang.web.ledger import get_ledger

    get_ledger().raw.set_trace_callback(asked.append)
    site.claim(number, "10")
    asked.clear()
    assert client.get(f"/promises/{number}/").status_code == 200
    made = [line for line in asked if line.startswith("SELECT")]
    asked.clear()
    assert client.get(f"/promises/{number}/").status_code == 200
    kept = [line for line in asked if line.startswith("SELECT")]
    assert len(made) <= 12
    assert len(kept) == 1


def test_a_ledger_that_is_gone_is_told_by_the_page(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "LEDGER", str(tmp_path / "gone"))
    answer = site.client().get("/")
    assert answer.status_code == 422
    assert "没有账本" in text_of(answer)
