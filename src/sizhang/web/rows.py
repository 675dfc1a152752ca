"""Promises as the pages show them: one row a promise, its parts in the same unit added to it, with its light."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _
from markupsafe import Markup

from sizhang.core.ledger import Balance
from sizhang.store.connection import Store
from sizhang.store.reading import PromiseInfo, number_of, read_balances
from sizhang.web.lights import Light

LIGHTS: Final = ("broken", "risk", "recovered", "kept", "")


@dataclass(frozen=True)
class Row:
    """A promise as a row: its balance with that of its parts in the same unit.

    Attributes:
        parts: how many parts are counted in it.
        pieces: the row as a piece of a page, by language, where it was rendered.
    """

    promise: PromiseInfo
    balance: Balance
    parts: int
    light: Light
    pieces: dict[str, Markup] = field(default_factory=dict, compare=False, repr=False)

    @property
    def whole(self) -> Decimal:
        """All that is promised now."""
        return number_of(-self.balance.pledge, self.promise.decimals)

    def number(self, stage: str) -> Decimal:
        """What stands at a stage."""
        return number_of(getattr(self.balance, stage), self.promise.decimals)

    @property
    def light_order(self) -> int:
        """The worst first."""
        return LIGHTS.index(self.light.state)

    @property
    def owed_share(self) -> Decimal:
        """What is not verified yet, as a share of the whole, the greatest first."""
        whole = -self.balance.pledge
        return -Decimal(self.balance.promised + self.balance.claimed) / whole if whole else Decimal(1)

    @cached_property
    def searched(self) -> str:
        """What a search looks in."""
        promise = self.promise
        return f"{promise.number} {promise.title} {promise.body} {promise.place}".lower()


def balances_of(store: Store, number: str = "") -> dict[str, Balance]:
    """The balance of each promise by its number."""
    return {line.key: line.balance for line in read_balances(store, number)}


def make_rows(promises: Iterable[PromiseInfo], balances: Mapping[str, Balance], lights: Mapping[str, Light]) -> list[Row]:
    """Rows by number of what is promised: a part in its whole's unit is counted in the whole's row, another one has a row of its own."""
    rows = (make_row(family, balances, lights) for family in families_of(promises).values())
    return [row for row in rows if row.balance.pledge]


def families_of(promises: Iterable[PromiseInfo]) -> dict[str, list[PromiseInfo]]:
    """Which promises are counted in one row, the one whose number it bears first."""
    out: dict[str, list[PromiseInfo]] = {}
    for promise in promises:
        over = out.get(promise.parent)
        if over is not None and (over[0].measure, over[0].unit) == (promise.measure, promise.unit):
            over.append(promise)
        else:
            out[promise.number] = [promise]
    return out


def make_row(family: Sequence[PromiseInfo], balances: Mapping[str, Balance], lights: Mapping[str, Light]) -> Row:
    """The row of a promise and of those counted in it."""
    lit = [lights[one.number] for one in family if one.number in lights]
    return Row(family[0], _sum([balances.get(one.number, Balance()) for one in family]), len(family) - 1, _worst(lit))


def _worst(lights: Sequence[Light]) -> Light:
    """A whole shows the light of its worst part."""
    return min(lights, key=lambda light: LIGHTS.index(light.state), default=Light())


def _sum(balances: list[Balance]) -> Balance:
    return Balance(*map(sum, zip(*balances, strict=True))) if len(balances) > 1 else balances[0]


def light_name(state: str) -> str:
    """The word beside the shape."""
    names = {"kept": _("守住"), "risk": _("有险"), "broken": _("失守"), "recovered": _("补回"), "": _("未计划")}
    return names[state]


def domain_name(domain: str) -> str:
    """A domain as the pages call it; itself where the ledger's own word is unknown."""
    return {
        "economy": _("经济"),
        "industry": _("产业"),
        "science": _("科技人才"),
        "reform": _("改革开放"),
        "rural": _("农业农村"),
        "urban": _("城乡建设"),
        "ecology": _("生态环境"),
        "education": _("教育"),
        "health": _("卫生健康"),
        "employment": _("就业和社会保障"),
        "culture": _("文化旅游"),
        "safety": _("公共安全"),
        "government": _("政府自身建设"),
        "": _("未分领域"),
    }.get(domain, domain)


def kind_name(kind: str) -> str:
    """A kind as the pages call it."""
    names = {"quantity": _("数量"), "milestone": _("节点"), "coverage": _("覆盖"), "action": _("事项"), "": _("其他")}
    return names.get(kind, kind)


def place_name(place: str) -> str:
    """A place by its code; the whole city where none is given."""
    return place or _("全市")
