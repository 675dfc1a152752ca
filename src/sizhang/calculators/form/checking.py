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


def column_sql(schema: Schema, raw: RawTable) -> str:
    """The select list that types every column of the schema; an optional one that the file lacks is null."""
    return ", ".join(part for column in schema.columns for part in _column_parts(column, raw))


def row_rule_sql(schema: Schema) -> str:
    """The first rule that a row breaks, else null."""
    cases = [f'WHEN "__rule_{c.name}" IS NOT NULL THEN "__rule_{c.name}"' for c in schema.columns if c.required]
    if schema.late:
        late = f'"{schema.late.received}" > "{schema.late.measured}" + INTERVAL {schema.late.hours + 1} HOUR'
        cases.append(f"WHEN {late} THEN '{LATE}: more than {schema.late.hours} h after the hour'")
    return f"CASE {' '.join(cases)} END" if cases else "NULL"


def _column_parts(column: Column, raw: RawTable) -> list[str]:
    heading = column.find_heading(raw.headings)
    if heading is None:
        sql_type = {"text": "VARCHAR", "number": "BIGINT", "date": "DATE", "instant": "TIMESTAMP"}[column.kind]
        parts = [f'NULL::{sql_type} AS "{column.name}"', f'NULL::VARCHAR AS "__rule_{column.name}"']
        return [*parts, f'false AS "{column.name}_below"'] if column.non_detect else parts
    arrow = raw.table.schema.field(heading).type
    quoted = '"' + heading.replace('"', '""') + '"'
    value = _value_sql(column, quoted, arrow, column.other_names.get(heading, 0))
    rule = _rule_sql(column, value, _present_sql(quoted, arrow))
    # A cell that breaks a rule is empty for whoever counts.
    parts = [f'CASE WHEN ({rule}) IS NULL THEN {value} END AS "{column.name}"', f'{rule} AS "__rule_{column.name}"']
    if column.non_detect:
        parts.append(f'coalesce(({rule}) IS NULL AND {_below_sql(quoted, arrow)}, false) AS "{column.name}_below"')
    return parts


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
    return f"regexp_full_match(trim({quoted}::VARCHAR), '(<|＜)\\s*[0-9.]+|[0-9.]+\\s*L')" if _is_text(arrow) else "false"


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
    if column.non_detect and _is_text(arrow):
        source = f"regexp_replace(regexp_replace({text}, '^(<|＜)\\s*', ''), '\\s*L$', '')"
    return f"(TRY_CAST({source} AS DECIMAL(18, {decimals}))::DECIMAL(38, {decimals}) * {factor})::BIGINT"


def _rule_sql(column: Column, value: str, present: str) -> str:
    cases = [f"WHEN NOT {present} THEN {_quote(f'missing: {column.name}') if column.required else 'NULL'}"]
    cases.append(f"WHEN ({value}) IS NULL THEN {_quote(f'unreadable: {column.name}')}")
    if column.choices:
        allowed = ", ".join(_quote(choice) for choice in column.choices)
        cases.append(f"WHEN {value} NOT IN ({allowed}) THEN {_quote(f'unknown word: {column.name}')}")
    outside = [f"({value}) {op} {_steps(limit, column)}" for op, limit in (("<", column.low), (">", column.high)) if limit is not None]
    if outside:
        cases.append(f"WHEN {' OR '.join(outside)} THEN {_quote(f'out of range: {column.name}')}")
    return f"CASE {' '.join(cases)} END"


def _steps(limit: Decimal | int, column: Column) -> int:
    steps = Decimal(limit).scaleb(column.decimals)
    assert steps == steps.to_integral_value(), f"{column.name}: the limit {limit} is no whole step"
    return int(steps)


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
