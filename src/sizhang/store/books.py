"""Questions over the whole ledger, answered from its columns: balances at a date, and tables by period.

A `Books` sees the ledger as it stood when it was made; make it again (`refresh`) to see what was booked since. Sums are 64-bit whole
numbers; where a bound shows that a sum could be larger, it is taken in two halves and put together as Python's own integers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from sizhang.core.ledger import Balance
from sizhang.core.period import Level, Period, period_of
from sizhang.store.chain import day_number, day_of, instant_number
from sizhang.store.columns import CHANGES, MOVES, load_columns
from sizhang.store.connection import Store
from sizhang.store.reading import By, Line, PromiseInfo, by_number, group_key, instant_at, read_promises

if TYPE_CHECKING:
    import numpy as np

_INT64: Final = 2**63 - 1
# Cells of a table that is held whole: 64 MB. Larger ones are held by their cells that are not empty.
_DENSE_MAX: Final = 8_000_000


class Group(NamedTuple):
    """What one row of a table counts."""

    key: str
    unit: str
    decimals: int


class Moved(NamedTuple):
    """What moved in one period for one group, in steps; `steps` follows `MOVES`."""

    period: Period
    group: Group
    steps: tuple[int, ...]

    @property
    def promised(self) -> int:
        """Opened and amended, up less down."""
        opened, up, down, surplus = (self.steps[MOVES.index(name)] for name in ("open", "amend up", "amend down", "surplus"))
        return opened + up + surplus - down

    @property
    def claimed(self) -> int:
        """Claimed, less what was rejected or ran out."""
        return self.steps[1] - self.steps[3] - self.steps[4]

    @property
    def verified(self) -> int:
        """Verified."""
        return self.steps[2]

    @property
    def settled(self) -> int:
        """Settled, less what was reopened."""
        return self.steps[5] - self.steps[6]


class PeriodTable:
    """A table by period and group: every cell in which something moved."""

    def __init__(self, periods: tuple[Period, ...], groups: list[Group], cells: np.ndarray, sums: np.ndarray) -> None:
        self.periods = periods
        self.groups = groups
        # Numbers of the cells (group · periods + period) and for each the sums by move.
        self.cells = cells
        self.sums = sums

    def rows(self) -> Iterator[Moved]:
        """The cells, by period and then by group; of promises that differ in their step alone the sum, in the finest step."""
        import numpy as np

        groups, cells, sums = self._summed()
        count = len(self.periods)
        order = np.lexsort((cells // count, cells % count))
        for cell, steps in zip(cells[order].tolist(), sums[order].tolist(), strict=True):
            yield Moved(self.periods[cell % count], groups[cell // count], tuple(steps))

    def _summed(self) -> tuple[list[Group], np.ndarray, np.ndarray]:
        """Groups, cells and sums, those of the same key and unit in one."""
        import numpy as np

        finest: dict[tuple[str, str], Group] = {}
        for group in self.groups:
            finest[group.key, group.unit] = max(finest.get((group.key, group.unit), group), group)
        if len(finest) == len(self.groups) or not self.cells.size:
            return self.groups, self.cells, self.sums
        place = {names: at for at, names in enumerate(finest)}
        factors = [10 ** (finest[group.key, group.unit].decimals - group.decimals) for group in self.groups]
        # Python's own integers where the sum of all that may come into one cell could pass 64 bits.
        fits = max(map(abs, (int(self.sums.max()), int(self.sums.min())))) * sum(factors) <= _INT64
        sums = self.sums if fits else self.sums.astype(object)
        rows, count = self.cells // len(self.periods), len(self.periods)
        moved = np.array([place[group.key, group.unit] for group in self.groups])[rows] * count + self.cells % count
        cells, where = np.unique(moved, return_inverse=True)
        out = np.zeros((cells.size, sums.shape[1]), dtype=sums.dtype)
        np.add.at(out, where, sums * np.array(factors, dtype=sums.dtype)[rows][:, None])
        return list(finest.values()), cells, out


class Books:
    """The whole ledger as it stood at one moment, in memory."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.refresh()

    def refresh(self) -> None:
        """See what was booked and registered since."""
        for name in ("_sorted", "_day_index", "_first_day", "_bound"):
            self.__dict__.pop(name, None)
        self.columns = load_columns(self.store)
        self.promises = read_promises(self.store)
        self._size = max((promise.id for promise in self.promises), default=0) + 1
        self._keys: dict[str, tuple[np.ndarray, list[Group]]] = {}
        self._period_index: dict[Level, tuple[np.ndarray, tuple[Period, ...]]] = {}

    def balances(self, *, on: date | None = None, known_at: date | datetime | None = None) -> list[Line]:
        """What stood for each promise, by number; those without an entry until then are left out."""
        import numpy as np

        chosen = self._chosen(on, known_at)
        promise, move, steps = (a if chosen is None else a[chosen] for a in (self.columns.promise, self.columns.move, self.columns.steps))
        width = len(MOVES)
        keys = promise.astype(np.intp) * width + move
        sums = self._sums(keys, steps, self._size * width).reshape(self._size, width)
        standing = sums @ np.array(CHANGES, sums.dtype)
        seen = np.zeros(self._size, bool)
        seen[promise] = True
        rows = standing.tolist()
        return [Line(p.number, p.title, p.unit, p.decimals, Balance(*rows[p.id])) for p in self.promises if seen[p.id]]

    def balance_at(self, number: str, on: date) -> list[Line]:
        """What stood for one promise and its children at the end of a day, by number: a few look-ups, whatever the ledger holds."""
        import numpy as np

        first, days, before = self._sorted
        day = day_number(on)
        lines = []
        for promise in self._of_number(number):
            low, high = int(first[promise.id]), int(first[promise.id + 1])
            end = low + int(np.searchsorted(days[low:high], day, "right"))
            if end > low:
                # Sums run over the whole ledger and may wrap around; their differences are exact.
                standing = Balance(*(before[end] - before[low]).tolist())
                lines.append(Line(promise.number, promise.title, promise.unit, promise.decimals, standing))
        return lines

    def table(self, level: Level, by: By | None = None, *, on: date | None = None, known_at: date | datetime | None = None) -> PeriodTable:
        """What moved in each period, by group and unit (by unit alone where `by` is None).

        Args:
            level: how long the periods are.
            by: what is summed up together.
            on: only what is about that day or earlier.
            known_at: only what was recorded until then.
        """
        import numpy as np

        chosen = self._chosen(on, known_at)
        promise, move, steps, day = (
            a if chosen is None else a[chosen] for a in (self.columns.promise, self.columns.move, self.columns.steps, self._day_index)
        )
        group_of, groups = self._groups(by)
        period_of_day, periods = self._periods(level)
        width, cells = len(MOVES), len(groups) * len(periods)
        # One 64-bit key for each entry, made in place: group, period, move.
        keys = np.take(group_of, promise)
        keys *= len(periods)
        keys += np.take(period_of_day, day)
        keys *= width
        keys += move
        if cells * width <= _DENSE_MAX:
            sums = self._sums(keys, steps, cells * width).reshape(cells, width)
            held = np.flatnonzero((sums != 0).any(axis=1))
            return PeriodTable(periods, groups, held, sums[held])
        held, place = np.unique(keys // width, return_inverse=True)
        sums = self._sums(place * width + keys % width, steps, held.size * width).reshape(held.size, width)
        return PeriodTable(periods, groups, held, sums)

    def _chosen(self, on: date | None, known_at: date | datetime | None) -> np.ndarray | None:
        chosen = None
        if on is not None:
            chosen = self.columns.day <= day_number(on)
        if known_at is not None:
            known = self.columns.recorded_at <= instant_number(instant_at(known_at))
            chosen = known if chosen is None else chosen & known
        return chosen

    def _sums(self, keys: np.ndarray, steps: np.ndarray, size: int) -> np.ndarray:
        """The sum of steps for each key: int64, or Python's integers where int64 might not hold it."""
        import numpy as np

        if self._bound <= _INT64:
            sums = np.zeros(size, np.int64)
            np.add.at(sums, keys, steps)
            return sums
        low, high = np.zeros(size, np.int64), np.zeros(size, np.int64)
        np.add.at(low, keys, steps & 0xFFFFFFFF)
        np.add.at(high, keys, steps >> 32)
        whole: np.ndarray = (high.astype(object) << 32) + low.astype(object)
        return whole

    @cached_property
    def _bound(self) -> int:
        """No sum of these entries is larger, nor a sum over several moves."""
        return int(self.columns.steps.max()) * self.columns.size if self.columns.size else 0

    @cached_property
    def _day_index(self) -> np.ndarray:
        """For each entry the days since the first day of the ledger."""
        days: np.ndarray = self.columns.day - self._first_day
        return days

    @cached_property
    def _first_day(self) -> int:
        return int(self.columns.day.min()) if self.columns.size else 0

    def _groups(self, by: By | None) -> tuple[np.ndarray, list[Group]]:
        """For each promise id the place of its group, and the groups by name."""
        import numpy as np

        if (name := by or "") not in self._keys:
            of = {p.id: Group(group_key(p, by) if by else "", p.unit, p.decimals) for p in self.promises}
            groups = sorted(set(of.values()))
            place = {group: at for at, group in enumerate(groups)}
            array = np.zeros(self._size, np.int64)
            for number, group in of.items():
                array[number] = place[group]
            self._keys[name] = (array, groups)
        return self._keys[name]

    def _periods(self, level: Level) -> tuple[np.ndarray, tuple[Period, ...]]:
        """For each day of the ledger the place of its period, and the periods in order."""
        import numpy as np

        if level not in self._period_index:
            days = range(self._first_day, int(self.columns.day.max()) + 1) if self.columns.size else range(0)
            periods: list[Period] = []
            place = np.zeros(len(days), np.int64)
            for at, number in enumerate(days):
                day = day_of(number)
                if not periods or day > periods[-1].end:
                    periods.append(period_of(day, level))
                place[at] = len(periods) - 1
            self._period_index[level] = (place, tuple(periods))
        return self._period_index[level]

    def _of_number(self, number: str) -> Iterator[PromiseInfo]:
        """A promise and its children."""
        at = bisect_left(self.promises, number, key=by_number)
        if self.promises[at : at + 1] and self.promises[at].number == number:
            yield self.promises[at]
        first = bisect_left(self.promises, number + ".", key=by_number)
        yield from self.promises[first : bisect_left(self.promises, number + "/", key=by_number)]

    @cached_property
    def _sorted(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where the entries of each promise begin, their days in order, and the running sums by stage before each of them."""
        import numpy as np

        columns = self.columns
        order = np.lexsort((columns.day, columns.promise))
        first = np.searchsorted(columns.promise[order], np.arange(self._size + 1))
        before = np.zeros((columns.size + 1, 5), np.int64)
        np.cumsum(np.array(CHANGES, np.int64)[columns.move[order]] * columns.steps[order, None], axis=0, out=before[1:])
        return first, columns.day[order], before
