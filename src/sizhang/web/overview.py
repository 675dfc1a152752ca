"""Every promise with its balance, light and row, kept in this process and brought up to date by what was booked since.

A page asks one short question: which entry is the last, and have plans, closings or promises changed? Where only entries were added, the
promises that they move are read anew and all else is taken over, so that a page costs the same with a hundred entries and with a million.
An overview is never changed after it was made, but for what is computed of it at its first use; threads may share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple

from sizhang.core.day import this_day
from sizhang.core.ledger import Balance
from sizhang.store.cadence_plans import COUNTS
from sizhang.store.connection import Store
from sizhang.store.reading import PromiseInfo, read_promises
from sizhang.web.lights import Light, compute_lights_among, compute_lights_of, day_of_year
from sizhang.web.rows import Row, balances_of, families_of, make_row
from sizhang.web.sentences import Quotation, find_quotation

_KEPT_MOST: Final = 8
# With more entries than this all is read anew.
_FOLLOWED_MOST: Final = 20_000
# What is computed of the promises alone, and stays with them.
_FOLLOWED: Final = ("years", "families", "row_numbers", "by_top")
_VERSION: Final = (
    "SELECT h.seq, h.hash, (SELECT COALESCE(MAX(id), 0) FROM plan), (SELECT COALESCE(MAX(id), 0) FROM closing), "
    "(SELECT COALESCE(MAX(id), 0) FROM assignment), (SELECT COALESCE(MAX(id), 0) FROM promise), "
    f"(SELECT COALESCE(MAX(value), '') FROM setting WHERE name = '{COUNTS}'), "
    "(SELECT COALESCE(SUM(seq), 0) FROM mark WHERE name = 'public') FROM head h WHERE h.id = 1"
)


class Version(NamedTuple):
    """What changes whenever a page may: number and hash of the last entry; the rest, with what the office shows, changes seldom."""

    seq: int
    hash: str
    rest: tuple[object, ...]


@dataclass(frozen=True)
class Overview:
    """The whole ledger as the pages show it.

    Attributes:
        promises, balances: by number, in its order.
        lights: by year and number; a year that nobody has asked for is missing.
        rows: by year and number, with those of which nothing is promised now.
        own: the row of each promise without its parts, by number, of those that were asked for.
        quotations: the sentences of the promises whose pages were asked for.
    """

    version: Version
    on: date
    promises: Mapping[str, PromiseInfo]
    balances: Mapping[str, Balance]
    lights: dict[int, Mapping[str, Light]] = field(default_factory=dict)
    rows: dict[int, Mapping[str, Row]] = field(default_factory=dict)
    own: dict[str, Row] = field(default_factory=dict)
    quotations: dict[str, Quotation | None] = field(default_factory=dict)

    @cached_property
    def years(self) -> list[int]:
        """The years of the promises, the latest first."""
        return sorted({one.year for one in self.promises.values()}, reverse=True)

    @cached_property
    def families(self) -> Mapping[str, list[PromiseInfo]]:
        """The promises that are counted in one row, by the number of the row."""
        return families_of(self.promises.values())

    @cached_property
    def by_top(self) -> Mapping[str, list[PromiseInfo]]:
        """The promises by the number of the one from which they were split in the end."""
        out: dict[str, list[PromiseInfo]] = {}
        for number, one in self.promises.items():
            out.setdefault(number.partition(".")[0], []).append(one)
        return out

    def with_parts(self, number: str) -> list[PromiseInfo]:
        """A promise and its parts, by number."""
        held = self.by_top.get(number.partition(".")[0], [])
        return [one for one in held if one.number == number or one.number.startswith(f"{number}.")]

    @cached_property
    def row_numbers(self) -> Mapping[str, str]:
        """In which row each promise is counted."""
        return {one.number: number for number, family in self.families.items() for one in family}


def version_of(store: Store) -> Version:
    """The version of the ledger now."""
    seq, digest, *rest = store.rows(_VERSION)[0]
    return Version(int(seq), bytes(digest).hex(), tuple(rest))


_held: dict[str, Overview] = {}


def overview_of(store: Store, version: Version | None = None) -> Overview:
    """The overview of the ledger as it stands; `version` where it was asked for already."""
    version = version or version_of(store)
    held = _held.get(store.url)
    if held is not None and held.version == version and held.on == this_day():
        return held
    made = (_follow(store, held, version) if held is not None else None) or _load(store, version)
    if not store.rehearsing:
        if len(_held) >= _KEPT_MOST:
            _held.clear()
        _held[store.url] = made
    return made


def _load(store: Store, version: Version) -> Overview:
    promises = {one.number: one for one in read_promises(store)}
    return Overview(version, this_day(), promises, balances_of(store))


def _follow(store: Store, held: Overview, version: Version) -> Overview | None:
    """The overview after the entries that were added; None where more than that has changed."""
    if held.on != this_day() or held.version.rest != version.rest or not 0 <= version.seq - held.version.seq <= _FOLLOWED_MOST:
        return None
    last = store.rows("SELECT hash FROM entry WHERE seq = %s", [held.version.seq])
    if (bytes(last[0][0]).hex() if last else "") != (held.version.hash if held.version.seq else ""):
        return None
    moved = store.rows(
        "SELECT p.number, p.id, b.promised, b.claimed, b.verified, b.settled, b.surplus FROM promise p JOIN balance b "
        "ON b.promise_id = p.id WHERE p.id IN (SELECT DISTINCT promise_id FROM entry WHERE seq > %s)",
        [held.version.seq],
    )
    balances = {**held.balances, **{number: Balance(*map(int, stages)) for number, _id, *stages in moved}}
    lights = _followed_lights(store, held, {number: int(held_id) for number, held_id, *_stages in moved})
    made = Overview(version, held.on, held.promises, balances, lights, quotations=held.quotations)
    made.__dict__.update({name: held.__dict__[name] for name in _FOLLOWED if name in held.__dict__})
    gone = {number for number, *_rest in moved}
    made.own.update((number, row) for number, row in held.own.items() if number not in gone)
    for year, rows in held.rows.items():
        own = [number for number in gone if held.promises[number].year == year]
        if not own:
            made.rows[year] = rows
        elif year in lights:
            made.rows[year] = {**rows, **_rows_of(made, {made.row_numbers[number] for number in own}, lights[year])}
    return made


def _followed_lights(store: Store, held: Overview, moved: Mapping[str, int]) -> dict[int, Mapping[str, Light]]:
    """The lights of the years that were asked for, those of the promises that moved anew; a past year that moved is computed when asked."""
    out: dict[int, Mapping[str, Light]] = {}
    for year, lights in held.lights.items():
        ids = [moved[number] for number in moved if held.promises[number].year == year]
        if not ids:
            out[year] = lights
        elif day_of_year(year) >= held.on:
            out[year] = {**lights, **compute_lights_among(store, day_of_year(year), ids)}
    return out


def _rows_of(overview: Overview, numbers: Iterable[str], lights: Mapping[str, Light]) -> dict[str, Row]:
    return {number: make_row(overview.families[number], overview.balances, lights) for number in numbers}


def quotation_of(store: Store, overview: Overview, number: str) -> Quotation | None:
    """The sentence from which a promise was opened, which never changes."""
    if number not in overview.quotations:
        overview.quotations[number] = find_quotation(store, number)
    return overview.quotations[number]


def lights_of(store: Store, year: int, version: Version | None = None) -> Mapping[str, Light]:
    """The lights of all planned promises of a year by number."""
    overview = overview_of(store, version)
    if year not in overview.lights:
        overview.lights[year] = compute_lights_of(store, day_of_year(year))
    return overview.lights[year]


def rows_of_year(store: Store, year: int, version: Version | None = None) -> list[Row]:
    """The rows of a year by number, of what is promised now."""
    overview = overview_of(store, version)
    if year not in overview.rows:
        numbers = [number for number, family in overview.families.items() if family[0].year == year]
        overview.rows[year] = _rows_of(overview, numbers, lights_of(store, year, overview.version))
    return [row for row in overview.rows[year].values() if row.balance.pledge]


def own_rows(store: Store, version: Version | None = None) -> list[Row]:
    """Every promise and every part of one as a row of its own, by number, of what is promised now."""
    overview = overview_of(store, version)
    if len(overview.own) < len(overview.promises):
        lights = {year: lights_of(store, year, overview.version) for year in overview.years}
        made = {
            number: overview.own.get(number) or make_row([one], overview.balances, lights[one.year])
            for number, one in overview.promises.items()
        }
        overview.own.update(made)
        return [row for row in made.values() if row.balance.pledge]
    return [row for row in overview.own.values() if row.balance.pledge]
