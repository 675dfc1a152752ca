"""How fast the site is: `bench/site.py [--promises N --counties N --entries N --seconds S --write]`.

PostgreSQL in a private cluster, gunicorn with two workers and wrk with 32 connections on the same machine, in one run with the
yardsticks: a plain page of Django's templates with a hundred rows, and an empty Django answer. Then reporters post claims while others
read, and the ledger is asked whether each claim stands in it once.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

from tables import put_table, to_table

from ledgers import Cluster, find_programs

PAGE = ROOT / "docs/figures-site.md"
CONNECTIONS = 32
PAUSE_S = 1.0
DOMAINS = ("rural", "urban", "ecology", "education", "health")


def fill(url: str, promises: int, counties: int, entries: int) -> None:
    """A city's promises and those of its counties, their entries by COPY, and the accounts."""
    from ledger_data import CLERKS, NONE, START

    from sizhang.core.ledger import VERBS, Entry
    from sizhang.store.connection import open_store
    from sizhang.store.writing import append

    def entry(client_id: str, number: str, verb: str, steps: int) -> Entry:
        rule = VERBS[verb]  # type: ignore[index]
        text = "seen" if verb == "verify" else ""
        by, body = CLERKS[verb]  # type: ignore[index]
        return Entry(client_id, number, verb, rule.source, rule.target, steps, START, NONE, by, body, text)  # type: ignore[arg-type]

    bodies = [f"body {at}" for at in range(max(counties, 3) + 1)]
    numbers = [f"2026-{at:05d}" for at in range(promises * (counties + 1))]
    with open_store(url) as store:
        with store.writing():
            store.execute_many("INSERT INTO body (name, place) VALUES (%s, '')", [(name,) for name in bodies])
            people = [("reporter", "reporter", 2), ("verifier", "verifier", 3), ("keeper", "keeper recorder", 1)]
            store.execute_many("INSERT INTO person (name, roles, body_id) VALUES (%s, %s, %s)", people)
            sql = (
                "INSERT INTO promise (number, year, title, measure, unit, decimals, domain, kind, strength, deadline, body_id, target) "
                "VALUES (%s, 2026, %s, 'amount', '亩', 2, %s, 'quantity', 'plan', '', %s, '')"
            )
            rows = [(number, f"新建高标准农田第{at}片", DOMAINS[at % 5], at % len(bodies) + 1) for at, number in enumerate(numbers)]
            store.execute_many(sql, rows)
            store.execute("UPDATE promise SET body_id = 2 WHERE number = %s", [numbers[0]])
        append_all(store, append, [entry(f"open {number}", number, "open", 10**12) for number in numbers])
        left = entries - len(numbers)
        claims = [entry(f"claim {at}", numbers[at % len(numbers)], "claim", 1_000 + at % 997) for at in range(left * 2 // 3)]
        append_all(store, append, claims)
        checked = enumerate(claims[: left - len(claims)])
        append_all(store, append, [entry(f"verify {at}", one.promise, "verify", one.steps) for at, one in checked])
        store.execute("ANALYZE")
        store.raw.commit()


def append_all(store: object, append: object, entries: list[object]) -> None:
    """Append in batches, each a transaction of its own."""
    for start in range(0, len(entries), 10_000):
        with store.writing():  # type: ignore[attr-defined]
            append(store, entries[start : start + 10_000])  # type: ignore[operator]


@contextmanager
def serving(app: str, port: int, environment: dict[str, str]) -> Iterator[str]:
    """gunicorn with two workers."""
    words = ["-m", "gunicorn", app, "-w", "2", "-b", f"127.0.0.1:{port}", "--log-level", "error", "--timeout", "120"]
    server = subprocess.Popen([sys.executable, *words], env={**os.environ, **environment}, cwd=ROOT / "bench")
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/", timeout=60).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait()


def rate(address: str, seconds: int, cookie: str = "") -> tuple[float, float, int, int]:
    """Requests a second and the 99th percentile in ms by wrk, errors, and the bytes of the answer."""
    request = urllib.request.Request(address, headers={"Cookie": cookie} if cookie else {})
    for _ in range(6):
        size = len(urllib.request.urlopen(request, timeout=120).read())
    words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
    words += ["-H", f"Cookie: {cookie}"] if cookie else []
    told = subprocess.run([*words, address], capture_output=True, text=True, check=True).stdout
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    assert slow
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    per_second = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert per_second
    return float(per_second[1]), float(slow[1]) * {"us": 0.001, "ms": 1, "s": 1000}[slow[2]], int(bad[1]) if bad else 0, size


def session(username: str) -> str:
    """A session of an account, as its cookie."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from sizhang.web.models import Account

    account = Account.objects.get(username=username)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(account.pk), account.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store.save()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def make_accounts() -> None:
    """One account of each role that the bench needs."""
    from sizhang.store.models import Person
    from sizhang.web.models import Account

    for name, role in (("keeper", "office"), ("reporter", "reporter")):
        Account.objects.create_user(name, None, role=role, person=Person.objects.get(name=name))


def queries(path: str, username: str) -> int:
    """How many questions a page asks the database: Django's and the ledger's own."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from sizhang.store.connection import Store
    from sizhang.web.models import Account

    client = Client(headers={"host": "127.0.0.1"})
    if username:
        client.force_login(Account.objects.get(username=username))
    client.get(path)
    asked, execute = [], Store.execute

    def counted(self: Store, sql: str, parameters: object = ()) -> object:
        asked.append(sql)
        return execute(self, sql, parameters)  # type: ignore[arg-type]

    Store.execute = counted  # type: ignore[method-assign, assignment]
    try:
        with CaptureQueriesContext(connection) as own:
            assert client.get(path).status_code == 200, path
    finally:
        Store.execute = execute  # type: ignore[method-assign]
    return len(asked) + len(own)


def contention(address: str, cookies: tuple[str, str], number: str, writers: int, readers: int, seconds: int) -> dict[str, object]:
    """Reporters post claims, each once a second at most, while others read; every claim is sent twice now and then."""
    host = address.removeprefix("http://")
    sent: list[str] = []
    times: list[float] = []
    faults: list[str] = []
    until = time.monotonic() + seconds
    token = "t" * 32

    def post(place: int) -> None:
        count = 0
        while time.monotonic() < until:
            client_id = f"load {place} {count}"
            fields = {"client_id": client_id, "number": "1", "on": date.today().isoformat(), "csrfmiddlewaretoken": token}
            headers = {"Cookie": f"{cookies[1]}; csrftoken={token}", "Content-Type": "application/x-www-form-urlencoded"}
            started = time.monotonic()
            for _ in range(2 if count % 10 == 9 else 1):
                status = ask("POST", f"/ledger/{number}/claim/", urlencode(fields), headers)
                if status == 302:
                    sent.append(client_id)
                else:
                    faults.append(f"POST {status}")
            times.append(time.monotonic() - started)
            count += 1
            time.sleep(max(0.0, started + PAUSE_S - time.monotonic()))

    def read(_place: int) -> None:
        while time.monotonic() < until:
            status = ask("GET", "/ledger/", None, {"Cookie": cookies[0]})
            if status != 200:
                faults.append(f"GET {status}")
            time.sleep(PAUSE_S)

    def ask(verb: str, path: str, body: str | None, headers: dict[str, str]) -> int:
        one = HTTPConnection(host, timeout=120)
        try:
            one.request(verb, path, body, headers)
            answer = one.getresponse()
            answer.read()
            return answer.status
        except OSError:
            return 0
        finally:
            one.close()

    threads = [threading.Thread(target=post, args=(at,)) for at in range(writers)]
    threads += [threading.Thread(target=read, args=(at,)) for at in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"sent": sent, "times": times, "faults": faults}


def judge(url: str, told: dict[str, object]) -> dict[str, int]:
    """Whether every claim that was told to be booked stands in the ledger, once."""
    from sizhang.store.connection import open_store

    with open_store(url) as store:
        held = [client_id for (client_id,) in store.rows("SELECT client_id FROM entry WHERE client_id LIKE 'load %%'")]
    sent = set(told["sent"])  # type: ignore[call-overload]
    return {"booked": len(held), "lost": len(sent - set(held)), "doubled": len(held) - len(set(held))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--promises", type=int, default=1_000)
    parser.add_argument("--counties", type=int, default=10)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--load-seconds", type=int, default=60)
    parser.add_argument("--writers", type=int, default=200)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/figures-site.md")
    args = parser.parse_args()
    programs = find_programs()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed.")
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="sizhang-bench-")), programs)
    try:
        # Set up first, so that the ledger is made with the site's tables beside its own.
        set_up(cluster)
        cluster.start()
        run(cluster, args)
    finally:
        cluster.stop()


def set_up(cluster: Cluster) -> None:
    """Let the site work on the cluster's ledger."""
    import django

    os.environ |= {
        "SIZHANG_LEDGER": cluster.url("sizhang_template"),
        "DJANGO_SETTINGS_MODULE": "sizhang.web.settings",
        "SIZHANG_SECRET_KEY": secrets.token_urlsafe(64),
        "SIZHANG_EVIDENCE": str(cluster.folder / "evidence"),
    }
    django.setup()


def run(cluster: Cluster, args: argparse.Namespace) -> None:
    url = cluster.url("sizhang_template")
    started = time.perf_counter()
    fill(url, args.promises, args.counties, args.entries)
    make_accounts()
    print(f"filled in {time.perf_counter() - started:.0f} s", flush=True)
    number = "2026-00000"
    keeper, reporter = session("keeper"), session("reporter")
    pages = {
        "ledger, first page": ("/ledger/", "keeper"),
        "promise": (f"/ledger/{number}/", "keeper"),
        "public statement": ("/", ""),
        "public promise": (f"/promises/{number}/", ""),
        "API, 100 promises": ("/api/v1/promises?limit=100", ""),
    }
    rows, found = [], {}
    with serving("site_yardstick:application", 8231, {"DJANGO_SETTINGS_MODULE": "site_yardstick"}) as address:
        for name, path in (("plain page of 100 rows", "/plain/"), ("empty Django answer", "/empty/")):
            found[name] = rate(address + path, args.seconds)
    with serving("sizhang.web.wsgi", 8232, {}) as address:
        for name, (path, username) in pages.items():
            found[name] = rate(address + path, args.seconds, keeper if username else "")
        told = contention(address, (keeper, reporter), number, args.writers, args.readers, args.load_seconds)
    plain, empty = found["plain page of 100 rows"][0], found["empty Django answer"][0]
    for name, (per_second, slow_ms, bad, size) in found.items():
        asked = str(queries(*pages[name])) if name in pages else ""
        shares = (f"{per_second / plain:.2f}", f"{per_second / empty:.2f}")
        rows.append((name, f"{per_second:,.0f}", f"{slow_ms:.0f}", *shares, asked, f"{size / 1000:.0f}", str(bad)))
    head = ("page", "requests/s", "p99 ms", "× plain", "× empty", "queries", "kB", "errors")
    speed = to_table(head, rows)
    times = sorted(told["times"])  # type: ignore[call-overload]
    judged = judge(url, told)
    p95 = quantiles(times, n=20)[-1] * 1000 if len(times) > 1 else 0
    counts = (f"{judged['booked']:,}", str(judged["lost"]), str(judged["doubled"]), str(len(told["faults"])))  # type: ignore[arg-type]
    head = ("reporters", "readers", "seconds", "claims booked", "lost", "doubled", "other answers", "p95 ms")
    load = to_table(head, [(str(args.writers), str(args.readers), str(args.load_seconds), *counts, f"{p95:,.0f}")])
    size_of = f"{args.promises * (args.counties + 1):,} promises, {args.entries:,} entries"
    scale = f"{size_of}, {os.cpu_count()} cores, wrk -t1 -c{CONNECTIONS} -d{args.seconds}s."
    print(f"{scale}\n\n{speed}\n\n{load}")
    print(sorted(set(told["faults"]))[:5])  # type: ignore[call-overload]
    if args.write:
        put_table(PAGE, "speed", f"{scale}\n\n{speed}")
        put_table(PAGE, "load", load)


if __name__ == "__main__":
    main()
