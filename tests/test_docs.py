"""What the pages tell a reader to type works as typed, and every command stands on the commands page."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import pytest

from sizhang.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[1]


def commands_of(page: str) -> list[str]:
    """The lines of the page's console blocks, `make` left out: this is `make test` already."""
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / page).read_text("utf-8"), re.S)
    return [line for block in blocks for line in block.splitlines() if line and not line.startswith("make ")]


def run(line: str, folder: Path) -> str:
    """Run a line that begins with the program's name, and give what it printed."""
    words = shlex.split(line)
    assert words[0] in ("sizhang", ".venv/bin/sizhang"), line
    script = "from sizhang.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", script, *words[1:]], cwd=folder, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, f"{line}\n{done.stderr}"
    return done.stdout


def test_the_start_page_works_as_typed(tmp_path: Path) -> None:
    """Each command of the page is run in the order of the page, in a folder that holds the examples."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    lines = commands_of("docs/start.md")
    assert len(lines) >= 4
    for line in lines:
        run(line, tmp_path)
    assert {path.name for path in tmp_path.glob("qinghe.*")} >= {"qinghe.html", "qinghe.jsonl", "qinghe.xlsx"}


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readme_works_as_typed(page: str, tmp_path: Path) -> None:
    """The files that the page calls report.docx and the like are the example report, and a small PDF."""
    example = ROOT / "examples/qinghe2026.txt"
    word = docx.Document()
    for line in example.read_text("utf-8").splitlines():
        word.add_paragraph(line)
    word.save(str(tmp_path / "report.docx"))
    shutil.copy(ROOT / "examples/errors/font-left-out.pdf", tmp_path / "report.pdf")
    (tmp_path / "reports").mkdir()
    for name in ("report.txt", "any.txt", "reports/one.txt", "reports/two.txt"):
        shutil.copy(example, tmp_path / name)
    for line in commands_of(page):
        run(line, tmp_path)
    assert {path.name for path in (tmp_path / "promises").iterdir()} == {"one.jsonl", "two.jsonl"}
    assert (tmp_path / "report.html").exists() and (tmp_path / "sheet.xlsx").exists()


def test_the_line_of_the_commands_page_is_what_the_program_gives() -> None:
    shown = re.search(r"```json\n(.*?)\n```", (ROOT / "docs/commands.md").read_text("utf-8"), re.S)
    assert shown is not None
    assert shown[1] in run("sizhang read examples/qinghe2026.txt --format jsonl", ROOT).splitlines()


def test_every_option_of_the_commands_page_exists() -> None:
    for line in commands_of("docs/commands.md"):
        if line.startswith("sizhang "):
            named = re.match(r"sizhang (?:--ledger \S+ )?((?:[a-z][a-z-]* )+)", line + " ")
            assert named is not None, line
            told = run(f"sizhang {named[1]} --help", ROOT) + run("sizhang --help", ROOT)
            missing = [option for option in re.findall(r"--[a-z-]+", line) if not re.search(rf"{option}\b", told)]
            assert not missing, f"{line}: {missing} stands in no help of {named[1]}"


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_is_on_the_commands_page(command: str) -> None:
    assert f"## `sizhang {command}`" in (ROOT / "docs/commands.md").read_text("utf-8")


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readme_names_only_commands_that_exist(page: str) -> None:
    named = {re.sub(r"--ledger \S+ ", "", line).split()[1] for line in commands_of(page)}
    assert named
    assert named <= set(COMMANDS)
    assert {"make demo", "make test"} <= set((ROOT / page).read_text("utf-8").splitlines())
