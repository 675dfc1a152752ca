"""A statement opens in LibreOffice, a program that did not write it, and every figure stands on the page."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from sizhang.app.body import add_body
from sizhang.app.claim import claim
from sizhang.app.init import equip
from sizhang.app.open import ByHand, Opening, open_by_hand
from sizhang.app.order import Order
from sizhang.app.person import add_person
from sizhang.store.connection import Store, open_store
from sizhang.store.exporting.statement import HEADINGS, cells_of, write_statement_docx, write_statement_xlsx
from sizhang.store.statement import Statement, read_statement

BODY = "市林业局"


@pytest.fixture
def account(sqlite_url: str) -> Iterator[Statement]:
    with open_store(sqlite_url) as store:
        fill(store)
        yield read_statement(store, BODY, date(2026, 1, 1), date(2026, 12, 31))


def fill(store: Store) -> None:
    equip(store)
    add_body(store, BODY)
    add_person(store, "张三", BODY, ("reporter",))
    for title, amount, unit in (("新增绿化面积并完成山体修复治理任务", "100000.25", "亩"), ("=1+1", "7", "个")):
        open_by_hand(store, ByHand(title, Decimal(amount), unit), Opening(2026, BODY))
    claim(store, Order("2026-001", Decimal("45000.5"), by="张三", on=date(2026, 5, 5)))


def convert(form: str, *files: Path) -> None:
    """Let LibreOffice open the files and write them again beside themselves; a machine without it skips."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed, so our statements are not opened with it.")
    folder = files[0].parent
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    words = [program, profile, "--headless", "--convert-to", form, "--outdir", str(folder), *map(str, files)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr


def test_a_statement_in_libreoffice_has_every_figure(account: Statement, tmp_path: Path) -> None:
    import pypdfium2

    book, document = tmp_path / "book.xlsx", tmp_path / "document.docx"
    book.write_bytes(write_statement_xlsx(account))
    document.write_bytes(write_statement_docx(account))
    convert("pdf", book, document)
    convert("csv:Text - txt - csv (StarCalc):44,34,76", book)
    rows = list(csv.reader((tmp_path / "book.csv").open(encoding="utf-8")))
    expected = [cells_of(line) for line in account.lines]
    assert rows[1:] == [list(HEADINGS), *map(list, expected)]
    assert [row[0] for row in expected] == ["2026-001", "2026-002"]
    for name, pages_most in (("book.pdf", 2), ("document.pdf", 1)):
        pdf = pypdfium2.PdfDocument(tmp_path / name)
        assert len(pdf) <= pages_most
        width, height = pdf[0].get_size()
        assert (round(width), round(height)) == (842, 595)
        text = re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in pdf))
        for cell in ("市林业局", "2026-001", "新增绿化面积并完成山体修复治理任务", "100000.25", "45000.5", "=1+1"):
            assert cell in text, f"{cell} in {name}"
