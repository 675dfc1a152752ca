"""Data as they come in: every row is either valid and typed, or rejected with the rule that it broke.

Nothing here ever stops at a bad row, and no bad row ever counts. Numbers become whole steps of their column (see `Column.decimals`);
a bad cell of an optional column is left out alone, anything else takes its row with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sizhang.calculators.form.checking import DUPLICATE, cells_sql, read_sql, row_rule_sql, rules_sql
from sizhang.calculators.form.files import LINE, RawTable, expand_paths, read_table, require_extra
from sizhang.calculators.form.result import REJECTIONS_SHOWN_MAX, Coverage, Rejection
from sizhang.calculators.form.schema import Schema
from sizhang.core.errors import InputError, Words

if TYPE_CHECKING:
    import duckdb
    import narwhals as nw

FILE: Final = "__file"


@dataclass(frozen=True, slots=True)
class Checked:
    """The valid rows of one table of data, and an account of the others.

    Attributes:
        relation: DuckDB relation of the valid rows; numbers are whole steps (BIGINT).
        present: rows that the files hold.
        rejected: how many rows or cells each rule rejected.
        rejections: the first of them.
        files: names of the files; a valid row's `__file` is a place in it, and its `__line` a line there.
    """

    schema: Schema
    relation: duckdb.DuckDBPyRelation
    present: int
    valid: int
    rejected: Mapping[str, int]
    rejections: tuple[Rejection, ...]
    files: tuple[str, ...]

    @property
    def frame(self) -> nw.LazyFrame[Any]:
        """The valid rows for a relational definition; the same definition takes a Spark table of these columns."""
        import narwhals as nw

        return nw.from_native(self.relation)

    def rows(self) -> list[dict[str, Any]]:
        """The valid rows, numbers as exact `Decimal`: for registers, not for millions of measurements."""
        decimals = {c.name: c.decimals for c in self.schema.columns if c.kind == "number"}
        names = self.relation.columns
        return [
            {n: Decimal(v).scaleb(-decimals[n]) if n in decimals and v is not None else v for n, v in zip(names, row, strict=True)}
            for row in self.relation.order(", ".join(f'"{k}"' for k in self.schema.key) or "ALL").fetchall()
        ]

    def coverage(self, of: str, expected: int | None = None) -> Coverage:
        """The account of the data for a result."""
        return Coverage(of, expected, self.present, self.valid, self.rejected)


def read_inputs(schemas: Sequence[Schema], arguments: Sequence[str]) -> dict[str, Checked]:
    """Read `NAME=PATH` or `PATH` arguments; a file without a name is told by its headings, a folder stands for its files.

    Raises:
        InputError: a file fits no table, or a table that is needed has no file.
        MissingExtraError: the extra `calc` is not installed.
    """
    require_extra()
    files: dict[str, list[RawTable]] = {}
    for argument in arguments:
        name, _, rest = argument.partition("=")
        named = next((s for s in schemas if rest and s.name == name), None)
        for path in expand_paths((Path(rest if named else argument),)):
            raw = read_table(path)
            files.setdefault((named or _schema_of(raw, schemas)).name, []).append(raw)
    import duckdb

    checked = {}
    # One connection, so that a definition can join the tables.
    connection = duckdb.connect()
    for schema in schemas:
        if schema.name in files:
            checked[schema.name] = check_tables(schema, files[schema.name], connection)
        elif not schema.optional:
            raise InputError(
                Words(f"缺少表“{schema.name}”（{schema.title}）。", f"The table “{schema.name}” ({schema.title}) is missing."),
                remedy=Words(f"请写成 {schema.name}=FILE。", f"Give it as {schema.name}=FILE."),
            )
    return checked


def _schema_of(raw: RawTable, schemas: Sequence[Schema]) -> Schema:
    fitting = [schema for schema in schemas if schema.fits(raw.headings)]
    if fitting:
        return max(fitting, key=lambda s: sum(c.find_heading(raw.headings) is not None for c in s.columns))
    lacking = "; ".join(f"{s.name}: {', '.join(s.find_lacking(raw.headings))}" for s in schemas)
    raise InputError(
        Words(
            f"这个文件不是本算法要的任何一张表。缺少的列：{lacking}。",
            f"The file fits no table of this calculator. Lacking columns: {lacking}.",
        ),
        remedy=Words("列名请照 `sizhang calc --list` 写。", "Name the columns as `sizhang calc --list` does."),
        where=raw.file,
    )


def check_tables(schema: Schema, files: Sequence[RawTable], connection: duckdb.DuckDBPyConnection | None = None) -> Checked:
    """Check the rows of the files that make up one table.

    Raises:
        InputError: a file lacks a required column.
    """
    import duckdb

    connection = connection or duckdb.connect()
    connection.execute(f'SET TimeZone=\'UTC\'; CREATE SCHEMA "{schema.name}"; SET schema="{schema.name}"')
    for number, raw in enumerate(files):
        if lacking := schema.find_lacking(raw.headings):
            raise InputError(
                Words(
                    f"表“{schema.name}”缺少列：{'、'.join(lacking)}。", f"The table “{schema.name}” lacks the columns {', '.join(lacking)}."
                ),
                remedy=Words("请补上。", "Add them."),
                where=raw.file,
            )
        connection.register(f"raw_{number}", raw.table)
    parts = " UNION ALL ".join(
        f"SELECT {number} AS __file, {LINE}, {read_sql(schema, raw)} FROM raw_{number}" for number, raw in enumerate(files)
    )
    cells = f"SELECT __file, {LINE}, {cells_sql(schema)} FROM (SELECT *, {rules_sql(schema)} FROM ({parts}))"
    connection.execute(f"CREATE TABLE typed AS SELECT *, {row_rule_sql(schema)} AS __rule FROM ({cells})")
    _mark_duplicates(connection, schema)
    names = [c.name for c in schema.columns] + [f"{c.name}_below" for c in schema.columns if c.non_detect] + [FILE, LINE]
    relation = connection.table(f'"{schema.name}".typed').filter("__rule IS NULL").select(*(duckdb.ColumnExpression(n) for n in names))
    valid = _count(connection, "SELECT count(*) FROM typed WHERE __rule IS NULL")
    torn = [rejection for raw in files for rejection in raw.rejections]
    rejections, rejected = _collect(connection, schema, files)
    rejected.update(r.rule for r in torn)
    present = _count(connection, "SELECT count(*) FROM typed") + len(torn)
    shown = tuple(torn + rejections)[:REJECTIONS_SHOWN_MAX]
    return Checked(schema, relation, present, valid, dict(sorted(rejected.items())), shown, tuple(raw.file for raw in files))


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    # All rows, although it is one: DuckDB holds a result open until a fetch returns nothing more.
    return int(connection.execute(query).fetchall()[0][0])


def _mark_duplicates(connection: duckdb.DuckDBPyConnection, schema: Schema) -> None:
    """Of rows with one key, alike ones count once and different ones not at all: nothing says which of them is true."""
    if not schema.key:
        return
    key = ", ".join(f'"{k}"' for k in schema.key)
    data = ", ".join(f'"{c.name}"' for c in schema.columns)
    connection.execute(f"CREATE TABLE doubled AS SELECT {key} FROM typed WHERE __rule IS NULL GROUP BY {key} HAVING count(*) > 1")
    if not _count(connection, "SELECT count(*) FROM doubled"):
        return
    connection.execute(
        f"""
        CREATE TABLE marks AS
        SELECT __file, {LINE},
            CASE WHEN count(DISTINCT row({data})) OVER (PARTITION BY {key}) > 1 THEN '{DUPLICATE}: the rows differ, none counts'
                 WHEN row_number() OVER (PARTITION BY {key} ORDER BY __file, {LINE}) > 1 THEN '{DUPLICATE}: the first counts' END AS mark
        FROM typed SEMI JOIN doubled USING ({key}) WHERE __rule IS NULL
        """
    )
    connection.execute(
        f"UPDATE typed SET __rule = mark FROM marks WHERE typed.__file = marks.__file AND typed.{LINE} = marks.{LINE} AND mark IS NOT NULL"
    )


def _collect(connection: duckdb.DuckDBPyConnection, schema: Schema, files: Sequence[RawTable]) -> tuple[list[Rejection], Counter[str]]:
    """The rows and cells that do not count, in the files' order."""
    found: list[tuple[int, int, str, str]] = []
    counts: Counter[str] = Counter()
    optional = [c for c in schema.columns if not c.required]
    rules = ["__rule"] + [f'"__rule_{c.name}"' for c in optional]
    for rule, column in zip(rules, ["", *(c.name for c in optional)], strict=True):
        where = f"{rule} IS NOT NULL" + (" AND __rule IS NULL" if column else "")
        counts.update(dict(connection.execute(f"SELECT {rule}, count(*) FROM typed WHERE {where} GROUP BY 1").fetchall()))
        query = f"SELECT __file, {LINE}, {rule} FROM typed WHERE {where} ORDER BY 1, 2 LIMIT {REJECTIONS_SHOWN_MAX}"
        found += [(number, line, column, text) for number, line, text in connection.execute(query).fetchall()]
    return [_rejection(schema, files[number], line, column, rule) for number, line, column, rule in sorted(found)], counts


def _rejection(schema: Schema, raw: RawTable, line: int, column: str, rule: str) -> Rejection:
    import pyarrow.compute as pc

    blamed = column or next((c.name for c in schema.columns if rule.endswith(f": {c.name}")), "")
    heading = next((c.find_heading(raw.headings) for c in schema.columns if c.name == blamed), None)
    names = [heading] if heading else [h for k in schema.key for c in schema.columns if c.name == k and (h := c.find_heading(raw.headings))]
    row = raw.table.filter(pc.field(LINE) == line).select(names).to_pylist()[:1]
    text = " ".join(str(value) for cells in row for value in cells.values())
    return Rejection(raw.file, line, column, text[:80], rule)
