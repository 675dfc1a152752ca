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


CHINESE = re.compile("[\u4e00-\u9fff]+")
ERRORS = {"SizhangError", "InputError", "LedgerError", "MissingExtraError", "SecondReaderError"}
# Names and attributes that only word a value. A verb is named in Chinese in the one, in both in the other.
WORDING = {"zh", "en", "name", "in_chinese", "lower", "said", "words", "told"}
VERBS = {"verb", "chinese"}
# A Chinese word in an English text is a name: in quotation marks, or a term of the glossary.
QUOTED = re.compile("“[^”]*”")
TERMS = set(re.findall(r"^\| ([\u4e00-\u9fff]+) \|", (ROOT / "docs/glossary.md").read_text("utf-8"), re.M))


def literal_of(node: ast.expr) -> str | None:
    """What a literal says, each placeholder as a blank; None where it is no literal."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else " " for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def values_of(node: ast.AST) -> set[str]:
    """The variables that the placeholders of a literal show, without the functions and attributes that only word them."""
    if isinstance(node, ast.Name | ast.Attribute):
        path = [part for part in ast.unparse(node).split(".") if part not in WORDING]
        if path and path[-1] in VERBS:
            return set()
        plain = all(part.isidentifier() for part in path)
        return ({".".join(path)} if path and not path[0].isupper() else set()) if plain else values_of(node.value)  # type: ignore[union-attr]
    if isinstance(node, ast.Call):
        inner = [*node.args, *([node.func] if isinstance(node.func, ast.Attribute) else [])]
        return {value for part in inner for value in values_of(part)}
    return {value for part in ast.iter_child_nodes(node) for value in values_of(part)}


def faults_of_words(code: str) -> Iterator[str]:
    """Every error whose words are not in both languages, or do not show the same in both."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in ERRORS:
            given = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "remedy")]
            yield from (f"{one.lineno}: one language only: {ast.unparse(one)}" for one in given if literal_of(one) is not None)
        if node.func.id == "Words" and len(node.args) == 2:
            yield from (f"{node.lineno}: {fault}" for fault in faults_between(*node.args))


def faults_between(chinese: ast.expr, english: ast.expr) -> Iterator[str]:
    zh, en = literal_of(chinese), literal_of(english)
    # A name such as PDF, or nothing at all, is the same in both.
    if zh is not None and re.search("[A-Za-z]", zh) and not CHINESE.search(zh) and zh.strip() != (en or "").strip():
        yield f"no Chinese in “{zh}”"
    for found in CHINESE.findall(QUOTED.sub("", en or "")):
        if found not in TERMS:
            yield f"“{found}” in an English text: put a name into “…”"
    if zh is not None and en is not None and values_of(chinese) != values_of(english):
        yield f"only one language shows {', '.join(sorted(values_of(chinese) ^ values_of(english)))}"


@pytest.mark.parametrize("path", [path for path in SOURCES if "web" not in path.parts], ids=name_of)
def test_errors_say_the_same_in_chinese_and_english(path: Path) -> None:
    faults = list(faults_of_words(path.read_text("utf-8")))
    assert not faults, f"{name_of(path)}: " + "\n".join(faults)


def test_the_look_at_words_sees_an_offender() -> None:
    assert list(faults_of_words("InputError('Bad.', remedy=f'Mend {x}.')")) != []
    assert list(faults_of_words("Words('Not.', 'No.')")) == ["1: no Chinese in “Not.”"]
    assert list(faults_of_words("Words('坏了', 'The 某某 is broken')")) == ["1: “某某” in an English text: put a name into “…”"]
    assert list(faults_of_words("Words(f'共 {n} 行', 'Rows.')")) == ["1: only one language shows n"]
    assert list(faults_of_words("Words(f'{a.n} 行，{b} 列', f'{len(a.m)} rows, {b} columns')")) == ["1: only one language shows a.m, a.n"]
    sound = "Words(f\"{'、'.join(x)}：{NAMES[a.stage].zh}\", f\"{', '.join(x)}: {a.stage.name.lower()}\")"
    assert list(faults_of_words(f"InputError({sound}, remedy=Words('“甲”', '“甲”'))")) == []
