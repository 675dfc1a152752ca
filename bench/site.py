"""How fast the site is: `bench/site.py [--promises N --counties N --entries N --seconds S --load-seconds S --write]`.

PostgreSQL in a private cluster, gunicorn with two workers and wrk with 32 connections on the same machine, in one run with the
yardsticks of site_yardstick.py. Then the time of every page when its process first answers it and after an entry, the largest
contentful paint in Chromium, and reporters that post claims while others read; afterwards the ledger is asked whether each claim stands
in it once.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

from site_data import YEAR, City, fill
from site_load import Crowd, ask, contend, judge
from tables import put_table, to_table

from ledgers import Cluster, find_programs

PAGE = ROOT / "docs/figures-site.md"
CONNECTIONS = 32
PLAIN, EMPTY = "plain page of 100 rows", "empty Django answer"
CHROMIUM = "/usr/bin/chromium"
NUMBER = f"{YEAR}-001"
PART = f"{NUMBER}.01"
PAGES = {
    "ledger, first page": ("/ledger/", "督查员"),
    "promise": (f"/ledger/{PART}/", "督查员"),
    "promise of ten counties": (f"/ledger/{NUMBER}/", "督查员"),
    "public statement": ("/", ""),
    "public promise": (f"/promises/{NUMBER}/", ""),
    "API, 100 promises": ("/api/v1/promises?limit=100", ""),
    "API, 100 entries": ("/api/v1/entries?limit=100&after=1000", ""),
}
EVERY = (
    *(("督查员", path) for path in ("/today/", "/ledger/", "/ledger/?sort=light", "/ledger/?group=body&light=broken", "/ledger/?page=9")),
    *(("督查员", f"/ledger/{number}/") for number in (NUMBER, PART)),
    *(("督查员", path) for path in (f"/ledger/{NUMBER}/?history=all", f"/ledger/{PART}/outlook/", f"/ledger/{PART}/settle/")),
    *(
        ("督查员", path)
        for path in ("/cadence/", f"/cadence/{PART}/", "/bodies/", f"/bodies/{quote('县00')}/", "/exceptions/", "/notices/")
    ),
    *(("督查员", path) for path in ("/errands/", "/inquiries/", "/reports/", "/log/", "/clues/", "/download/ledger.csv")),
    *(("填报人000", path) for path in ("/today/", "/ledger/", f"/ledger/{PART}/claim/", "/claims/")),
    *(("核查员", path) for path in ("/today/", "/verify/", f"/ledger/{PART}/verify/", "/field/tasks.json")),
    *(("", path) for path in ("/", "/happiness/", "/search/", f"/promises/{NUMBER}/", "/data/", "/data/feed.xml", "/method/")),
    *(("", path) for path in ("/api/v1/promises?limit=100", "/api/v1/entries?limit=100&after=1000")),
)
PAINTED = (
    ("ledger, first page", "督查员", "/ledger/"),
    ("promise", "督查员", f"/ledger/{PART}/"),
    ("today", "督查员", "/today/"),
    ("public statement", "", "/"),
)


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
    """An account for everybody."""
    from sizhang.store.models import Person
    from sizhang.web.models import Account

    roles = {"keeper recorder": "office", "verifier": "verifier", "reporter": "reporter"}
    for person in Person.objects.all():
        Account.objects.create_user(person.name, None, role=roles[person.roles], person=person)


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


def time_pages(address: str, cookies: dict[str, str]) -> list[tuple[str, ...]]:
    """Every page when it is asked for first, after an entry, and once more; with its size."""
    host, rows = address.removeprefix("http://"), []
    for username, path in EVERY:
        request = urllib.request.Request(address + path, headers={"Cookie": cookies[username]} if username else {})
        times, size = [], 0
        for turn in range(3):
            if turn == 1:
                # Both workers, so that each has an entry to follow.
                book_one(host, cookies["填报人000"])
                time.sleep(0.3)
            started = time.perf_counter()
            with urllib.request.urlopen(request, timeout=120) as answer:
                size = len(answer.read())
            times.append((time.perf_counter() - started) * 1000)
        rows.append((path, username or "everybody", *(f"{one:,.0f}" for one in times), f"{size / 1000:,.0f}"))
    return rows


def book_one(host: str, cookie: str) -> None:
    """A claim, so that what is kept no longer holds."""
    fields = {"client_id": secrets.token_hex(8), "number": "0.01", "on": date.today().isoformat(), "csrfmiddlewaretoken": "t" * 32}
    headers = {"Cookie": f"{cookie}; csrftoken={'t' * 32}", "Content-Type": "application/x-www-form-urlencoded"}
    assert ask(host, "POST", f"/ledger/{PART}/claim/", urlencode(fields), headers) == 302


def time_paints(address: str, cookies: dict[str, str]) -> list[tuple[str, ...]]:
    """The largest contentful paint of pages in a fresh Chromium, the median of five and the slowest."""
    from playwright.sync_api import sync_playwright

    rows = []
    script = (
        "() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))"
        ".observe({type: 'largest-contentful-paint', buffered: true}))"
    )
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, username, path in PAINTED:
            times = []
            for _ in range(5):
                context = browser.new_context(viewport={"width": 1280, "height": 800})
                if username:
                    key, value = cookies[username].split("=", 1)
                    context.add_cookies([{"name": key, "value": value, "url": address}])
                page = context.new_page()
                page.goto(address + path, wait_until="load")
                times.append(float(page.evaluate(script)))
                context.close()
            rows.append((name, f"{sorted(times)[2]:,.0f}", f"{max(times):,.0f}"))
        browser.close()
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--promises", type=int, default=1_000)
    parser.add_argument("--counties", type=int, default=10)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--load-seconds", type=int, default=60)
    parser.add_argument("--writers", type=int, default=200)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--think", type=float, nargs="+", default=[0.0, 5.0], help="seconds that a reporter thinks between two claims")
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
    city = City(args.promises, args.counties, args.entries, args.writers)
    fill(url, city)
    make_accounts()
    filled = f"filled in {time.perf_counter() - started:.0f} s"
    print(filled, flush=True)
    cookies = {name: session(name) for name, _roles, _body in city.people}
    found = measure_yardsticks(url, args.seconds)
    with serving("sizhang.web.wsgi", 8232, {}) as address:
        pages = to_table(("page", "reader", "first ms", "after an entry ms", "again ms", "kB"), time_pages(address, cookies))
        print(pages, flush=True)
        for name, (path, username) in PAGES.items():
            found[name] = rate(address + path, args.seconds, cookies[username] if username else "")
        paints = to_table(("page", "median ms", "slowest of 5 ms"), time_paints(address, cookies))
        loads = []
        for think_s in args.think:
            reporters = [cookies[name] for name, roles, _body in city.people if roles == "reporter"][: args.writers]
            crowd = Crowd(f"{think_s:g}", reporters, [cookies["督查员"]] * args.readers, args.load_seconds, think_s)
            told = contend(address, crowd, [city.parts[at][0] for at in range(len(reporters))])
            loads.append(judge(url, crowd, told))
            print(loads[-1], sorted(set(told.faults))[:5], flush=True)
    head = ("reporters", "think", "readers", "seconds", "claims booked", "a second", "lost", "doubled", "other answers", "post p95 ms")
    load = to_table((*head, "read p95 ms"), loads)
    entries = f"{args.promises:,} promises of {args.counties} counties each, {args.entries:,} entries ({filled})"
    scale = f"{entries}, {os.cpu_count()} cores, wrk -t1 -c{CONNECTIONS} -d{args.seconds}s."
    speed = f"{scale}\n\n{speed_table(found)}"
    print(f"{speed}\n\n{paints}\n\n{load}")
    if args.write:
        for name, table in (("speed", speed), ("pages", pages), ("paint", paints), ("load", load)):
            put_table(PAGE, name, table)


def measure_yardsticks(url: str, seconds: int) -> dict[str, tuple[float, float, int, int]]:
    """What Django makes of a plain page and of nothing, on the same server and the same database."""
    environment = {"SIZHANG_LEDGER": url}
    subprocess.run([sys.executable, "site_yardstick.py"], env={**os.environ, **environment}, cwd=ROOT / "bench", check=True)
    found = {}
    with serving("site_yardstick:application", 8231, environment) as address:
        for name, path in ((PLAIN, "/plain/"), ("the same from constants", "/constants/"), ("empty answer of that project", "/empty/")):
            found[name] = rate(address + path, seconds)
    with serving("site_yardstick:application", 8231, {**environment, "SIZHANG_YARDSTICK": "bare"}) as address:
        found[EMPTY] = rate(address + "/empty/", seconds)
    return found


def speed_table(found: dict[str, tuple[float, float, int, int]]) -> str:
    """The rates, each beside the two yardsticks."""
    plain, empty = found[PLAIN][0], found[EMPTY][0]
    rows = []
    for name, (per_second, slow_ms, bad, size) in found.items():
        asked = str(queries(*PAGES[name])) if name in PAGES else ""
        shares = (f"{per_second / plain:.2f}", f"{per_second / empty:.2f}")
        rows.append((name, f"{per_second:,.0f}", f"{slow_ms:.0f}", *shares, asked, f"{size / 1000:.0f}", str(bad)))
    return to_table(("page", "requests/s", "p99 ms", "× plain", "× empty", "queries", "kB", "errors"), rows)


if __name__ == "__main__":
    main()
