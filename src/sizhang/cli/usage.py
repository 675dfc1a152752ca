"""What click says of options and arguments, in Chinese too: its faults of usage, and the headings of its help pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import click

from sizhang.core.errors import InputError, Words

if TYPE_CHECKING:
    from collections.abc import Iterable

# The sentences of click, as it writes them in its own code, with what stands in braces filled in.
SENTENCES: Final = {
    "Missing argument {name!r}.": "缺少参数 {name}。",
    "Missing argument {name!r}. {message}": "缺少参数 {name}。{message}",
    "Missing option {name!r}.": "缺少选项 {name}。",
    "Missing option {name!r}. {message}": "缺少选项 {name}。{message}",
    "Missing command.": "没有写命令。",
    "No such option {name!r}.": "没有选项 {name}。",
    "No such option {name!r}. {message}": "没有选项 {name}。{message}",
    "No such command {name!r}.": "没有命令 {name}。",
    "No such command {name!r}. {message}": "没有命令 {name}。{message}",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "是不是这些之一：{possibilities}？",
    "Invalid value: {message}": "值不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "Choose from:\n\t{choices}": "可选的值：{choices}。",
    "Option {name!r} requires an argument.": "选项 {name} 后面缺少值。",
    "Option {name!r} requires {nargs} arguments.": "选项 {name} 后面要 {nargs} 个值。",
    "Option {name!r} does not take a value.": "选项 {name} 后面不带值。",
    "Argument {name!r} takes {nargs} values.": "参数 {name} 要 {nargs} 个值。",
    "Takes {nargs} values but 1 was given.": "要 {nargs} 个值，只给了 1 个。",
    "Takes {nargs} values but {len} were given.": "要 {nargs} 个值，给了 {len} 个。",
    "{len_type} values are required, but {len_value} was given.": "要 {len_type} 个值，给了 {len_value} 个。",
    "{len_type} values are required, but {len_value} were given.": "要 {len_type} 个值，给了 {len_value} 个。",
    "Got unexpected extra argument ({args}).": "多出了参数（{args}）。",
    "Got unexpected extra arguments ({args}).": "多出了参数（{args}）。",
    "{value!r} is not one of {choices}.": "{value} 不在可选的值之中：{choices}。",
    "{value!r} is not a valid boolean. Recognized values: {states}": "{value} 应为是或否；可写的值：{states}。",
    "{value!r} is not a valid {number_type}.": "{value} 不是{number_type}。",
    "{value} is not in the range {range}.": "{value} 不在 {range} 的范围内。",
    "{value!r} is not {choice}.": "{value} 应为 {choice}。",
    "{name} {filename!r} does not exist.": "没有{name} {filename}。",
    "{name} {filename!r} is a file.": "{filename} 是文件，应为文件夹。",
    "{name} {filename!r} is a directory.": "{filename} 是文件夹，应为文件。",
    "{name} {filename!r} is not readable.": "{name} {filename} 没有读的权限。",
    "{name} {filename!r} is not writable.": "{name} {filename} 没有写的权限。",
}
_NOUNS: Final = {
    "integer": "整数",
    "integer range": "整数",
    "float": "数",
    "float range": "数",
    "File": "文件",
    "Directory": "文件夹",
    "Path": "文件或文件夹",
}
HEADINGS: Final = {"Options": "选项 Options", "Commands": "命令 Commands", "Positional arguments": "参数 Arguments"}
HELP: Final = {
    "Show this message and exit.": "显示这份说明 Show this message and exit",
    "Show the version and exit.": "显示版本 Show the version and exit",
}
# What stands in brackets behind an option.
EXTRAS: Final = (("default: ", "默认 default: "), ("required", "必填 required"))


class TwoLanguages(click.HelpFormatter):
    """Help pages whose headings are Chinese first."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, "用法 Usage: " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        super().write_heading(HEADINGS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(name, _help_of(text)) for name, text in rows], col_max, col_spacing)


def _help_of(text: str) -> str:
    words, bracket, extras = HELP.get(text, text).rpartition("  [")
    for english, both in EXTRAS:
        extras = extras.replace(english, both) if bracket else extras
    return f"{words}{bracket}{extras}"


def usage_fault(fault: click.ClickException) -> InputError:
    """What click refuses, as an error of ours in both languages; the remedy is the page that tells the options."""
    english = " ".join(fault.format_message().split())
    english += "" if english.endswith((".", "?", "?)")) else "."
    context = fault.ctx if isinstance(fault, click.UsageError) else None
    page = f"{context.command_path if context else 'sizhang'} --help"
    return InputError(Words(_chinese(english), english), remedy=Words(f"看说明：{page}", f"Read the help: {page}"))


def _chinese(english: str) -> str:
    """The Chinese of a message; one that is not known stays as it is."""
    for sentence, chinese in SENTENCES.items():
        found = _pattern(sentence).fullmatch(english)
        if found is not None:
            return chinese.format(**{name: _part(name, value) for name, value in found.groupdict().items()})
    return english


def _part(name: str, value: str) -> str:
    if name == "message":
        return _chinese(value)
    return _NOUNS.get(value, re.sub(r"'([^']*)'", r"\1", value).removesuffix("...").replace(", ", "、"))


def _pattern(sentence: str) -> re.Pattern[str]:
    escaped = re.escape(" ".join(sentence.split()))
    return re.compile(re.sub(r"\\\{(\w+)(?:!r)?\\\}", r"(?P<\1>.+?)", escaped))
