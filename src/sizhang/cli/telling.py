"""How the command line tells its user of a fault: Chinese first and the English below it, or one JSON object where JSON was asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise, takewhile

import click

from sizhang.core.errors import SizhangError


def show_fault(fault: SizhangError, *, as_json: bool = False) -> None:
    """Tell it on the error stream."""
    if as_json:
        said = {"zh": fault.what.zh, "en": fault.what.en, "remedy": fault.remedy._asdict(), "where": fault.where}
        click.echo(json.dumps({"error": said}, ensure_ascii=False), err=True)
    else:
        show_lines("错误 Error", str(fault))


def show_lines(head: str, words: str) -> None:
    """The first line behind a head, those after it (the English) indented below it."""
    first, *more = words.splitlines()
    click.echo("\n".join([f"{head}: {first}", *(f"  {line}" for line in more)]), err=True)


def wants_json(words: Sequence[str]) -> bool:
    """Whether a command line asks for JSON.

    The words themselves are looked at, and not the options that were understood: a line with another fault asks for JSON too.
    """
    options = list(takewhile(lambda word: word != "--", words))
    forms = [word.removeprefix("--format=") for word in options if word.startswith("--format=")]
    forms += [after for word, after in pairwise(options) if word == "--format"]
    return "json" in forms
