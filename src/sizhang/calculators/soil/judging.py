"""One soil sample held against its screening and its control value.

Source: GB 36600-2018 (construction land) tables 1 and 2, clause 5.3; GB 15618-2018 (farmland) tables 1 to 3.
Rounding: none, values are compared as written (全数值比较法).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from sizhang.calculators.form.tables import TableRow

BELOW, ABOVE_SCREENING, ABOVE_CONTROL = 0, 1, 2
# GB 15618-2018 names a column for paddy fields and one for orchards (copper alone); every other field is "其他".
PADDY, ORCHARD, OTHER = "水田", "果园", "其他"


class Limits(NamedTuple):
    """Limits that hold for one item at one sample, mg/kg.

    Attributes:
        screening: at or below it the risk is generally negligible.
        control: above it the risk is usually unacceptable; None where the standard gives none.
        row: the table's row the screening value came from.
    """

    screening: Decimal
    control: Decimal | None
    row: TableRow


def compute_level(value: Decimal, limits: Limits) -> int:
    """0 at or below screening, 1 above screening, 2 above control."""
    if limits.control is not None and value > limits.control:
        return ABOVE_CONTROL
    return ABOVE_SCREENING if value > limits.screening else BELOW


def find_construction_limits(item: str, use_class: int, table: Sequence[TableRow]) -> Limits | None:
    """Limits of GB 36600-2018 for an item (Chinese name or CAS number), or None where the standard has none (zinc, for one).

    Args:
        item: name or CAS number as in the table.
        use_class: 1 (dwellings, schools, care) or 2 (industry, commerce, roads).
        table: rows of `soil_gb36600`.
    """
    for row in table:
        if item != "-" and item in (row["name_zh"], row["cas"]):
            return Limits(Decimal(row[f"screen_class{use_class}"]), Decimal(row[f"control_class{use_class}"]), row)
    return None


def find_farmland_limits(item: str, land: str, ph: Decimal, table: Sequence[TableRow]) -> Limits | None:
    """Limits of GB 15618-2018 for an item (symbol or Chinese name), the kind of field and the soil's pH.

    Args:
        item: symbol or Chinese name.
        land: 水田, 果园 or 其他.
        ph: pH of the same sample.
        table: rows of `soil_gb15618`.
    """
    rows = [row for row in table if item in (row["symbol"], row["name_zh"]) and _holds(row["ph_band"], ph)]
    screening = [row for row in rows if row["value_type"] == "screening"]
    fitting = [row for row in screening if row["land_use"] in (land, "all")] or [row for row in screening if row["land_use"] == OTHER]
    if not fitting:
        return None
    control = [Decimal(row["value"]) for row in rows if row["value_type"] == "control"]
    return Limits(Decimal(fitting[0]["value"]), control[0] if control else None, fitting[0])


def _holds(band: str, ph: Decimal) -> bool:
    """Whether a pH lies in a band such as `5.5<pH<=6.5`; the upper bound belongs to the band."""
    if band == "all":
        return True
    if band.startswith("pH<="):
        return ph <= Decimal(band.removeprefix("pH<="))
    if band.startswith("pH>"):
        return ph > Decimal(band.removeprefix("pH>"))
    low, high = band.split("<pH<=")
    return Decimal(low) < ph <= Decimal(high)
