"""Published formulas that turn monitoring or register data into a result that can be held against a promise.

One file (or small package) a subject; none knows another. What they share is in `form`; the standards' tables are CSV files in `tables`.
A subject's module offers `CALCULATORS`, a tuple of `Calculator`; nothing else registers it. It must be quick to import:
heavy libraries are imported inside functions.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from sizhang.calculators.form.calculator import Calculator
from sizhang.core.errors import InputError, Words


@cache
def load_calculators() -> dict[str, Calculator]:
    """Every calculator by its name, in the order of names."""
    found: dict[str, Calculator] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name == "form":
            continue
        for calculator in importlib.import_module(f"{__name__}.{module.name}").CALCULATORS:
            assert calculator.name not in found, calculator.name
            found[calculator.name] = calculator
    return dict(sorted(found.items()))


def get_calculator(name: str) -> Calculator:
    """The calculator of that name.

    Raises:
        InputError: there is none.
    """
    known = load_calculators()
    if name not in known:
        raise InputError(
            Words(f"没有名为“{name}”的算法。", f"There is no calculator “{name}”."),
            remedy=Words(
                f"请写这些之一：{'、'.join(known)}；各要什么数据见 `sizhang calc --list`。",
                f"Take one of: {', '.join(known)}; `sizhang calc --list` tells what each needs.",
            ),
        )
    return known[name]
