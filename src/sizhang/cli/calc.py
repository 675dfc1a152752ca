"""`sizhang calc`: a published formula over data, as a table, JSON or a page."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from sizhang.core.errors import InputError, LedgerError, Words, reason_of
from sizhang.core.period import YEAR_MAX, YEAR_MIN

if TYPE_CHECKING:
    from rich.console import Console

    from sizhang.calculators.form.calculator import Calculator, Options
    from sizhang.calculators.form.result import Result, Trace
    from sizhang.calculators.form.schema import Column
    from sizhang.core.criterion import Criterion

ROWS_SHOWN_MAX: Final = 20


@click.command()
@click.argument("name", required=False)
@click.argument("data", nargs=-1)
@click.option(
    "--list", "show_list", is_flag=True, help="列出全部算法及其数据要求 Show every calculator with its standard, inputs and settings"
)
@click.option("--year", type=click.IntRange(YEAR_MIN, YEAR_MAX), help="核算年份 The year that is judged")
@click.option("--edition", help="标准版本 Edition of the standard, e.g. 2012; else the one in force when the promise was made")
@click.option("--promised-on", type=click.DateTime(["%Y-%m-%d"]), help="承诺日期 The day of the promise; it decides the edition")
@click.option("--promise", metavar="NUMBER", help="承诺编号 The promise of the ledger whose day and target count")
@click.option("--value", "value_name", metavar="NAME", help="与目标比较的数 The value that is held against the promise's target")
@click.option("--ledger", metavar="LEDGER", help="账本 The ledger of the promise: a file or postgresql://; or SIZHANG_LEDGER")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="标准未给出的数值 A figure that the standard leaves open")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "html"]), default="table", show_default=True, help="输出形式 Form of the output"
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="输出文件 File to write")
def calc(name: str | None, data: tuple[str, ...], show_list: bool, **given: Any) -> None:
    """用监测和台账数据核算 Compute NAME from DATA: files, folders, or TABLE=FILE."""
    from sizhang.calculators import get_calculator, load_calculators
    from sizhang.calculators.form.calculator import run_calculator

    if show_list:
        chosen = [get_calculator(name)] if name else list(load_calculators().values())
        if given["form"] == "json":
            click.echo(json.dumps([calculator_row(calculator) for calculator in chosen], ensure_ascii=False))
            return
        click.echo("\n\n".join(describe_calculator(calculator) for calculator in chosen))
        return
    if name is None:
        raise InputError(
            Words("没有写用哪个算法。", "No calculator is named."),
            remedy=Words("请运行 `sizhang calc --list`，写其中一个名称。", "Run `sizhang calc --list` and take one of its names."),
        )
    calculator = get_calculator(name)
    if not data:
        raise InputError(
            Words("没有给数据。", "No data are given."),
            remedy=Words(
                f"请写出文件；要哪些表见 `sizhang calc --list {name}`，样例可用 `sizhang sample {name}` 写出。",
                f"Name the files; `sizhang calc --list {name}` tells which tables, `sizhang sample {name}` writes some.",
            ),
        )
    if given["promise"] is None:
        result = run_calculator(calculator, data, _options_of(given))
    else:
        from sizhang.app.judge import judge_result

        made_on, criterion = _question_of(given)
        options = replace(_options_of(given), promised_on=made_on)
        result = judge_result(run_calculator(calculator, data, options), criterion, given["value_name"])
    write_result(result, given["form"], given["output"])


def _question_of(given: dict[str, Any]) -> tuple[date, Criterion]:
    from sizhang.app.judge import read_question
    from sizhang.cli.options import NAME_LEDGER, NO_LEDGER, VARIABLE, Ledger

    url = given["ledger"] or (click.get_current_context().find_root().obj or {}).get("ledger") or os.environ.get(VARIABLE)
    if not url:
        raise LedgerError(NO_LEDGER, remedy=NAME_LEDGER)
    with Ledger(url, "table").open() as store:
        return read_question(store, given["promise"])


def _options_of(given: dict[str, Any]) -> Options:
    from sizhang.calculators.form.calculator import Options

    settings = dict(text.partition("=")[::2] for text in given["settings"])
    day = given["promised_on"]
    return Options(given["year"], given["edition"], day.date() if day else None, settings)


def calculator_row(calculator: Calculator) -> dict[str, Any]:
    """A calculator's entry of the list, for programs."""
    columns = ("name", "title", "kind", "required", "choices", "other_names")
    return {
        "name": calculator.name,
        "title": calculator.title,
        "standards": list(calculator.standards),
        "tables": [
            {
                "name": schema.name,
                "title": schema.title,
                "optional": schema.optional,
                "key": list(schema.key),
                "columns": [{name: getattr(column, name) for name in columns} for column in schema.columns],
            }
            for schema in calculator.inputs
        ],
        "settings": [{"name": setting.name, "title": setting.title, "default": setting.default} for setting in calculator.settings],
        "sample": f"sizhang sample {calculator.name} -o FOLDER",
    }


def describe_calculator(calculator: Calculator) -> str:
    """A calculator's entry of the list: standards, tables with their columns, settings, and how to get a sample."""
    lines = [f"{calculator.name}  {calculator.title}", *(f"  依据 standard: {standard}" for standard in calculator.standards)]
    for schema in calculator.inputs:
        key = f"; 键 key: {', '.join(schema.key)}" if schema.key else ""
        lines.append(f"  数据 table {schema.name}: {schema.title}{'（可无 optional）' if schema.optional else ''}{key}")
        lines += [f"    {describe_column(column)}" for column in schema.columns]
    for setting in calculator.settings:
        default = f"; 缺省 default {setting.default}" if setting.default else ""
        lines.append(f"  --set {setting.name}=…: {setting.title}{default}")
    lines.append(f"  样例 sample: sizhang sample {calculator.name} -o FOLDER")
    return "\n".join(lines)


def describe_column(column: Column) -> str:
    """A column in one line: name, kind, range, other names."""
    parts: list[str] = [column.kind]
    if column.kind == "number":
        parts.append(f"步长 step {1 if column.decimals == 0 else f'{10**-column.decimals:.{column.decimals}f}'}")
    if column.low is not None or column.high is not None:
        parts.append(f"{'' if column.low is None else column.low}…{'' if column.high is None else column.high}")
    if column.choices:
        parts.append(" | ".join(column.choices))
    if column.other_names:
        parts.append(f"或 or {', '.join(column.other_names)}")
    return f"{column.name}{'' if column.required else '?'}  {column.title} ({'; '.join(parts)})"


def write_result(result: Result, form: str, output: Path | None) -> None:
    """Write the result in its form, to a file where one is named."""
    from sizhang.calculators.form.output import render_page, result_data

    if form == "table":
        from rich.console import Console

        if output is None:
            print_result(result, Console())
            return
        with _opened(output) as file:
            print_result(result, Console(file=file, width=140))
        return
    text = render_page(result) if form == "html" else json.dumps(result_data(result), ensure_ascii=False, indent=2)
    if output is None:
        click.echo(text)
        return
    with _opened(output) as file:
        file.write(text)


def _opened(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise InputError(
            Words(f"输出写不了：{reason_of(error).zh}。", f"The output cannot be written: {reason_of(error).en}."),
            remedy=Words("请写一个已有文件夹里的文件名。", "Name a file in a folder that exists."),
            where=str(path),
        ) from error


def print_result(result: Result, console: Console) -> None:
    """The result on the terminal: verdict, values, standards, data, what decided it, and what to be careful about."""
    from rich.table import Table

    from sizhang.calculators.form.broken_rules import show_rule
    from sizhang.calculators.form.output import OUTCOMES, show_number

    console.print(f"[bold]{result.title}[/bold]")
    console.print(f"结论 Verdict: [bold]{OUTCOMES[result.verdict.outcome]}[/bold]. {result.verdict.reason}", highlight=False)
    table = Table("名称 Name", "数值 Value", "单位 Unit", "由 From", "修约 Rounding")
    for value in result.values:
        ratio = f"{show_number(value.numerator)} / {show_number(value.denominator)} {value.of}" if value.denominator is not None else ""
        table.add_row(value.title, show_number(value.number), value.unit, ratio, value.rounding)
    console.print(table)
    for standard in result.standards:
        console.print(f"依据 Standard: {standard.code} {standard.title} {standard.clause}; {standard.chosen}", highlight=False)
    for part in result.coverage:
        rejected = "; ".join(f"{number} × {show_rule(rule)}" for rule, number in part.rejected.items())
        words = (
            f"数据 Data: {part.of}: 应有 expected {show_number(part.expected)}, 实有 present {part.present:,}, 有效 valid {part.valid:,}"
        )
        console.print(words + (f", 未计 rejected {rejected}" if rejected else ""), highlight=False)
    for trace in result.trace:
        print_trace(trace, console)
    for row in result.rejections[:ROWS_SHOWN_MAX]:
        console.print(
            f"未计 Not counted: {row.file}:{row.line} {row.column} “{row.text}”: {show_rule(row.rule)}", highlight=False, markup=False
        )
    for used in result.unverified:
        console.print(f"未经核对 Unverified: {used.table}.csv:{used.line} {used.describe()}", highlight=False, markup=False)
    for note in result.notes:
        console.print(f"说明 Note: {note}", highlight=False, markup=False)


def print_trace(trace: Trace, console: Console) -> None:
    """A trace as a table, its first rows."""
    from rich.table import Table

    from sizhang.calculators.form.output import show_number

    table = Table(*trace.columns, title=trace.title, title_justify="left")
    for row in trace.rows[:ROWS_SHOWN_MAX]:
        table.add_row(*map(show_number, row))
    console.print(table)
    if len(trace.rows) > ROWS_SHOWN_MAX:
        console.print(f"… {len(trace.rows) - ROWS_SHOWN_MAX} 行未显示 more rows: --format json", highlight=False)
