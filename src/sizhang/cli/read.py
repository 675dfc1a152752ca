"""`sizhang read`: reports into draft promises."""

from __future__ import annotations

import functools
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.telling import show_lines
from sizhang.core.errors import InputError, SizhangError, Words, reason_of
from sizhang.intake.reading import Reading

if TYPE_CHECKING:
    from sizhang.app.endpoint import Endpoint

FORMATS = ("table", "jsonl", "csv", "xlsx", "html")
SUFFIXES = frozenset({".txt", ".md", ".docx", ".pdf", ".html", ".htm", ".png", ".jpg", ".jpeg", ".doc", ".wps", ".rtf"})


def with_second_reader(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of the second reader; the command takes them as one argument, `second`, None unless they are given."""

    @click.option(
        "--second-reader", metavar="URL", help="第二读者的地址 An OpenAI-compatible address that reads the plan again; gets the plan's text"
    )
    @click.option("--second-model", metavar="NAME", help="第二读者的模型 The model's name at that address")
    @functools.wraps(command)
    def wrapped(*, second_reader: str | None, second_model: str | None, **options: Any) -> None:
        command(second=_second(second_reader, second_model), **options)

    return wrapped


def _second(address: str | None, model: str | None) -> Endpoint | None:
    if address is None and model is None:
        return None
    if address is None or model is None:
        raise SizhangError(
            Words("第二读者要有地址和模型两样。", "The second reader needs its address and its model."),
            remedy=Words(
                "请把 --second-reader URL 和 --second-model NAME 都写上，或都不写。",
                "Give both --second-reader URL and --second-model NAME, or neither.",
            ),
        )
    from sizhang.app.endpoint import make_endpoint

    return make_endpoint(address, model, os.environ)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--year", type=click.IntRange(1978, 2100), help="报告年份 The report's own year; found in the text when not given")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="输出形式 Form of the output")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="输出文件或文件夹 The file to write, or the folder for several reports"
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="并行数 Reports read at the same time")
@with_second_reader
def read(files: tuple[Path, ...], year: int | None, form: str, output: Path | None, jobs: int, second: Endpoint | None) -> None:
    """读报告，建承诺草稿 Read reports (a file, several, or a folder) into draft promises."""
    paths = list(_expand(files))
    many = len(paths) > 1
    if form == "xlsx" and output is None:
        raise InputError(
            Words("表格不能写到终端上。", "A spreadsheet cannot be written to the terminal."),
            remedy=Words("请用 -o FILE.xlsx 写出文件名。", "Name a file with -o FILE.xlsx."),
        )
    if many and output is not None and output.suffix:
        raise InputError(
            Words(f"{len(paths)} 份报告写不进一个文件。", f"{len(paths)} reports do not fit into one file."),
            where=str(output),
            remedy=Words("请用 -o 写一个文件夹。", "Name a folder with -o."),
        )
    faults = empty = 0
    for path, result in _read_all(paths, year, jobs):
        if isinstance(result, str):
            show_lines("错误 Error", result)
            faults += 1
            continue
        if not result.promises:
            words = Words("没有读到承诺，可能不是工作报告。", "No commitment was found; perhaps it is no work report.")
            show_lines("注意 Warning", f"{path}: {words.lines()}")
            empty += 1
            continue
        if second is not None:
            result = _read_again(result, second)
        _write(result, form, _target(output, path, form, many))
    sys.exit(2 if faults else 1 if empty else 0)


def _expand(files: tuple[Path, ...]) -> Iterator[Path]:
    for file in files:
        if file.is_dir():
            held = sorted(p for p in file.rglob("*") if p.suffix.lower() in SUFFIXES)
            if not held:
                raise InputError(
                    Words("文件夹里没有报告。", "The folder holds no report."),
                    where=str(file),
                    remedy=Words(
                        f"请把这些格式的文件放进去：{'、'.join(sorted(SUFFIXES))}。",
                        f"Put files of these kinds into it: {', '.join(sorted(SUFFIXES))}.",
                    ),
                )
            yield from held
        else:
            yield file


def read_one(path: Path, year: int | None) -> Reading | str:
    """Read one file; a fault of the input comes back as its words, so that the other files are still read.

    Words, because an error that takes keyword arguments cannot be sent from one process to another.
    """
    from sizhang.intake.readers import read_file
    from sizhang.intake.reading import read_document

    try:
        return read_document(read_file(path), year)
    except SizhangError as error:
        return str(error)


def _read_with_warnings(path: Path, year: int | None) -> tuple[Reading | str, list[str]]:
    """Read one file in a process of its own; what it warns of goes home with the result, to be shown beside its file."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.filterwarnings("always", category=UserWarning, module=r"sizhang\.")
        result = read_one(path, year)
    return result, [str(one.message) for one in caught]


def _read_all(paths: list[Path], year: int | None, jobs: int) -> Iterator[tuple[Path, Reading | str]]:
    if len(paths) == 1:
        yield paths[0], read_one(paths[0], year)
        return
    from concurrent.futures import ProcessPoolExecutor
    from itertools import repeat

    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    if jobs == 1:
        for path in track(paths, description="读 Reading", console=console):
            yield path, read_one(path, year)
        return
    with ProcessPoolExecutor(jobs) as pool:
        results = pool.map(_read_with_warnings, paths, repeat(year))
        for path, (result, told) in zip(paths, track(results, total=len(paths), description="读 Reading", console=console), strict=True):
            for message in told:
                warnings.showwarning(message, UserWarning, __file__, 0)
            yield path, result


def _read_again(reading: Reading, second: Endpoint) -> Reading:
    """Ask the second reader, in this process: one report after the other, so that the server is not flooded."""
    from sizhang.app.second_reader import read_again

    again, tally = read_again(reading, second)
    if tally is not None:
        click.echo(f"{reading.document.source}: 第二读者 Second reader: {tally}", err=True)
    return again


def _target(output: Path | None, path: Path, form: str, many: bool) -> Path | None:
    if output is None or not (many or output.is_dir()):
        return output
    output.mkdir(parents=True, exist_ok=True)
    return output / f"{path.stem}.{form if form != 'table' else 'txt'}"


def _write(reading: Reading, form: str, target: Path | None) -> None:
    """Write one reading in one form, to the terminal where no target is given."""
    from sizhang.intake.output.csv import write_csv
    from sizhang.intake.output.html import write_html
    from sizhang.intake.output.jsonl import write_jsonl
    from sizhang.intake.output.table import print_table, write_table
    from sizhang.intake.output.xlsx import write_xlsx

    if form == "table" and target is None:
        print_table(reading)
        return
    writers: dict[str, Callable[[Reading], str | bytes]] = {
        "jsonl": write_jsonl,
        "csv": write_csv,
        "html": write_html,
        "xlsx": write_xlsx,
        "table": write_table,
    }
    content = writers[form](reading)
    if target is None:
        click.echo(content, nl=False)
        return
    try:
        target.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    except OSError as error:
        raise InputError(
            Words(f"输出写不了：{reason_of(error).zh}。", f"The output cannot be written: {reason_of(error).en}."),
            where=str(target),
            remedy=Words("请写一个已有文件夹里的文件名。", "Name a file in a folder that exists."),
        ) from error
