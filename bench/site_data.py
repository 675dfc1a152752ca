"""The city of bench/site.py: promises divided over counties, each part planned, claimed and verified through the year up to today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

from ledger_data import NONE

from sizhang.cadence.curves import even, window_of
from sizhang.cadence.plan import cell_of, make_plan, xun_of
from sizhang.core.ledger import VERBS, Entry, Stage, Verb
from sizhang.store.connection import Store, open_store
from sizhang.store.writing import append

BATCH: Final = 10_000
TODAY: Final = date.today()
YEAR: Final = TODAY.year
DOMAINS: Final = ("rural", "urban", "ecology", "education", "health")
CHECKER: Final = 3
OFFICE: Final = "市政府督查室"


@dataclass(frozen=True)
class City:
    """How large it is, and what its parts are called."""

    promises: int
    counties: int
    entries: int
    reporters: int

    @property
    def bodies(self) -> list[str]:
        """The office, the body that verifies, and the counties."""
        return [OFFICE, "市统计局", *(f"县{at:02d}" for at in range(self.counties))]

    @property
    def people(self) -> list[tuple[str, str, int]]:
        """Name, roles and body of everybody; the reporters are spread over the counties."""
        office = [("督查员", "keeper recorder", 1), ("核查员", "verifier", 2)]
        return office + [(f"填报人{at:03d}", "reporter", 3 + at % self.counties) for at in range(self.reporters)]

    @property
    def wholes(self) -> list[str]:
        """The promises of the city."""
        return [f"{YEAR}-{at:03d}" for at in range(1, self.promises + 1)]

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The part of each county in each promise, with the county's place."""
        return [(f"{whole}.{county + 1:02d}", county) for whole in self.wholes for county in range(self.counties)]

    def pledge(self, place: int) -> int:
        """Steps promised on a part: what is delivered of it lies between two fifths and all."""
        return 100_000 + 37 * (place * 7919 % 4_000)


def fill(url: str, city: City) -> None:
    """Enter the city, then its entries and plans in bulk."""
    with open_store(url) as store:
        _enter(store, city)
        delivered = _book(store, city)
        _plan(store, city, delivered)
        store.execute("ANALYZE")
        store.raw.commit()


def _enter(store: Store, city: City) -> None:
    columns = "number, year, title, measure, unit, decimals, domain, kind, strength, deadline, body_id, parent_id, target"
    sql = f"INSERT INTO promise ({columns}) VALUES (%s, {YEAR}, %s, 'amount', '亩', 2, %s, 'quantity', 'plan', '', %s, %s, '')"
    with store.writing():
        store.execute_many("INSERT INTO body (name, place) VALUES (%s, '')", [(name,) for name in city.bodies])
        store.execute_many("INSERT INTO person (name, roles, body_id) VALUES (%s, %s, %s)", city.people)
        titles = {whole: f"新建高标准农田第{at}片" for at, whole in enumerate(city.wholes)}
        domains = {whole: DOMAINS[at % len(DOMAINS)] for at, whole in enumerate(city.wholes)}
        store.execute_many(sql, [(whole, titles[whole], domains[whole], 1, None) for whole in city.wholes])
        ids = dict(store.rows("SELECT number, id FROM promise"))
        rows = []
        for number, county in city.parts:
            whole = number.partition(".")[0]
            rows.append((number, f"{titles[whole]}（{city.bodies[2 + county]}）", domains[whole], 3 + county, ids[whole]))
        store.execute_many(sql, rows)


def _entry(client_id: str, number: str, verb: Verb, steps: int, on: date, clerk: tuple[str, str]) -> Entry:
    rule = VERBS[verb]
    text = {"verify": "现场看过", "amend": "分给各县"}.get(verb, "")
    ways = (Stage.PROMISED, Stage.PLEDGE) if verb == "amend" else (rule.source, rule.target)
    return Entry(client_id, number, verb, *ways, steps, on, NONE, *clerk, text)


def _book(store: Store, city: City) -> dict[str, list[int]]:
    """Book everything; gives what was delivered in each 旬 by part."""
    keeper = ("督查员", OFFICE)
    first = date(YEAR, 1, 1)
    whole = [_entry(f"open {number}", number, "open", 10**6, first, keeper) for number in city.wholes]
    divided = [_entry(f"divide {number}", number, "amend", 10**6, first, keeper) for number in city.wholes]
    parts = [_entry(f"open {number}", number, "open", city.pledge(at), first, keeper) for at, (number, _county) in enumerate(city.parts)]
    opened = [*whole, *divided, *parts]
    _append(store, opened)
    delivered = {number: [0] * len(xun_of(YEAR)) for number, _county in city.parts}
    _append(store, islice(_year(city, city.entries - len(opened), delivered), city.entries - len(opened)))
    return delivered


def _year(city: City, count: int, delivered: dict[str, list[int]]) -> Iterator[Entry]:
    """Claims round by round over the days of the year, every third round followed by verifications of the one before."""
    first, parts = date(YEAR, 1, 1), city.parts
    rounds = -(-count // len(parts))
    for turn in range(rounds):
        on = first + timedelta(days=(TODAY - first).days * turn // rounds)
        check = turn % CHECKER == CHECKER - 1
        for at, (number, county) in enumerate(parts):
            steps = 60_000 // rounds + at * turn % 997 // 10 + 1
            if check:
                yield _entry(f"verify {turn} {at}", number, "verify", 60_000 // rounds, on, ("核查员", "市统计局"))
            else:
                delivered[number][cell_of(on)] += steps
                clerk = (f"填报人{county:03d}", city.bodies[2 + county])
                yield _entry(f"claim {turn} {at}", number, "claim", steps, on, clerk)


def _append(store: Store, entries: Any) -> None:
    """Append in batches, each a transaction of its own."""
    for batch in batches(entries):
        with store.writing():
            append(store, batch)


def batches(rows: Any) -> Iterator[Sequence[Any]]:
    """Rows in pieces of one size."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _plan(store: Store, city: City, delivered: dict[str, list[int]]) -> None:
    """Plan every part evenly, with the 旬 that have ended closed."""
    weights = even(window_of(YEAR))
    closed = sum(period.end < TODAY for period in xun_of(YEAR))
    ids = dict(store.rows("SELECT number, id FROM promise"))
    plans, tracks = [], []
    for at, (number, _county) in enumerate(city.parts):
        made = make_plan(YEAR, city.pledge(at), weights)
        cells, spread = (",".join(map(str, numbers)) for numbers in (made.cells, made.weights))
        plans.append((ids[number], "even", "", cells, spread, 0, "", 1, 0))
        tracks.append((ids[number], cells, spread, ",".join(map(str, delivered[number][:closed])), closed))
    closings = [
        (ids[number], period.key, delivered[number][place], 1, 1, 0)
        for place, period in enumerate(xun_of(YEAR)[:closed])
        for number, _county in city.parts
    ]
    with store.writing():
        _copy(store, "plan (promise_id, curve, settings, cells, weights, reserve, reason, person_id, recorded_at)", plans)
        by_promise = dict(store.rows("SELECT promise_id, id FROM plan"))
        rows = [(*track, by_promise[track[0]]) for track in tracks]
        _copy(store, "track (promise_id, cells, weights, delivered, closed, plan_id)", rows)
        _copy(store, "closing (promise_id, period, delivered, seq, person_id, recorded_at)", closings)


def _copy(store: Store, table: str, rows: Sequence[Sequence[object]]) -> None:
    with store.raw.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
