"""Files of data as Arrow tables: CSV in UTF-8 or GB18030 with every cell as text, Parquet and Arrow with their own types."""

from __future__ import annotations

import codecs
import json
from csv import reader as csv_lines
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sizhang.calculators.form.result import Rejection
from sizhang.core.errors import InputError, MissingExtraError, Words

if TYPE_CHECKING:
    import pyarrow as pa

_BLOCK: Final = 1 << 20
SUFFIXES: Final = (".csv", ".parquet", ".arrow", ".feather", ".geojson")


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's rows as they stand, with the line of each, and the lines that are no rows."""

    file: str
    table: pa.Table
    rejections: tuple[Rejection, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(name for name in self.table.column_names if name != LINE)


LINE: Final = "__line"


def require_extra() -> None:
    """See that the libraries of the extra `calc` are there.

    Raises:
        MissingExtraError: one is not.
    """
    try:
        import duckdb  # noqa: F401
        import narwhals  # noqa: F401
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            Words(f"算法要用库 {error.name}，没有安装。", f"The calculators need the library {error.name}, which is not installed."),
            remedy=Words("请运行 pip install 'sizhang[calc]'", "Run pip install 'sizhang[calc]'"),
        ) from error


def expand_paths(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The files that were named, and the data files of the folders that were named."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES)
            if not inside:
                raise InputError(
                    Words("文件夹里没有数据文件。", "The folder has no data file."),
                    remedy=Words(
                        f"请把这些格式的文件放进去：{'、'.join(SUFFIXES)}。", f"Put files of these kinds into it: {', '.join(SUFFIXES)}."
                    ),
                    where=str(path),
                )
            found += inside
        else:
            found.append(path)
    return tuple(found)


def read_table(path: Path) -> RawTable:
    """Read one file, whatever its rows are like.

    Raises:
        InputError: it is not there, or is not what its name says.
    """
    if not path.is_file():
        raise InputError(
            Words("没有这个文件。", "There is no such file."),
            remedy=Words("请检查文件名。", "Check the name."),
            where=str(path),
        )
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            Words(f"不读扩展名为“{suffix}”的文件。", f"A file with the ending “{suffix}” is not read."),
            remedy=Words(f"请给这些格式之一：{'、'.join(SUFFIXES)}。", f"Give one of: {', '.join(SUFFIXES)}."),
            where=str(path),
        )
    import pyarrow as pa

    try:
        table, rejections = _read_csv(path) if suffix == ".csv" else (_read_typed(path, suffix), ())
    except (pa.ArrowException, OSError, UnicodeError) as error:
        reason = " ".join(str(error).split())[:200].rstrip(".")
        raise InputError(
            Words(f"不能按 {suffix[1:]} 读取：{reason}。", f"It cannot be read as {suffix[1:]}: {reason}."),
            remedy=Words("请重新写出文件，并确认能打开。", "Write the file again and check that it opens."),
            where=str(path),
        ) from error
    if LINE not in table.column_names:
        table = table.append_column(LINE, pa.array(range(1, table.num_rows + 1), pa.int64()))
    return RawTable(path.name, table, rejections)


def _read_typed(path: Path, suffix: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.feather
    import pyarrow.parquet

    if suffix == ".geojson":
        return _read_geojson(path)
    table = pyarrow.parquet.read_table(path) if suffix == ".parquet" else pyarrow.feather.read_table(path)
    for place, field in enumerate(table.schema):
        # GeoParquet keeps outlines as WKB bytes; as hexadecimal text they pass the same checks as every other cell.
        if pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type):
            texts = [None if cell is None else cell.hex() for cell in table.column(place).to_pylist()]
            table = table.set_column(place, field.name, pa.array(texts, pa.string()))
    return table


def _read_geojson(path: Path) -> pa.Table:
    """Each feature a row: its properties as text, its geometry under that name."""
    import pyarrow as pa

    try:
        document = json.loads(path.read_bytes())
        features = document["features"]
        rows = [{**(feature.get("properties") or {}), "geometry": feature.get("geometry")} for feature in features]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            Words("这不是 GeoJSON 要素集合。", "It is no GeoJSON collection of features."),
            remedy=Words("请导出为 FeatureCollection。", "Export it as a FeatureCollection."),
            where=str(path),
        ) from error
    names = list(dict.fromkeys(name for row in rows for name in row)) or ["geometry"]
    return pa.table({name: pa.array([_cell_text(row.get(name)) for row in rows], pa.string()) for name in names})


def _cell_text(cell: Any) -> str | None:
    return cell if cell is None or isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)


def _read_csv(path: Path) -> tuple[pa.Table, tuple[Rejection, ...]]:
    import pyarrow as pa
    from pyarrow import csv

    odd: list[Any] = []

    def skip(row: Any) -> str:
        odd.append(row)
        return "skip"

    with path.open("rb") as file:
        heading = file.readline()
    if not heading.strip():
        raise InputError(
            Words("文件第一行是空行。", "The file begins with an empty line."),
            remedy=Words("第一行请写列名。", "Put the column names into the first line."),
            where=str(path),
        )
    encoding = _encoding_of(path)
    names = [name.strip() for name in next(csv_lines([heading.decode(encoding).strip("\r\n\ufeff")]))]
    if len(set(names)) != len(names):
        raise InputError(
            Words("有两列同名。", "Two columns have the same name."),
            remedy=Words("每列请用不同的名称。", "Give every column a name of its own."),
            where=f"{path}:1",
        )
    table = csv.read_csv(
        path,
        # One thread: only then does a row that is skipped know its number.
        read_options=csv.ReadOptions(use_threads=False, encoding=encoding, column_names=names, skip_rows=1),
        parse_options=csv.ParseOptions(invalid_row_handler=skip, ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    skipped = {row.number for row in odd}
    lines = [n for n in range(2, table.num_rows + len(skipped) + 2) if n not in skipped]
    rejections = tuple(
        Rejection(path.name, row.number, "", row.text[:80], f"cells in the row: {row.actual_columns} of {row.expected_columns}")
        for row in odd
    )
    return table.append_column(LINE, pa.array(lines, pa.int64())), rejections


def _encoding_of(path: Path) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8"
