"""Class of each item at each section, for any number of samples: one definition for every engine that narwhals drives.

Concentrations are whole steps of 10^-9 of their unit, and limits too, so a value at the limit is at the limit in every engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sizhang.calculators.form.tables import TableRow

STEPS = 10**9
CLASS_COLUMNS = ("I", "II", "III", "IV", "V")
WATER_BODIES = {"河流": "river", "湖库": "lake_reservoir"}
SECTION_COLUMNS = ("section", "level", "basin", "water_body")
NON_DETECT_RULE = "detection limit above class Ⅲ"
PH_RULE = "out of range: pH"
PH_MAX = 14


def get_short_name(row: TableRow) -> str:
    """Name of an item in data: `TP` for rivers and lakes alike, each with its own limits."""
    return row["name_en"].removesuffix(" lake/reservoir")


def list_item_names(table: Sequence[TableRow]) -> tuple[str, ...]:
    """Every name an item may come under: the short English one and the Chinese one."""
    return tuple(dict.fromkeys(name for row in table for name in _names_of(row)))


def _names_of(row: TableRow) -> tuple[str, str]:
    return get_short_name(row), row["name_zh"].removesuffix("(湖、库)")


def build_limit_rows(table: Sequence[TableRow]) -> list[dict[str, Any]]:
    """The limits as whole steps, one row a name, kind of water body and item.

    Every item is turned so that more is worse: dissolved oxygen by its sign, pH by its distance from the middle of its range.

    Args:
        table: rows of `water_gb3838`; those outside the routine class are left out.
    """
    rows = []
    for row in table:
        if row["in_routine_class"] != "yes":
            continue
        middle, sign, limits = _turn(row["direction"], [row[name] for name in CLASS_COLUMNS])
        rows += [
            {"name": name, "water_body": body, "item": get_short_name(row), "middle": middle, "sign": sign}
            | {"counted": row["excess_multiple_computed"] == "yes"}
            | {f"limit_{number}": limit for number, limit in enumerate(limits, start=1)}
            for name in _names_of(row)
            for body, key in WATER_BODIES.items()
            if row["water_body"] in ("all", key)
        ]
    return rows


def build_limits(relation: Any, table: Sequence[TableRow]) -> Any:
    """The rows of `build_limit_rows` as a lazy frame in the engine of a DuckDB relation."""
    import narwhals as nw

    rows = build_limit_rows(table)
    values = ", ".join(f"({', '.join(_literal(value) for value in row.values())})" for row in rows)
    return nw.from_native(relation.query("samples", f"SELECT * FROM (VALUES {values}) AS limits({', '.join(rows[0])})"))


def _literal(value: str | int | bool | None) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "NULL::BIGINT" if value is None else str(value).lower() if isinstance(value, bool) else f"{value}::BIGINT"


def _turn(direction: str, texts: list[str]) -> tuple[int | None, int, list[int]]:
    if direction == "range":
        pairs = [[_steps(bound) for bound in text.split("-")] for text in texts]
        middle = sum(pairs[0]) // 2
        return middle, 1, [high - middle for _, high in pairs]
    sign = -1 if direction == "ge" else 1
    return None, sign, [sign * _steps(text) for text in texts]


def _steps(text: str) -> int:
    return int(Decimal(text) * STEPS)


def prepare_values(samples: Any, limits: Any, year: int) -> Any:
    """Values of a year with their month, the item's short name, and the rule that a value breaks.

    Args:
        samples: lazy frame of the valid rows.
        limits: lazy frame of the rows of `build_limit_rows` in the same engine; items without limits fall away.

    Rounding: half of a detection limit is kept to 10^-9, half up.
    """
    import narwhals as nw

    named = samples.filter(nw.col("sampled_on").dt.year() == year).rename({"item": "name"})
    chosen = named.join(limits, on=["name", "water_body"], how="inner")
    undecided = nw.col("value_below") & (nw.col("sign") == 1) & (nw.col("value") > nw.col("limit_3"))
    impossible = ~nw.col("middle").is_null() & (nw.col("value") > PH_MAX * STEPS)
    half = ((nw.col("value") + 1) // 2).cast(nw.Int64)
    return chosen.with_columns(
        month=nw.col("sampled_on").dt.to_string("%Y-%m"),
        steps=nw.when(nw.col("value_below")).then(half).otherwise(nw.col("value")),
        rule=nw.when(undecided).then(nw.lit(NON_DETECT_RULE)).otherwise(nw.when(impossible).then(nw.lit(PH_RULE)).otherwise(nw.lit(None))),
    )


def compute_monthly_means(values: Any) -> Any:
    """Mean of each item at each section in each month.

    Args:
        values: lazy frame with the columns of `SECTION_COLUMNS`, `month`, `item` and `steps`.

    Rounding: a monthly mean is kept to 10^-9 of the unit, half up.
    """
    import narwhals as nw

    keys = (*SECTION_COLUMNS, "month", "item")
    sums = values.group_by(*keys).agg(samples=nw.len(), total=nw.col("steps").sum())
    return sums.select(*keys, "samples", mean=_divide(nw.col("total"), nw.col("samples")))


def compute_yearly_means(monthly: Any) -> Any:
    """Mean of the monthly means, each month weighing the same however often it was sampled."""
    import narwhals as nw

    keys = (*SECTION_COLUMNS, "item")
    yearly = monthly.group_by(*keys).agg(months=nw.len(), samples=nw.col("samples").sum(), total=nw.col("mean").sum())
    return yearly.select(*keys, "months", "samples", mean=_divide(nw.col("total"), nw.col("months")))


def _divide(total: Any, count: Any) -> Any:
    import narwhals as nw

    return ((2 * total + count) // (2 * count)).cast(nw.Int64)


def classify_items(means: Any, limits: Any) -> Any:
    """Adds `class_number`, 1 (Ⅰ) to 6 (worse than Ⅴ), and the item's limits in steps.

    Args:
        means: lazy frame with `item`, `water_body` and `mean`.
        limits: lazy frame of the rows of `build_limit_rows` in the same engine.
    """
    import narwhals as nw

    joined = means.join(limits.filter(nw.col("name") == nw.col("item")), on=["item", "water_body"], how="inner")
    turned = nw.when(nw.col("middle").is_null()).then(nw.col("mean") * nw.col("sign")).otherwise((nw.col("mean") - nw.col("middle")).abs())
    joined = joined.with_columns(turned=turned)
    number = sum(((nw.col("turned") > nw.col(f"limit_{k}")).cast(nw.Int64) for k in range(1, 6)), start=nw.lit(1))
    return joined.with_columns(class_number=number).drop("turned", "name")


def compute_section_classes(items: Any, core_items: Sequence[str]) -> Any:
    """Class of each section in each month by its worst item, and how many of the core items it has."""
    import narwhals as nw

    core = nw.col("item").is_in(list(core_items)).cast(nw.Int64)
    keys = (*SECTION_COLUMNS, "month")
    return items.with_columns(core=core).group_by(*keys).agg(class_number=nw.col("class_number").max(), core_items=nw.col("core").sum())


def classify_mean(mean: Fraction, row: Mapping[str, Any]) -> int:
    """Class of one mean by the limits in a row of `classify_items`."""
    turned = mean * row["sign"] if row["middle"] is None else abs(mean - row["middle"])
    return 1 + sum(bool(turned > row[f"limit_{number}"]) for number in range(1, 6))
