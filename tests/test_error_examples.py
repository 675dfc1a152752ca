"""Each file of `examples/errors` brings the lines that its README states, Chinese and English: code 2, no traceback, nothing written.

The README is the list that is run. An error of the program that stands in no row of it fails too.
"""

from __future__ import annotations

import ast
import importlib.util
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from sizhang.app.body import add_body
from sizhang.app.claim import claim
from sizhang.app.init import init
from sizhang.app.open import ByHand, Opening, open_by_hand
from sizhang.app.order import NamedLot, Order
from sizhang.app.person import add_person
from sizhang.cli.main import main
from sizhang.store.connection import open_store

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "examples/errors"
README = (FOLDER / "README.md").read_text("utf-8")
SIZE_MAX = 20_000
LARGE = 105_000_000
FONTLESS = "Read, on a machine without a Chinese font: code 0"
CODES = {"No report: code 1": 1, "Read, with a warning: code 0": 0, FONTLESS: 0}
HAS_OCR = all(importlib.util.find_spec(name) for name in ("onnxruntime", "PIL", "rapidocr"))
WITHOUT_OCR = "import sys; sys.modules['rapidocr'] = None; from sizhang.cli.main import main; main()"
SOURCES = ROOT / "src/sizhang"
SHEET_READERS = {f"intake/output/{name}.py" for name in ("workbook", "review", "cells")}


ROW = re.compile(r"^(\| `(.+?)` \|.*?\|) `(.+?)` \| `(.+?)` \|$", re.M)


class Row(NamedTuple):
    """A row of the README: the title it stands under, the command's words, the lines that are to come out."""

    title: str
    words: list[str]
    lines: str


def rows_of(page: str) -> Iterator[Row]:
    for title, section in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", page, re.S | re.M):
        command = re.search(r"^Command: `sizhang (.+)`$", section, re.M)
        for _, name, chinese, english in ROW.findall(section):
            assert command is not None, title
            yield Row(title, re.sub("FILE|WORDS", name, command[1]).split(), f"{chinese}\n  {english}\n")


ROWS = list(rows_of(README))


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the examples in which programs may write, with what is too large or too empty to be kept."""
    folder = tmp_path_factory.mktemp("examples")
    lay_out(folder)
    return folder / "errors"


def lay_out(folder: Path) -> None:
    """Lay the examples out in a folder."""
    shutil.copytree(ROOT / "examples", folder, dirs_exist_ok=True)
    (folder / "errors/empty-folder").mkdir()
    make_ledger(str(folder / "errors/ledger.db"))
    with (folder / "errors/large.txt").open("wb") as file:
        file.truncate(LARGE)


def make_ledger(url: str) -> None:
    """A ledger with two promises, of which one was claimed in part."""
    init(url)
    with open_store(url) as store:
        for body in ("林业局", "审计局", "甲县", "乙县"):
            add_body(store, body)
        for name, body, role in (("张三", "林业局", "reporter"), ("林核", "林业局", "verifier"), ("李四", "审计局", "verifier")):
            add_person(store, name, body, [role])
        for title in ("新增绿化", "退耕还林"):
            open_by_hand(store, ByHand(title, Decimal(1000), "亩"), Opening(2026, "林业局"))
        claim(store, Order("2026-001", Decimal(100), by="张三", on=date(2026, 3, 5), lots=(NamedLot("甲-1"),)))


def tree_of(folder: Path) -> dict[Path, tuple[int, int] | None]:
    """Every file with its size and time. A folder has no time: a database makes a file in it while it is open, and takes it away again."""
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) if path.is_file() else None for path in folder.parent.rglob("*")}


def arrange(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take from this machine, or give it, what the section's title says."""
    if title == "Where the extra `ocr` is installed" and not HAS_OCR:
        pytest.skip("the extra ocr is not installed")
    if title in ("Where the extra `ocr` is not installed", "Read, with a warning: code 0"):
        monkeypatch.setitem(sys.modules, "rapidocr", None)
    monkeypatch.setattr("sizhang.intake.readers.fonts.has_chinese_font", lambda: title != FONTLESS)
    if title == "Where a library is missing":
        monkeypatch.setitem(sys.modules, "pypdfium2", None)
    if title == "Where LibreOffice is not installed":
        monkeypatch.setattr(shutil, "which", lambda _: None)
    if title == "Where LibreOffice cannot convert the file":
        # Python does not know LibreOffice's options and ends with a code, as LibreOffice does on such a file.
        monkeypatch.setattr(shutil, "which", lambda _: sys.executable)


def run(words: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Run the program in this process, where anything but its own end fails the test; gives code, output and error stream."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["sizhang", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    shown = capsys.readouterr()
    return int(ended.value.code or 0), shown.out, shown.err


def is_said(lines: str, err: str) -> bool:
    """Whether these lines came out, where `…` stands for any number."""
    return re.fullmatch(re.escape(lines).replace("…", r"\d+"), err) is not None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.title.split(':')[0]}: {' '.join(row.words)}")
def test_a_bad_file_is_told_in_two_clear_lines(
    row: Row, examples: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arrange(row.title, monkeypatch)
    before = tree_of(examples)
    code, out, err = run(row.words, examples, monkeypatch, capsys)
    assert is_said(row.lines, err), f"The README says\n{row.lines}\nwhat came out is\n{err}"
    assert code == CODES.get(row.title, 2)
    assert tree_of(examples) == before
    if row.words[0] == "read":
        assert out == ""


def test_a_sheet_with_faulty_rows_has_a_line_for_each(
    examples: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stated = re.search(r"```text\n(.*?)```", README, re.S)
    assert stated is not None
    code, out, err = run(["review", "review-rows.xlsx"], examples, monkeypatch, capsys)
    assert (code, out, err) == (2, "", stated[1])
    assert f"{len(re.findall('第 [0-9]+ 行：', err))} 行有错" in err


def test_the_sound_sheet_is_sound(examples: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The spoiled sheets are made from it: were it faulty itself, they would prove nothing."""
    code, out, err = run(["review", "review-sound.xlsx"], examples, monkeypatch, capsys)
    assert (code, err) == (0, "")
    assert "2 行" in out


def test_every_file_is_small_and_has_its_row() -> None:
    named = {word for row in ROWS for word in row.words} | {"README.md", "review-rows.xlsx"}
    for path in FOLDER.iterdir():
        assert path.name in named, f"{path.name} has no row in examples/errors/README.md: add one."
        assert path.name == "README.md" or path.stat().st_size <= SIZE_MAX, f"{path.name} is over {SIZE_MAX} bytes: make it smaller."


def literals_of(code: str, *, with_chinese: bool) -> Iterator[str]:
    """Patterns of what an error says: the words of `InputError` and its like, and where wanted each Chinese sentence."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("InputError", "MissingExtraError"):
            given = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "remedy")]
            said = [one for words in given for one in (words.args if isinstance(words, ast.Call) else [words])]
            yield from (pattern for pattern in map(pattern_of, said) if pattern)
        if with_chinese:
            pattern = pattern_of(node)
            if pattern and len(re.findall("[\u4e00-\u9fff]", pattern)) >= 4 and re.search("[。；]", pattern):
                yield pattern


def pattern_of(node: ast.AST) -> str:
    """A pattern of the text that a literal gives; empty where the node is none."""
    if isinstance(node, ast.JoinedStr):
        return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else ".+?" for part in node.values)
    return re.escape(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@pytest.mark.parametrize(
    "path",
    [*(SOURCES / "intake/readers").glob("*.py"), *(SOURCES / "intake/output").glob("*.py"), *(SOURCES / "cli").glob("*.py")],
    ids=lambda path: path.relative_to(SOURCES).as_posix(),
)
def test_every_error_of_the_program_has_an_example(path: Path) -> None:
    with_chinese = path.parent.name == "readers" or path.relative_to(SOURCES).as_posix() in SHEET_READERS
    for pattern in literals_of(path.read_text("utf-8"), with_chinese=with_chinese):
        assert re.search(pattern, README), f"{path.name}: no row of examples/errors/README.md shows “{pattern}”: add a file and a row."


def test_the_search_for_errors_sees_an_offender() -> None:
    code = "raise InputError(Words(f'第 {n} 行不对。', f'Row {n} is wrong.'), remedy='Mend it.')\nreasons.append('这一行写错了；请改')"
    assert list(literals_of(code, with_chinese=False)) == ["第\\ .+?\\ 行不对。", "Row\\ .+?\\ is\\ wrong\\.", "Mend\\ it\\."]
    assert "这一行写错了；请改" in list(literals_of(code, with_chinese=True))


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="other processes would find the extra ocr again")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_warnings_are_one_line_for_each_file_and_name_no_place_in_the_program(jobs: str, tmp_path: Path) -> None:
    """Two files of one name, and a bad one between them, read one after the other and side by side."""
    names = ["one/report.pdf", "bad.txt", "two/report.pdf"]
    for name in (names[0], names[2]):
        (tmp_path / name).parent.mkdir()
        shutil.copy(FOLDER / "text-and-scan.pdf", tmp_path / name)
    (tmp_path / "bad.txt").touch()
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_OCR, "read", *names, "--format", "jsonl", "-o", "out", "--jobs", jobs],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
    )
    lines = done.stderr.splitlines()
    warned = [line for line in lines if "第 2 页没有文字层，未读取。" in line]
    assert done.returncode == 2
    assert warned == ["注意 Warning: report.pdf: 第 2 页没有文字层，未读取。请运行 pip install 'sizhang[ocr]'"] * 2, done.stderr
    assert sum(line.startswith("错误 Error: bad.txt: ") for line in lines) == 1
    assert not re.search(r"UserWarning|\.py|Traceback", done.stderr)
