"""`sizhang numbers`: every quantity of a text, Chinese or English."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from sizhang.core.promise import NumberFound


def as_number(value: Decimal) -> int | float:
    """A plain JSON number: an integer where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def number_row(line: int, found: NumberFound) -> dict[str, Any]:
    """One quantity in the form of the command's output; offsets count from the line's start."""
    row: dict[str, Any] = {"line": line, "start": found.start, "end": found.end, "text": found.text, "value": as_number(found.value)}
    if found.value_max is not None:
        row["value_max"] = as_number(found.value_max)
    return {**row, "unit": found.unit, "op": found.op}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "table"]), default="jsonl", show_default=True, help="输出形式 Form of the output"
)
def numbers(file: Path, form: str) -> None:
    """找出文中的每个数量 Find every quantity of FILE, promise or not; lines count from 1."""
    from sizhang.intake.quantities import find_quantities
    from sizhang.intake.readers import read_file

    document = read_file(file)
    rows = [number_row(n, q) for n, line in enumerate(document.text.split("\n"), start=1) for q in find_quantities(line)]
    if form == "jsonl":
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("行 Line", "原文 Text", "比较 Op", "数值 Value", "单位 Unit")
    for row in rows:
        value = f"{row['value']:,}" + (f"–{row['value_max']:,}" if "value_max" in row else "")
        table.add_row(str(row["line"]), row["text"], row["op"], value, row["unit"])
    Console().print(table)
