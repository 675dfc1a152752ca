"""What the pages tell a reader to type works as typed, and every command stands on the commands page."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sizhang.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[1]


def commands_of(page: str) -> list[str]:
    """The lines of the page's console blocks, `make` left out: this is `make test` already."""
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / page).read_text("utf-8"), re.S)
    return [line for block in blocks for line in block.splitlines() if line and not line.startswith("make ")]


def test_the_start_page_works_as_typed(tmp_path: Path) -> None:
    """Each command of the page is run in the order of the page, in a folder that holds the examples."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    lines = commands_of("docs/start.md")
    assert len(lines) >= 4
    for line in lines:
        words = line.split()
        assert words[0] == ".venv/bin/sizhang", line
        script = "from sizhang.cli.main import main; main()"
        done = subprocess.run([sys.executable, "-c", script, *words[1:]], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, f"{line}\n{done.stderr}"
    assert {path.name for path in tmp_path.glob("qinghe.*")} >= {"qinghe.html", "qinghe.jsonl", "qinghe.xlsx"}


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_is_on_the_commands_page(command: str) -> None:
    assert f"## `sizhang {command}`" in (ROOT / "docs/commands.md").read_text("utf-8")


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readme_names_only_commands_that_exist(page: str) -> None:
    named = {line.split()[1] for line in commands_of(page)}
    assert named
    assert named <= set(COMMANDS)
    assert {"make demo", "make test"} <= set((ROOT / page).read_text("utf-8").splitlines())
