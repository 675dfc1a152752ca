"""Quantities: whole steps of a unit, exact in every conversion.

A quantity is an integer number of steps (亩: 0.01; 元: 0.01; 套: 1), a 64-bit integer on disk and `Decimal` for people. Nothing here is
a float and nothing is rounded: what does not come out in whole steps is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from sizhang.core.errors import LedgerError, Words

STEPS_MAX: Final = 2**63 - 1
_DECIMALS_OF_UNKNOWN: Final = 2


@dataclass(frozen=True, slots=True)
class Unit:
    """A measure unit.

    Attributes:
        symbol: as it is written: 亩, 元, 吨标准煤.
        decimals: decimal places of one step, 0 to 6: 2 means steps of 0.01.
        dimension: what it measures; units of one dimension convert. Empty: it converts to nothing.
        factor: how many base units of its dimension one unit is (m², kg, m, m³, kWh, 元).
    """

    symbol: str
    decimals: int
    dimension: str = ""
    factor: Fraction = Fraction(1)

    @property
    def step(self) -> Decimal:
        """The smallest number of it that can be booked."""
        return Decimal(1).scaleb(-self.decimals)


def _units(rows: str) -> dict[str, Unit]:
    out = {}
    for row in rows.strip().splitlines():
        symbol, decimals, dimension, factor = row.split()
        out[symbol] = Unit(symbol, int(decimals), dimension, Fraction(factor))
    return out


# Area: 15亩 are one hectare (NBS). Mass: two 斤 are one kilogram. Factors to m², kg, m, m³ and kWh are exact.
_TABLE: Final = _units(
    """
    m² 2 area 1
    平方米 2 area 1
    亩 2 area 2000/3
    公顷 4 area 10000
    平方公里 6 area 1000000
    克 2 mass 1/1000
    两 2 mass 1/20
    斤 2 mass 1/2
    公斤 2 mass 1
    千克 2 mass 1
    kg 2 mass 1
    吨 4 mass 1000
    t 4 mass 1000
    米 2 length 1
    里 3 length 500
    公里 4 length 1000
    立方米 2 volume 1
    千瓦时 2 energy 1
    千瓦 2 power 1
    兆瓦 4 power 1000
    元 2 money 1
    """
)
# One promise that is kept or not, one stage of works, one member of a set: counted whole.
ITEM: Final = "事项"
STAGE_UNIT: Final = "节点"
MEMBER_UNIT: Final = "对象"
_COUNTED_WORDS: Final = (
    "事项 节点 对象 "
    "个 家 户 人 名 套 间 套(间) 套（间） 台 辆 部 件 项 所 座 处 条 场 次 人次 张 床 天 例 对 单 批次 组 片 支 只 头 株 棵 本 册 "
    "村 镇 乡 县 区 校 班 院 站 店 街 楼 栋 盏 口 眼 艘 架 列 班次 节 期 届 类 级 大"
)
_COUNTED: Final = frozenset(_COUNTED_WORDS.split())


_MULTIPLIERS: Final = {"万亿": 10**12, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4}
# A unit begins with no sign of a number, so that 1. and 1e5 are no numbers with odd units.
_NUMBER: Final = re.compile(
    # Commas part groups of three digits, or of four; anything else, such as a decimal comma, is no number.
    r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,4}(?:,[0-9]{4})+|[0-9]+)(?:\.[0-9]+)?)"
    r"\s*(万亿|亿|千万|百万|万)?\s*((?:(?![eE][0-9+-])[^0-9.,+\s-].*)?)",
    re.S,
)
_WIDE: Final = {ord(wide): narrow for wide, narrow in zip("０１２３４５６７８９＋－．，", "0123456789+-.,", strict=True)}


def format_number(steps: int, decimals: int) -> str:
    """The exact number of so many steps in plain digits: 30000 steps of 0.01 are `300`, 30050 are `300.5`."""
    sign = "-" if steps < 0 else ""
    whole, part = divmod(abs(steps), 10**decimals)
    return f"{sign}{whole}.{part:0{decimals}d}".rstrip("0") if part else f"{sign}{whole}"


def parse_number(text: str) -> tuple[Decimal, str]:
    """Read a number as people write it, 万 and 亿 multiplied out, and the unit behind it: `10万亩` is 100000 and 亩.

    Raises:
        LedgerError: it begins with no number.
    """
    found = _NUMBER.fullmatch(text.translate(_WIDE).strip())
    if found is None:
        raise LedgerError(
            Words(f"“{text}”不是数。", f"“{text}” is no number."),
            remedy=Words("请写数字，如 300、0.5、1,000 或 10万。", "Write digits, such as 300, 0.5, 1,000 or “10万”."),
        )
    number = Decimal(found[1].replace(",", ""))
    return number * _MULTIPLIERS.get(found[2] or "", 1), found[3].strip()


def split_unit(symbol: str) -> tuple[int, str]:
    """A unit as it is written, its multiplier apart: 万亩 is 10000 and 亩. The ledger keeps no multiplied unit."""
    for word, factor in _MULTIPLIERS.items():
        if symbol.startswith(word) and len(symbol) > len(word):
            return factor, symbol.removeprefix(word)
    return 1, symbol


def get_unit(symbol: str) -> Unit:
    """The unit of that symbol; one that is not in the table keeps two decimals, a counted thing none, and neither converts."""
    if symbol in _TABLE:
        return _TABLE[symbol]
    return Unit(symbol, 0 if symbol in _COUNTED else _DECIMALS_OF_UNKNOWN)


@dataclass(frozen=True, slots=True, order=False)
class Quantity:
    """`steps` of `unit`; negative only as a difference."""

    steps: int
    unit: Unit

    def __post_init__(self) -> None:
        if abs(self.steps) > STEPS_MAX:
            raise LedgerError(
                Words(
                    f"{self.number} {self.unit.symbol}太大，账上记不下：以 {self.unit.step} 为一步，最多 {STEPS_MAX} 步。",
                    f"{self.number} {self.unit.symbol} does not fit into a ledger: at most {STEPS_MAX} steps of {self.unit.step}.",
                ),
                remedy=Words("请换用更大的计量单位。", "Book it in a larger unit."),
            )

    @property
    def number(self) -> Decimal:
        """The number in its unit, exact."""
        return Decimal(self.steps).scaleb(-self.unit.decimals)

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.steps + self._steps_of(other), self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity(self.steps - self._steps_of(other), self.unit)

    def __lt__(self, other: Quantity) -> bool:
        return self.steps < self._steps_of(other)

    def _steps_of(self, other: Quantity) -> int:
        if other.unit != self.unit:
            converts = other.unit.dimension == self.unit.dimension != ""
            raise LedgerError(
                Words(
                    f"“{other.unit.symbol}”和“{self.unit.symbol}”不能相加。",
                    f"{other.unit.symbol} cannot be counted together with {self.unit.symbol}.",
                ),
                remedy=Words(f"请先换算成{self.unit.symbol}。", f"Convert it to {self.unit.symbol} first.")
                if converts
                else Words("请记到它自己的承诺上。", "Book it to its own promise."),
            )
        return other.steps

    def convert(self, unit: Unit) -> Quantity:
        """The same quantity in another unit of its dimension.

        Raises:
            LedgerError: the units measure different things, or the result is no whole number of steps.
        """
        if unit.symbol == self.unit.symbol:
            return self
        if not unit.dimension or unit.dimension != self.unit.dimension:
            raise LedgerError(
                Words(f"“{self.unit.symbol}”不能换算成“{unit.symbol}”。", f"{self.unit.symbol} does not convert to {unit.symbol}."),
                remedy=Words("请用这条承诺的计量单位记。", "Book it in the promise's own unit."),
            )
        exact = Fraction(self.steps, 10**self.unit.decimals) * self.unit.factor / unit.factor * 10**unit.decimals
        if exact.denominator != 1:
            raise LedgerError(
                Words(
                    f"{self.number} {self.unit.symbol}换算后不是 {unit.step} {unit.symbol}的整数倍。",
                    f"{self.number} {self.unit.symbol} is no whole number of steps of {unit.step} {unit.symbol}.",
                ),
                remedy=Words(
                    f"请用{self.unit.symbol}记，或按文件写的{unit.symbol}数填。",
                    f"Book it in {self.unit.symbol}, or give the number in {unit.symbol} as the document states it.",
                ),
            )
        return Quantity(exact.numerator, unit)

    def __str__(self) -> str:
        return f"{self.number:,f} {self.unit.symbol}".strip()


def quantity_of(number: Decimal, unit: Unit) -> Quantity:
    """Make a quantity of an exact number.

    Raises:
        LedgerError: the number is not finite or no whole number of the unit's steps.
    """
    if not number.is_finite():
        raise LedgerError(
            Words(f"{number} 不是能记账的数。", f"{number} is not a number that can be counted."),
            remedy=Words("请写普通数字。", "Give it in plain digits."),
        )
    # A fraction, since a Decimal of many digits would be rounded to the context's precision on the way.
    steps = Fraction(number) * 10**unit.decimals
    if steps.denominator != 1:
        raise LedgerError(
            Words(
                f"{number} {unit.symbol}不是 {unit.step} {unit.symbol}的整数倍，账上记不到这么细。",
                f"{number} {unit.symbol} is no whole number of steps of {unit.step} {unit.symbol}.",
            ),
            remedy=Words(
                "请按文件的写法取整，或换用更小的计量单位。",
                "Round it as the deciding document does, or book it in a smaller unit.",
            ),
        )
    return Quantity(steps.numerator, unit)
