"""The SQL that types a raw table's columns and names the rule that a row or a cell breaks.

Names of columns come from schemas, never from a file; what a file holds is only ever compared.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from sizhang.calculators.form.schema import Column, Schema

if TYPE_CHECKING:
    import pyarrow as pa

    from sizhang.calculators.form.files import RawTable

# How an absent value is written in the tables that cities publish.
_ABSENT: Final = "('', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', '-', '--', '—', '——', '/')"
_FLOAT_MAX: Final = "1e15"
DUPLICATE: Final = "duplicate"
LATE: Final = "late"


# Three selects, one inside the other, so that each cell is read once, however many rules it is held against.
def read_sql(schema: Schema, raw: RawTable) -> str:
    """The innermost select list: each column typed (`NAME__value`), and whether its cell holds anything (`NAME__present`)."""
    return ", ".join(part for column in schema.columns for part in _read_parts(column, raw))


def rules_sql(schema: Schema) -> str:
    """The middle select list: the rule that each cell breaks, else null."""
    return ", ".join(f'{_rule_sql(c)} AS "__rule_{c.name}"' for c in schema.columns)


def cells_sql(schema: Schema) -> str:
    """The outer select list: a cell that breaks a rule is empty for whoever counts."""
    parts = []
    for column in schema.columns:
        sound = f'"__rule_{column.name}" IS NULL'
        held = f'{sound} AND "{column.name}__present"'
        parts += [f'CASE WHEN {held} THEN "{column.name}__value" END AS "{column.name}"', f'"__rule_{column.name}"']
        if column.non_detect:
            parts.append(f'coalesce({sound} AND "{column.name}__below", false) AS "{column.name}_below"')
    return ", ".join(parts)


def row_rule_sql(schema: Schema) -> str:
    """The first rule that a row breaks, else null."""
    cases = [f'WHEN "__rule_{c.name}" IS NOT NULL THEN "__rule_{c.name}"' for c in schema.columns if c.required]
    if schema.late:
        late = f'"{schema.late.received}" > "{schema.late.measured}" + INTERVAL {schema.late.hours + 1} HOUR'
        cases.append(f"WHEN {late} THEN '{LATE}: more than {schema.late.hours} h after the hour'")
    return f"CASE {' '.join(cases)} END" if cases else "NULL"


def _read_parts(column: Column, raw: RawTable) -> list[str]:
    heading = column.find_heading(raw.headings)
    if heading is None:
        sql_type = {"text": "VARCHAR", "number": "BIGINT", "date": "DATE", "instant": "TIMESTAMP"}[column.kind]
        value, present, below = f"NULL::{sql_type}", "false", "false"
    else:
        arrow = raw.table.schema.field(heading).type
        quoted = '"' + heading.replace('"', '""') + '"'
        value = _value_sql(column, quoted, arrow, column.other_names.get(heading, 0))
        present, below = _present_sql(quoted, arrow), _below_sql(quoted, arrow)
    parts = [f'{value} AS "{column.name}__value"', f'{present} AS "{column.name}__present"']
    return [*parts, f'{below} AS "{column.name}__below"'] if column.non_detect else parts


def _is_text(arrow: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(
        pa.types.is_string(arrow) or pa.types.is_large_string(arrow) or pa.types.is_string_view(arrow) or pa.types.is_dictionary(arrow)
    )


def _present_sql(quoted: str, arrow: pa.DataType) -> str:
    if _is_text(arrow):
        return f"(trim({quoted}::VARCHAR) NOT IN {_ABSENT} AND {quoted} IS NOT NULL)"
    return f"({quoted} IS NOT NULL)"


def _below_sql(quoted: str, arrow: pa.DataType) -> str:
    if not _is_text(arrow):
        return "false"
    text = f"trim({quoted}::VARCHAR)"
    # Most cells are plain numbers: the dear comparison is for the others alone.
    return f"CASE WHEN TRY_CAST({text} AS DOUBLE) IS NULL THEN regexp_full_match({text}, '(<|＜)\\s*[0-9.]+|[0-9.]+\\s*L') ELSE false END"


def _value_sql(column: Column, quoted: str, arrow: pa.DataType, shift: int) -> str:
    import pyarrow as pa

    text = f"trim({quoted}::VARCHAR)"
    if column.kind == "text":
        return text
    source = text if _is_text(arrow) else quoted
    if column.kind == "date":
        return f"TRY_CAST({source} AS DATE)"
    if column.kind == "instant":
        return f"(TRY_CAST({source} AS TIMESTAMP) + INTERVAL ({shift}) HOUR)"
    decimals = column.decimals - shift
    factor = 10**decimals
    assert decimals >= 0, f"{column.name} keeps fewer decimals than its other unit has"
    if pa.types.is_integer(arrow):
        return f"TRY({quoted}::BIGINT * {factor})"
    if pa.types.is_floating(arrow):
        # The nearest step undoes what binary fractions did to a decimal.
        sane = f"isfinite({quoted}) AND abs({quoted}) < {_FLOAT_MAX} / {factor}"
        return f"CASE WHEN {sane} THEN round({quoted}::DOUBLE * {factor})::BIGINT END"
    number = f"TRY_CAST({source} AS DECIMAL(18, {decimals}))"
    if column.non_detect and _is_text(arrow):
        limit = f"TRY_CAST(trim({text}, '<＜L ') AS DECIMAL(18, {decimals}))"
        number = f"coalesce({number}, CASE WHEN {_below_sql(quoted, arrow)} THEN {limit} END)"
    # Below 4e15 steps a double holds every step, and is several times quicker than a 38-digit product.
    quick, exact = f"round({number}::DOUBLE * {factor})::BIGINT", f"({number}::DECIMAL(38, {decimals}) * {factor})::BIGINT"
    return f"CASE WHEN abs({number}) < {4 * 10**15 // factor} THEN {quick} ELSE {exact} END"


def _rule_sql(column: Column) -> str:
    value = f'"{column.name}__value"'
    missing = _quote(f"missing: {column.name}") if column.required else "NULL"
    cases = [f'WHEN NOT "{column.name}__present" THEN {missing}', f"WHEN {value} IS NULL THEN {_quote(f'unreadable: {column.name}')}"]
    if column.choices:
        allowed = ", ".join(_quote(choice) for choice in column.choices)
        cases.append(f"WHEN {value} NOT IN ({allowed}) THEN {_quote(f'unknown word: {column.name}')}")
    outside = [f"{value} {op} {_steps(limit, column)}" for op, limit in (("<", column.low), (">", column.high)) if limit is not None]
    if outside:
        cases.append(f"WHEN {' OR '.join(outside)} THEN {_quote(f'out of range: {column.name}')}")
    return f"CASE {' '.join(cases)} END::VARCHAR"


def _steps(limit: Decimal | int, column: Column) -> int:
    steps = Decimal(limit).scaleb(column.decimals)
    assert steps == steps.to_integral_value(), f"{column.name}: the limit {limit} is no whole step"
    return int(steps)


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
