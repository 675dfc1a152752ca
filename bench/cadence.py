"""Time cadence: plans planned anew after a closed 旬 with a growth table, and `due` on a ledger. `--write` puts the tables into the docs.

Usage: bench/cadence.py [--write] [--small]
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "src")]

import numpy as np
from tables import put_table, to_table

from sizhang.app.init import init
from sizhang.cadence.bulk import carry_many, pace_many
from sizhang.cadence.carry import carry
from sizhang.cadence.curves import even, s_curve, seasonal, window_of
from sizhang.cadence.plan import cell_of, make_plan
from sizhang.core.ledger import VERBS, Entry, Verb
from sizhang.store.cadence_plans import text_of
from sizhang.store.connection import open_store
from sizhang.store.writing import append

TODAY = date.today()
YEAR = TODAY.year
CLOSED = cell_of(TODAY)
FIGURES = ROOT / "docs/figures-cadence.md"
WINDOW = window_of(YEAR)
PLANS = [make_plan(YEAR, 100_000, curve) for curve in (even(WINDOW), seasonal(WINDOW, "planting"), s_curve(WINDOW))]


def seconds(act: Callable[[], object], rounds: int = 3) -> float:
    """The median of the rounds."""
    out = []
    for _ in range(rounds):
        start = time.perf_counter()
        act()
        out.append(time.perf_counter() - start)
    return statistics.median(out)


def replanning(sizes: list[int]) -> list[tuple[str, ...]]:
    """Plans planned anew after a closed 旬, and one of a hundred of them held against the plain form."""
    rows = []
    for size in sizes:
        cells, weights = (np.array([getattr(PLANS[at % 3], name) for at in range(size)]) for name in ("cells", "weights"))
        delivered = (cells[:, :CLOSED] * np.random.default_rng(size).uniform(0.5, 1.2, (size, CLOSED))).astype(np.int64)
        none = np.zeros(size, dtype=np.int64)
        carried = carry_many(cells, weights, delivered)
        for at in range(0, size, 100):
            plain = carry(PLANS[at % 3], delivered[at].tolist())
            assert carried.needs[at].tolist() == list(plain.needs), at
        planned = seconds(lambda c=cells, w=weights, d=delivered: carry_many(c, w, d))
        lit = seconds(lambda c=cells, w=weights, d=delivered, n=none: pace_many(c, w, d, n, (5, 10)))
        rows.append((f"{size:,} plans: planned anew", f"{planned:.2f} s"))
        rows.append((f"{size:,} plans: pace and lights", f"{lit:.2f} s"))
    return rows


def fill(path: Path, promises: int) -> None:
    """A ledger with so many planned promises, all 旬 before today closed, and what was delivered in them claimed."""
    init(str(path))
    with open_store(str(path)) as store, store.writing():
        store.execute("INSERT INTO body (name, place) VALUES ('县', '')")
        store.execute("INSERT INTO person (name, roles, body_id) SELECT '人', 'recorder reporter', id FROM body WHERE name = '县'")
        head = "INSERT INTO promise (number, year, title, measure, unit, decimals, domain, kind, strength, deadline, body_id"
        numbers = [f"{YEAR}-{at // 10 + 1:03d}.{at % 10 + 1:02d}" for at in range(promises)]
        store.execute_many(
            f"{head}, target) VALUES (%s, {YEAR}, '承诺', 'amount', '亩', 2, '', '', 'plan', '', 2, '')", [(one,) for one in numbers]
        )
        ids = [row[0] for row in store.rows("SELECT id FROM promise ORDER BY id")]
        store.execute_many(
            "INSERT INTO plan (promise_id, curve, settings, cells, weights, reserve, reason, recorded_at) "
            "VALUES (%s, 'even', '', %s, %s, 0, '', 0)",
            [(one, text_of(PLANS[one % 3].cells), text_of(PLANS[one % 3].weights)) for one in ids],
        )
        rng = np.random.default_rng(1)
        rows, entries = [], []
        for one, number in zip(ids, numbers, strict=True):
            plan = PLANS[one % 3]
            done = (np.array(plan.cells[:CLOSED]) * rng.uniform(0.5, 1.0, CLOSED)).astype(int).tolist()
            entries.append(entry(number, "open", plan.planned))
            entries.append(entry(number, "claim", max(sum(done), 1)))
            rows.append((one, one, text_of(plan.cells), text_of(plan.weights), text_of(done), CLOSED))
        store.execute_many(
            "INSERT INTO track (promise_id, plan_id, cells, weights, delivered, closed) VALUES (%s, %s, %s, %s, %s, %s)", rows
        )
        append(store, entries)


def entry(number: str, verb: Verb, steps: int) -> Entry:
    """An entry of the first day of the year."""
    rule, instant = VERBS[verb], datetime(1970, 1, 1, tzinfo=UTC)
    return Entry(f"{verb}:{number}", number, verb, rule.source, rule.target, steps, date(YEAR, 1, 1), instant, "人", "县")


def asking(sizes: list[int]) -> list[tuple[str, ...]]:
    """The whole command `due`, process and all."""
    rows = []
    script = "from sizhang.cli.main import main; main()"
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ledger.db"
            fill(path, size)
            words = [sys.executable, "-c", script, "due", "--ledger", str(path)]
            for form in ("table", "json"):
                command = [*words, "--format", form]
                taken = seconds(lambda c=command: subprocess.run(c, check=True, capture_output=True, cwd=ROOT))
                rows.append((f"`due --format {form}`, {size:,} planned promises × 36 旬", f"{taken:.2f} s"))
    return rows


def main() -> None:
    small = "--small" in sys.argv
    rows = replanning([1_000, 10_000] if small else [1_000, 10_000, 100_000])
    rows += asking([1_000] if small else [1_000, 10_000])
    about = f"Python {platform.python_version()}, numpy {np.__version__}, {platform.system()} {platform.machine()}; medians of three."
    table = f"{about}\n\n" + to_table(("what", "time"), rows)
    print(table)
    if "--write" in sys.argv:
        put_table(FIGURES, "speed", table)


if __name__ == "__main__":
    main()
