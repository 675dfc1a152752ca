"""`sizhang read`: reports into draft promises."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from sizhang.core.errors import InputError, SizhangError
from sizhang.intake.reading import Reading

FORMATS = ("table", "jsonl", "csv", "xlsx", "html")
SUFFIXES = frozenset({".txt", ".md", ".docx", ".pdf", ".html", ".htm", ".png", ".jpg", ".jpeg", ".doc", ".wps"})


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--year", type=click.IntRange(1978, 2100), help="报告年份 The report's own year; found in the text when not given")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="输出形式 Form of the output")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="输出文件或文件夹 The file to write, or the folder for several reports"
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="并行数 Reports read at the same time")
def read(files: tuple[Path, ...], year: int | None, form: str, output: Path | None, jobs: int) -> None:
    """读报告，建承诺草稿 Read reports (a file, several, or a folder) into draft promises."""
    paths = list(_expand(files))
    many = len(paths) > 1
    if form == "xlsx" and output is None:
        raise InputError("A spreadsheet cannot be written to the terminal.", remedy="Name a file with -o FILE.xlsx.")
    if many and output is not None and output.suffix:
        raise InputError(f"{len(paths)} reports do not fit into one file.", where=str(output), remedy="Name a folder with -o.")
    faults = empty = 0
    for path, result in _read_all(paths, year, jobs):
        if isinstance(result, SizhangError):
            click.echo(f"错误 Error: {result}", err=True)
            faults += 1
            continue
        if not result.promises:
            click.echo(f"{path}: 没有读到承诺，可能不是工作报告 No commitment found: not a work report?", err=True)
            empty += 1
            continue
        _write(result, form, _target(output, path, form, many))
    sys.exit(2 if faults else 1 if empty else 0)


def _expand(files: tuple[Path, ...]) -> Iterator[Path]:
    for file in files:
        if file.is_dir():
            held = sorted(p for p in file.rglob("*") if p.suffix.lower() in SUFFIXES)
            if not held:
                raise InputError(
                    "The folder holds no report.",
                    where=str(file),
                    remedy=f"Put files of these kinds into it: {', '.join(sorted(SUFFIXES))}.",
                )
            yield from held
        else:
            yield file


def read_one(path: Path, year: int | None) -> Reading | SizhangError:
    """Read one file; a fault of the input is returned, so that the other files are still read."""
    from sizhang.intake.readers import read_file
    from sizhang.intake.reading import read_document

    try:
        return read_document(read_file(path), year)
    except SizhangError as error:
        return error


def _read_all(paths: list[Path], year: int | None, jobs: int) -> Iterator[tuple[Path, Reading | SizhangError]]:
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
        results = pool.map(read_one, paths, repeat(year))
        yield from zip(paths, track(results, total=len(paths), description="读 Reading", console=console), strict=True)


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
            f"The output cannot be written: {error.strerror}.", where=str(target), remedy="Name a file in a folder that exists."
        ) from error
