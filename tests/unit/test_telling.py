"""How the command line tells of faults: both languages, as lines or as JSON; click's own words included."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

import click
import pytest

from sizhang.cli.main import main
from sizhang.cli.telling import wants_json
from sizhang.cli.usage import EXTRAS, HEADINGS, HELP, SENTENCES

CLICK = Path(click.__file__).parent
# Sentences of click for what no command of ours has (dates and ids of click's own types, files that it opens itself), or for programmers.
OF_NO_COMMAND = {
    "(dynamic)",
    "Aborted!",
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Choice({choices})",
    "Could not open file {filename!r}: {message}",
    "Could not determine name for option with declarations {decls!r}",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}",
    "Error: {message}",
    "Invalid start character for option ({option})",
    "Missing parameter",
    "Missing parameter: {param_name}",
    "Missing {param_type}",
    "Name '{name}' defined twice",
    "No options defined but a name was passed ({name}). Did you mean to declare an argument instead? Did you mean to pass '--{name}'?",
    "Try '{command} {option}' for help.",
    "Usage:",
    "Value must be an iterable.",
    "deprecated",
    "directory",
    "env var: {var}",
    "file",
    "path",
    "unknown error",
    "{name} {filename!r} is not executable.",
    "{value!r} does not match the format {format}.",
    "{value!r} does not match the formats {formats}.",
    "{value!r} is not a valid UUID.",
}


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str]:
    """Run the program in this process; gives its code and what it wrote on the error stream."""
    monkeypatch.delenv("SIZHANG_LEDGER", raising=False)
    monkeypatch.setattr(sys, "argv", ["sizhang", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0), capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "chinese", "english"),
    [
        (["read"], "缺少参数 FILES。", "Missing argument 'FILES...'."),
        (["export"], "缺少选项 -o / --output。", "Missing option '-o' / '--output'."),
        (["read", "--yaer"], "没有选项 --yaer。是不是 --year？", "No such option '--yaer'. Did you mean '--year'?"),
        (["lend"], "没有命令 lend。", "No such command 'lend'."),
        (["body", "lend"], "没有命令 lend。", "No such command 'lend'."),
        (
            ["read", "x", "--year", "两千"],
            "--year 的值不对：两千 不是整数。",
            "Invalid value for '--year': '两千' is not a valid integer range.",
        ),
        (["read", "x", "--jobs", "99"], "--jobs 的值不对：99 不在 1<=x<=64 的范围内。", "99 is not in the range 1<=x<=64."),
        (
            ["calc", "--format", "pdf"],
            "--format 的值不对：pdf 不在可选的值之中：table、json、html。",
            "'pdf' is not one of 'table', 'json', 'html'.",
        ),
        (["read", "--year"], "选项 --year 后面缺少值。", "Option '--year' requires an argument."),
        (["balance", "a", "b"], "多出了参数（b）。", "Got unexpected extra argument (b)."),
        (["claim", "--dry-run=1"], "选项 --dry-run 后面不带值。", "Option '--dry-run' does not take a value."),
    ],
)
def test_a_wrong_command_line_is_told_in_both_languages(
    words: list[str], chinese: str, english: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, err = run(capsys, monkeypatch, *words)
    *usage, first, second = err.splitlines()
    assert code == 2
    assert all(line.startswith(("用法 Usage: sizhang", "  ")) for line in usage)
    assert first.startswith(f"错误 Error: {chinese}")
    assert "看说明：sizhang" in first
    assert second.startswith("  ")
    assert english in second
    assert "Read the help: sizhang" in second


def test_every_sentence_of_click_is_known() -> None:
    """A new version of click that says something new is noticed here."""
    known = " ".join([*SENTENCES, *HEADINGS, *HELP, *(english for english, _ in EXTRAS)])
    for name in ("core", "exceptions", "parser", "types"):
        for node in ast.walk(ast.parse((CLICK / f"{name}.py").read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext"):
                for one in node.args[:2]:
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        assert one.value in OF_NO_COMMAND or one.value.removesuffix("{default}") in known, one.value


def test_a_fault_is_one_json_object_where_json_was_asked_for(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    code, err = run(capsys, monkeypatch, "--ledger", "nowhere/x.db", "balance", "2026-001", "--format", "json")
    said = json.loads(err)
    assert code == 2
    assert set(said) == {"error"}
    assert set(said["error"]) == {"zh", "en", "remedy", "where"}
    assert set(said["error"]["remedy"]) == {"zh", "en"}


def test_a_wrong_option_beside_a_wish_for_json_is_told_in_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    code, err = run(capsys, monkeypatch, "balance", "--nope", "--format=json")
    said = json.loads(err)["error"]
    assert code == 2
    assert (said["zh"], said["where"]) == ("没有选项 --nope。是不是 --on？", None)
    assert said["en"] == "No such option '--nope'. Did you mean '--on'?"
    assert said["remedy"] == {"zh": "看说明：sizhang balance --help", "en": "Read the help: sizhang balance --help"}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["balance", "--format", "json"], True),
        (["balance", "--format=json", "x"], True),
        (["balance", "--format", "table"], False),
        (["balance", "json"], False),
        (["claim", "--", "--format", "json"], False),
        (["balance", "--format"], False),
    ],
)
def test_a_wish_for_json_is_seen(words: list[str], wanted: bool) -> None:
    assert wants_json(words) is wanted


def test_a_break_by_the_user_is_told_in_both_languages(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sizhang.intake.readers.read_file", interrupted)
    code, err = run(capsys, monkeypatch, "numbers", "x")
    assert (code, err.strip()) == (1, "已中止 Aborted.")


def test_help_pages_have_chinese_first_in_every_heading(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["sizhang", "person", "add", "--help"])
    with pytest.raises(SystemExit):
        main()
    page = capsys.readouterr().out
    assert page.startswith("用法 Usage: ")
    assert "\n选项 Options:\n" in page
    assert "显示这份说明 Show this message and exit" in page
    assert "[必填 required]" in page
    assert "[默认 default: table]" in page
