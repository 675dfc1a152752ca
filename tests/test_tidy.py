"""The laws of the house about the code itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
WRITTEN = [
    path
    for folder in ("src", "tools", "bench", "tests", "docs")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".md", ".js", ".css", ".toml"}
]
WRITTEN += [path for path in sorted(ROOT.iterdir()) if path.name == "Makefile" or path.suffix in {".md", ".toml"}]
BODY_LINES_MAX = 50
FILE_LINES_MAX = 400
ARGUMENTS_MAX = 6
# A folder of somebody's machine; `/usr/bin` and its like are the same everywhere.
MACHINE_PATH = re.compile(r"(?<![\w.:/<}])(?:/(?:home|Users|root|work|tmp|mnt|srv)/\w|[A-Z]:\\\\?Users)")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions_of(code: str) -> Iterator[Function]:
    return (node for node in ast.walk(ast.parse(code)) if isinstance(node, Function))


def body_lines(function: Function) -> int:
    """Lines from the first statement behind the docstring to the last one."""
    body = function.body[ast.get_docstring(function) is not None :]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def arguments_of(function: Function) -> int:
    given = function.args
    return len([a for a in (*given.posonlyargs, *given.args, *given.kwonlyargs) if a.arg not in ("self", "cls")])


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_sources_are_found() -> None:
    assert len(SOURCES) > 20, f"only {len(SOURCES)} files under src: the other tests of this file would prove nothing"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_and_functions_are_short(path: Path) -> None:
    code = path.read_text("utf-8")
    lines = len(code.splitlines())
    assert lines <= FILE_LINES_MAX, f"{name_of(path)} has {lines} lines, allowed are {FILE_LINES_MAX}: split it."
    for function in functions_of(code):
        place = f"{name_of(path)}:{function.lineno} {function.name}"
        length, arguments = body_lines(function), arguments_of(function)
        assert length <= BODY_LINES_MAX, f"{place} has {length} lines, allowed are {BODY_LINES_MAX}: split it."
        assert arguments <= ARGUMENTS_MAX, f"{place} takes {arguments} arguments, allowed are {ARGUMENTS_MAX}: group some."


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_no_file_names_a_folder_of_one_machine(path: Path) -> None:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        found = MACHINE_PATH.search(line)
        assert found is None, f"{name_of(path)}:{number} names {found.group() if found else ''}…: make it relative or an option."


def test_the_measures_see_an_offender() -> None:
    long = "def f(self, a, b, *, c):\n    '''Doc.\n\n    More.\n    '''\n" + "    a = 1\n" * 51
    function = next(functions_of(long))
    assert body_lines(function) == 51
    assert arguments_of(function) == 3
    assert MACHINE_PATH.search('open("/home/' + 'somebody/x")')
    assert not MACHINE_PATH.search("https://example.org/home/page")
