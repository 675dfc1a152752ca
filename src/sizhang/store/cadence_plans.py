"""Plans and closings as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from sizhang.store.chain import day_number, instant_number
from sizhang.store.connection import Store
from sizhang.store.records import insert

COUNTS: Final = "cadence_counts"
# What counts as delivered: what was claimed and stands, or only what was verified.
STAGES_COUNTED: Final = {"claimed": (2, 3, 4), "verified": (3, 4)}


class TrackRow(NamedTuple):
    """A planned promise.

    Attributes:
        cells, weights, delivered: numbers separated by commas.
        closed: how many 旬 are closed.
        total: steps delivered now.
        promised: all steps promised.
    """

    promise_id: int
    number: str
    year: int
    title: str
    unit: str
    decimals: int
    body: str
    domain: str
    plan_id: int
    cells: str
    weights: str
    delivered: str
    closed: int
    total: int
    promised: int


class PlanRow(NamedTuple):
    """A plan as it was recorded."""

    id: int
    curve: str
    settings: str
    cells: str
    weights: str
    reserve: int
    reason: str
    recorded_at: int


def numbers_of(text: str) -> tuple[int, ...]:
    """Numbers separated by commas."""
    return tuple(map(int, text.split(","))) if text else ()


def text_of(numbers: Iterable[int]) -> str:
    """Numbers as they are kept."""
    return ",".join(map(str, numbers))


def load_tracks(
    store: Store, *, year: int | None = None, body: str = "", promise: str = "", counts: str = "claimed", others: bool = False
) -> list[TrackRow]:
    """Planned promises by number; those of a year, of a body, or one with its parts.

    Args:
        counts: `claimed` or `verified`: what stands as delivered.
        others: the years that are not `year`.
    """
    where, values = ["1 = 1"], list[object]()
    if year is not None:
        where.append(f"p.year {'<>' if others else '='} %s")
        values.append(year)
    if body:
        where.append("b.name = %s")
        values.append(body)
    if promise:
        where.append("(p.number = %s OR p.number LIKE %s)")
        values += [promise, f"{promise}.%"]
    sql = f"{_tracks_sql(counts)} WHERE {' AND '.join(where)}"
    return sorted((TrackRow(*row) for row in store.rows(sql, values)), key=lambda row: row.number)


def load_tracks_among(store: Store, promise_ids: Sequence[int], counts: str) -> list[TrackRow]:
    """The planned ones of some promises."""
    return [TrackRow(*row) for row in store.rows_among(f"{_tracks_sql(counts)} WHERE p.id {{among}}", promise_ids)]


def _tracks_sql(counts: str) -> str:
    total = "a.verified + a.settled" + (" + a.claimed" if counts == "claimed" else "")
    return (
        "SELECT p.id, p.number, p.year, p.title, p.unit, p.decimals, b.name, p.domain, t.plan_id, t.cells, t.weights, t.delivered, "
        f"t.closed, {total}, a.promised + a.claimed + a.verified + a.settled FROM track t JOIN promise p ON p.id = t.promise_id "
        "JOIN body b ON b.id = p.body_id JOIN balance a ON a.promise_id = p.id"
    )


def load_plans(store: Store, promise_id: int) -> list[PlanRow]:
    """All plans of a promise, the last one in force."""
    sql = "SELECT id, curve, settings, cells, weights, reserve, reason, recorded_at FROM plan WHERE promise_id = %s ORDER BY id"
    return [PlanRow(*row) for row in store.rows(sql, [promise_id])]


def insert_plan(store: Store, promise_id: int, plan: PlanRow, person_id: int) -> int:
    """Record a plan and put it in force; what was closed stays closed."""
    columns = "promise_id, curve, settings, cells, weights, reserve, reason, person_id, recorded_at"
    row = (promise_id, plan.curve, plan.settings, plan.cells, plan.weights, plan.reserve, plan.reason, person_id, plan.recorded_at)
    number = int(insert(store, "plan", columns, [row])[0]["id"])
    values = [number, plan.cells, plan.weights, promise_id]
    if store.rows("SELECT 1 FROM track WHERE promise_id = %s", [promise_id]):
        store.execute("UPDATE track SET plan_id = %s, cells = %s, weights = %s WHERE promise_id = %s", values)
    else:
        store.execute("INSERT INTO track (plan_id, cells, weights, promise_id, delivered, closed) VALUES (%s, %s, %s, %s, '', 0)", values)
    return number


def insert_closings(store: Store, period: str, rows: Sequence[tuple[TrackRow, int]], person_id: int) -> None:
    """Close a 旬 of each track with what was delivered in it."""
    seq = int(store.rows("SELECT seq FROM head WHERE id = 1")[0][0])
    now = now_number()
    columns = "promise_id, period, delivered, seq, person_id, recorded_at"
    insert(store, "closing", columns, [(track.promise_id, period, steps, seq, person_id, now) for track, steps in rows])
    store.execute_many(
        "UPDATE track SET delivered = %s, closed = %s WHERE promise_id = %s",
        [(",".join(filter(None, (track.delivered, str(steps)))), track.closed + 1, track.promise_id) for track, steps in rows],
    )


def totals_until(store: Store, day: date, counts: str) -> dict[int, int]:
    """Steps delivered until the end of a day, by the promise's id; promises without any are left out."""
    stages = ", ".join(map(str, STAGES_COUNTED[counts]))
    sql = (
        f"SELECT e.promise_id, SUM(CASE WHEN e.target IN ({stages}) AND e.source NOT IN ({stages}) THEN e.steps "
        f"WHEN e.source IN ({stages}) AND e.target NOT IN ({stages}) THEN -e.steps ELSE 0 END) "
        "FROM entry e WHERE e.effective_on <= %s GROUP BY e.promise_id"
    )
    return {int(number): int(steps) for number, steps in store.rows(sql, [day_number(day)])}


def closing_rows(store: Store, promise_id: int) -> list[tuple[str, int, int]]:
    """The closings of a promise: period, steps, the last entry known."""
    sql = "SELECT period, delivered, seq FROM closing WHERE promise_id = %s ORDER BY period"
    return [(period, int(steps), int(seq)) for period, steps, seq in store.rows(sql, [promise_id])]


def entries_counted(store: Store, promise_id: int, counts: str) -> list[tuple[int, str, int, int]]:
    """The entries of which the delivered steps consist: number, verb, steps with their sign, day."""
    stages = STAGES_COUNTED[counts]
    rows = store.rows("SELECT seq, verb, source, target, steps, effective_on FROM entry WHERE promise_id = %s ORDER BY seq", [promise_id])
    out = []
    for seq, verb, source, target, steps, day in rows:
        sign = (target in stages) - (source in stages)
        if sign:
            out.append((int(seq), str(verb), sign * int(steps), int(day)))
    return out


def now_number() -> int:
    """This instant, as it is kept."""
    return instant_number(datetime.now(UTC))
