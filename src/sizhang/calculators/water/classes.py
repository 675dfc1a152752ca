"""Class of each item at each section, for any number of samples: one definition for every engine that narwhals drives.

Concentrations are whole steps of 10^-9 of their unit, and limits too, so a value at the limit is at the limit in every engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

STEPS = 10**9
CLASS_COLUMNS = ("I", "II", "III", "IV", "V")
WATER_BODIES = ("river", "lake_reservoir")
SECTION_COLUMNS = ("section", "level", "basin", "water_body")


def build_limit_rows(table: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The limits as whole steps, one row an item and kind of water body.

    Every item is turned so that more is worse: dissolved oxygen by its sign, pH by its distance from the middle of its range.

    Args:
        table: rows of `water_gb3838`; those outside the routine class are left out.
    """
    rows = []
    for row in table:
        if row["in_routine_class"] != "yes":
            continue
        bodies = WATER_BODIES if row["water_body"] == "all" else (row["water_body"],)
        middle, sign, limits = _turn(row["direction"], [row[name] for name in CLASS_COLUMNS])
        rows += [
            {"item": get_short_name(row), "water_body": body, "middle": middle, "sign": sign}
            | {"counted": row["excess_multiple_computed"] == "yes"}
            | {f"limit_{number}": limit for number, limit in enumerate(limits, start=1)}
            for body in bodies
        ]
    return rows


def get_short_name(row: Mapping[str, str]) -> str:
    """Name of an item in data: `TP` for rivers and lakes alike, each with its own limits."""
    return row["name_en"].removesuffix(" lake/reservoir")


def _turn(direction: str, texts: list[str]) -> tuple[int | None, int, list[int]]:
    if direction == "range":
        pairs = [[_steps(bound) for bound in text.split("-")] for text in texts]
        middle = sum(pairs[0]) // 2
        return middle, 1, [high - middle for _, high in pairs]
    sign = -1 if direction == "ge" else 1
    return None, sign, [sign * _steps(text) for text in texts]


def _steps(text: str) -> int:
    return int(Decimal(text) * STEPS)


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
    """Adds `class_number`, 1 (Ⅰ) to 6 (worse than Ⅴ), and `excess` and `limit_3` in steps; items without limits fall away.

    Args:
        means: lazy frame with `item`, `water_body` and `mean`.
        limits: lazy frame of the rows of `build_limit_rows` in the same engine.
    """
    import narwhals as nw

    joined = means.join(limits, on=["item", "water_body"], how="inner")
    turned = nw.when(nw.col("middle").is_null()).then(nw.col("mean") * nw.col("sign")).otherwise((nw.col("mean") - nw.col("middle")).abs())
    joined = joined.with_columns(turned=turned)
    number = sum(((nw.col("turned") > nw.col(f"limit_{k}")).cast(nw.Int64) for k in range(1, 6)), start=nw.lit(1))
    return joined.with_columns(class_number=number).drop("middle", "sign", "turned", "limit_1", "limit_2", "limit_4", "limit_5")
