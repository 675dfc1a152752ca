"""`sizhang sample`: synthetic data for a calculator, with the truth beside it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sizhang.core.errors import InputError, Words, reason_of


@click.command()
@click.argument("name")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path(), help="文件夹 Folder to write into; made when it is not there"
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=2026,
    show_default=True,
    help="同一种子，同一数据 The same seed gives the same data",
)
def sample(name: str, output: Path, seed: int) -> None:
    """写出带真值的样例数据 Write sample data of the calculator NAME, and `NAME.truth.json`: what a right calculation gives."""
    from sizhang.calculators import get_calculator
    from sizhang.calculators.form.output import plain

    made = get_calculator(name).sample(seed)
    options = made.options
    truth = {
        "values": {key: plain(value) for key, value in made.truth.items()},
        "year": options.year,
        "edition": options.edition,
        "settings": dict(options.settings),
    }
    files = {**made.files, f"{name}.truth.json": json.dumps(truth, ensure_ascii=False, indent=2) + "\n"}
    for file in files:
        if (output / file).exists():
            raise InputError(
                Words("这个文件已经有了。", "The file is there already."),
                remedy=Words("请用 -o 写另一个文件夹。", "Name another folder with -o."),
                where=str(output / file),
            )
    try:
        output.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (output / file).write_text(text, "utf-8")
            click.echo(str(output / file))
    except OSError as error:
        raise InputError(
            Words(f"输出写不了：{reason_of(error).zh}。", f"The output cannot be written: {reason_of(error).en}."),
            remedy=Words("请写一个能建立的文件夹。", "Name a folder that can be made."),
            where=str(output),
        ) from error
    asked = "".join(f" --{key} {value}" for key, value in (("year", options.year), ("edition", options.edition)) if value)
    asked += "".join(f" --set {key}={value}" for key, value in options.settings.items())
    inputs = " ".join(str(output / file) for file in made.files)
    click.echo(f"sizhang calc {name} {inputs}{asked}")
