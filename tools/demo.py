"""A year of an invented city, played through the ledger's own verbs, and the site on it.

usage: demo.py [--port N] [--no-serve]

The ledger is made anew in `out/`. In a terminal the site runs until Ctrl-C; without one it is started, asked for its first page, and
stopped.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
import webbrowser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

REPORT = ROOT / "examples/qinghe2026.txt"
OUT = ROOT / "out"
LEDGER = OUT / "qinghe.ledger"
SEED = 2026
STARTS_WITHIN_S = 30
# Who signs in, as what, in whose name.
ACCOUNTS = (
    ("duchashi", "office", "督查室·建账", "督查室：建账、销账 keeps and settles the accounts"),
    ("nongye", "reporter", "农业农村局·填报", "农业农村局：交账 reports for agriculture"),
    ("nanling", "reporter", "南岭区·填报", "南岭区：多报被退 reported more than it built"),
    ("hecha", "verifier", "核查一组", "独立核查：核账 verifies"),
    ("lingdao", "leader", None, "领导：只看例外 reads the exceptions"),
    ("daibiao", "deputy", None, "人大代表：查看、询问 reads and asks"),
    ("guanli", "admin", None, "管理员 administers"),
)

# What to look at first: the page, who sees it, and what it shows.
FIRST = (
    ("/", "", "全年账单：承诺了什么、办到哪一步、还欠多少 what was promised, how far it has come, what is owed"),
    ("/ledger/?light=risk%2Bbroken", "duchashi", "失守和有险的承诺，每一项说明理由 what is broken or at risk, each with its reason"),
    ("/bodies/南岭区/", "duchashi", "南岭区交来的账，核实时退回三成 three tenths of one county's claims were sent back"),
    (
        "/ledger/2026-124.06/",
        "duchashi",
        "一项承诺的账：原句、五个数、预测、照片、流水 one promise: sentence, numbers, forecast, photographs, history",
    ),
    ("/reports/1/", "duchashi", "报告原文，每句话走到哪一步 the report's own words, coloured by their state"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-serve", action="store_true", help="make the ledger and the accounts only")
    args = parser.parse_args()
    started = time.perf_counter()
    make_ledger()
    password = make_accounts()
    print(f"\n账本 Ledger: {LEDGER.relative_to(ROOT)} · {time.perf_counter() - started:.0f} s\n")
    tell_accounts(password, args.port)
    if not args.no_serve:
        serve(args.port)


def make_ledger() -> None:
    """Read the report, open its promises, and play the year."""
    import django

    OUT.mkdir(exist_ok=True)
    # Set up first, so that the ledger is made with the site's tables beside its own.
    os.environ |= {"SIZHANG_LEDGER": str(LEDGER), "SIZHANG_CITY": "青禾市", "DJANGO_SETTINGS_MODULE": "sizhang.web.settings"}
    django.setup()
    from demo_year.city import CITY, RECORDER, settle_city
    from demo_year.rhythm import close_year, give_errands, plan_year
    from demo_year.year import NOTICE_DAYS, TODAY, YEAR, hand_out, play
    from rich.progress import Progress

    from sizhang.app.init import init, read_rules
    from sizhang.app.open import Opening, open_reading
    from sizhang.intake.readers import read_file
    from sizhang.intake.reading import read_document
    from sizhang.store.connection import open_store

    # The invented year stands still on its own day, whenever it is played.
    os.environ["SIZHANG_TODAY"] = TODAY.isoformat()
    for old in OUT.glob(f"{LEDGER.name}*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    rules = OUT / "rules.toml"
    rules.write_text(f"notice_days = {NOTICE_DAYS}\n", "utf-8")
    init(str(LEDGER), read_rules(rules))
    # The pages quote a report by the name of its file.
    document = read_file(Path(shutil.copyfile(REPORT, OUT / "青禾市2026年政府工作报告.txt")))
    reading = read_document(document, YEAR)
    with open_store(str(LEDGER)) as store, Progress(transient=True) as progress:
        task = progress.add_task("演一年 playing the year", total=None)
        settle_city(store)
        open_reading(store, reading.promises, document, Opening(YEAR, CITY, RECORDER))
        hand_out(store)
        plan_year(store)
        play(store, SEED, lambda _title, done, total: progress.update(task, completed=done, total=total))
        close_year(store)
        give_errands(store)


def make_accounts() -> str:
    """The accounts to sign in with; gives their common password, made for this run."""
    from sizhang.store.models import Person
    from sizhang.web.models import Account

    password = "-".join(secrets.token_hex(2) for _ in range(3))
    for name, role, person, _told in ACCOUNTS:
        Account.objects.create_user(name, password, role=role, person=Person.objects.get(name=person) if person else None)
    return password


def tell_accounts(password: str, port: int) -> None:
    """Where to look, and as whom."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table("账户 account", "是谁 who", title=f"口令都是 the password of all: {password}", title_justify="left")
    for name, _role, _person, told in ACCOUNTS:
        table.add_row(name, told)
    console.print(table)
    console.print(f"账上的今天 Today in its books: {os.environ['SIZHANG_TODAY']}", style="bold")
    console.print("先看什么 What to look at first", style="bold")
    for number, (path, account, told) in enumerate(FIRST, 1):
        who = f"{account} 登录后 signed in" if account else "不用登录 no sign-in"
        console.print(f"  {number}  http://127.0.0.1:{port}{path}  ({who})\n     {told}", soft_wrap=True, highlight=False)
    console.print()


def serve(port: int) -> None:
    """Run the site; until Ctrl-C in a terminal, else until it has answered."""
    gunicorn = [str(Path(sys.executable).with_name("gunicorn")), "-w", "2", "-b", f"127.0.0.1:{port}", "--log-level", "warning"]
    site = subprocess.Popen([*gunicorn, "sizhang.web.wsgi"], cwd=OUT)
    try:
        size = wait_for(f"http://127.0.0.1:{port}/", site)
        print(f"网站 Site: http://127.0.0.1:{port}/ ({size:,} bytes)")
        if sys.stdout.isatty():
            if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform in ("darwin", "win32"):
                webbrowser.open(f"http://127.0.0.1:{port}/")
            print("Ctrl-C 停止 stops it.")
            site.wait()
        else:
            print("没有终端，已试开并关闭；在终端里再运行就一直开着 Without a terminal it was opened and closed: run it in one to keep it.")
    except KeyboardInterrupt:
        pass
    finally:
        site.terminate()
        site.wait()


def wait_for(address: str, site: subprocess.Popen[bytes]) -> int:
    """Ask for a page until it comes; gives its size in bytes."""
    until = time.monotonic() + STARTS_WITHIN_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return len(answer.read())
        except OSError:
            if site.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"The site did not start at {address}: is the port taken? Choose another: --port N.") from None
            time.sleep(0.2)


if __name__ == "__main__":
    main()
