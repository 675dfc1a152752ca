"""What a subject offers: its name, its standards, the data it reads, its formula, and sample data with known truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from sizhang.calculators.form.result import Result
from sizhang.calculators.form.schema import Schema
from sizhang.core.errors import InputError, Words

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked


@dataclass(frozen=True, slots=True)
class Options:
    """What a question adds to the data.

    Attributes:
        year: the year that is judged; None takes the data's only year.
        edition: the edition of the standard that was asked for.
        promised_on: the day of the promise; the edition in force then is used.
        settings: figures that no standard gives, by name (`--set NAME=VALUE`), checked against the calculator's `settings`.
    """

    year: int | None = None
    edition: str | None = None
    promised_on: date | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    def find_number(self, name: str) -> Decimal | None:
        """A setting as an exact number; None where it was not given.

        Raises:
            InputError: it is no number.
        """
        if name not in self.settings:
            return None
        try:
            return Decimal(self.settings[name])
        except InvalidOperation as error:
            raise InputError(
                Words(f"{name} 写的是“{self.settings[name]}”，不是数。", f"{name} is “{self.settings[name]}”, which is no number."),
                remedy=Words(f"请写成 --set {name}=1.5。", f"Give it as --set {name}=1.5."),
            ) from error


@dataclass(frozen=True, slots=True)
class Setting:
    """A figure that the standard leaves open and the user gives."""

    name: str
    title: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """Synthetic data with their truth.

    Attributes:
        files: text of each CSV file by its name.
        truth: the values that a right calculation gives, by the names of `Result.values`.
        options: what the calculation must be asked with.
    """

    files: Mapping[str, str]
    truth: Mapping[str, Decimal | int | str | None]
    options: Options = field(default_factory=Options)


@dataclass(frozen=True, slots=True)
class Calculator:
    """A published formula from tables of data to a `Result`.

    Attributes:
        title: Chinese, then English.
        standards: codes with edition and clause.
        compute: pure: the same data and options give the same result.
        sample: takes a seed; the same seed gives the same data.
    """

    name: str
    title: str
    standards: tuple[str, ...]
    inputs: tuple[Schema, ...]
    compute: Callable[[Mapping[str, Checked], Options], Result]
    sample: Callable[[int], Sample]
    settings: tuple[Setting, ...] = ()

    def check_options(self, options: Options) -> None:
        """See that every setting is one of this calculator's.

        Raises:
            InputError: one is not.
        """
        known = [setting.name for setting in self.settings]
        for name in options.settings:
            if name not in known:
                raise InputError(
                    Words(f"算法 {self.name} 没有参数“{name}”。", f"{self.name} has no setting “{name}”."),
                    remedy=Words(f"请写这些之一：{'、'.join(known)}。", f"Take one of: {', '.join(known)}.")
                    if known
                    else Words("它没有参数，请去掉 --set。", "It has no settings: leave --set out."),
                )


def settings_of(calculator: Calculator, options: Options) -> Options:
    """The options with the calculator's own defaults filled in."""
    defaults = {s.name: s.default for s in calculator.settings if s.default}
    return Options(options.year, options.edition, options.promised_on, {**defaults, **options.settings})


def run_calculator(calculator: Calculator, data: tuple[str, ...], options: Options) -> Result:
    """Read the data, check it, compute.

    Args:
        data: paths, or `TABLE=PATH`.
    """
    from sizhang.calculators.form.inputs import read_inputs

    calculator.check_options(options)
    return calculator.compute(read_inputs(calculator.inputs, data), settings_of(calculator, options))
