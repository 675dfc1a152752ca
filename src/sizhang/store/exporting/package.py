"""The journal as columns for data programs: Parquet, and a Data Package of CSV tables with their schema."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, Final

from sizhang.core.errors import MissingExtraError, Words
from sizhang.store.connection import Store
from sizhang.store.exporting.csv import COLUMNS, journal_rows, neutral, write_csv
from sizhang.store.reading import PromiseInfo, read_balances, read_promises

_INTEGERS: Final = frozenset({"seq", "decimals", "source", "target", "steps", "day", "instant", "surplus"})
_STAGES: Final = ("promised", "claimed", "verified", "settled", "surplus")
_ROWS: Final = 100_000


def write_parquet(store: Store, target: Path) -> None:
    """The columns of the journal; whole numbers as int64, `quantity` as exact text beside `steps` and `decimals`.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as fault:
        raise MissingExtraError(
            Words("导出 Parquet 要用 pyarrow，而它没有安装。", "Parquet needs pyarrow, which is not installed."),
            remedy=Words("请运行 pip install 'sizhang[calc]'", "pip install 'sizhang[calc]'"),
        ) from fault
    schema = pa.schema([(name, pa.int64() if name in _INTEGERS else pa.string()) for name in COLUMNS])
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        rows: list[tuple[str, ...]] = []
        for row in journal_rows(store):
            rows.append(row)
            if len(rows) == _ROWS:
                writer.write_table(_table(pa, schema, rows))
                rows = []
        writer.write_table(_table(pa, schema, rows))


def _table(pa: Any, schema: Any, rows: list[tuple[str, ...]]) -> Any:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(COLUMNS)
    values = [[int(cell) for cell in column] if name in _INTEGERS else column for name, column in zip(COLUMNS, columns, strict=True)]
    return pa.table([pa.array(column, field.type) for column, field in zip(values, schema, strict=True)], schema=schema)


def write_datapackage(store: Store, target: Path) -> None:
    """A folder: `datapackage.json` with the schema of three tables, entries, promises and balances.

    Source: Data Package standard, version 2 (Open Knowledge, 2024), Table Schema.
    """
    target.mkdir(parents=True, exist_ok=True)
    write_csv(store, target / "entries.csv")
    names = [name for name in PromiseInfo._fields if name != "id"]
    promises = [[str(getattr(promise, name)) for name in names] for promise in read_promises(store)]
    _write_table(target / "promises.csv", names, promises)
    balances = [[line.key, line.unit, *(f"{line.number(stage):f}" for stage in _STAGES)] for line in read_balances(store)]
    _write_table(target / "balances.csv", ["promise", "unit", *_STAGES], balances)
    resources = [
        _resource("entries", COLUMNS, ("seq",), {"promise": ("promises", "number")}),
        _resource("promises", names, ("number",), {}),
        _resource("balances", ("promise", "unit", *_STAGES), ("promise",), {"promise": ("promises", "number")}),
    ]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "sizhang-ledger",
        "title": "四账 Sizhang",
        "resources": resources,
    }
    (target / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _write_table(path: Path, heading: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heading)
        writer.writerows([neutral(cell) for cell in row] for row in rows)


def _resource(name: str, columns: Any, key: tuple[str, ...], references: dict[str, tuple[str, str]]) -> dict[str, Any]:
    def kind(column: str) -> str:
        if column in _INTEGERS or column == "year":
            return "integer"
        return "number" if (column in (*_STAGES, "quantity") and name != "entries") or column == "quantity" else "string"

    schema: dict[str, Any] = {"fields": [{"name": column, "type": kind(column)} for column in columns], "primaryKey": list(key)}
    if references:
        schema["foreignKeys"] = [
            {"fields": [own], "reference": {"resource": resource, "fields": [field]}} for own, (resource, field) in references.items()
        ]
    return {"name": name, "path": f"{name}.csv", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": schema}
