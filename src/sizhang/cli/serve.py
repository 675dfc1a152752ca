"""`sizhang serve`: the site on the ledger, until it is stopped."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import click

from sizhang.cli.options import told_of_the_database, with_ledger
from sizhang.core.errors import MissingExtraError, Words
from sizhang.store.connection import shown_url

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger

_PACKAGES: Final = ("gunicorn", "allauth", "jinja2", "whitenoise", "csp", "django_htmx", "PIL", "ninja", "requests", "jwt")


@click.command(short_help="开网站 Run the site")
@with_ledger()
@click.option("--bind", default="127.0.0.1:8000", metavar="HOST:PORT", show_default=True, help="地址 Where it listens")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="进程数 Processes")
def serve(*, ledger: Ledger, bind: str, workers: int) -> None:
    """开网站，先把站点的表升级到本版；Ctrl-C 停止 Bring the site's tables to this version and run it; Ctrl-C stops it."""
    check_packages()
    with told_of_the_database(ledger.url), ledger.open():
        pass
    migrate_site(ledger.url)
    click.echo(f"网站 Site: http://{bind}/ · 账本 Ledger: {shown_url(ledger.url)} · Ctrl-C 停止 stops it")
    words = ["-m", "gunicorn", "sizhang.web.wsgi", "--bind", bind, "--workers", str(workers), "--log-level", "warning"]
    server = subprocess.Popen([sys.executable, *words], env=environment_of(ledger.url))  # noqa: S603 - a host and a port, checked by gunicorn
    try:
        sys.exit(server.wait())
    except KeyboardInterrupt:
        server.terminate()
        server.wait()


def check_packages() -> None:
    """Refuse where a library of the site is not installed."""
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            Words(f"网站要用 {'、'.join(missing)}，没有安装。", f"The site needs {', '.join(missing)}, not installed."),
            remedy=Words("请运行 pip install 'sizhang[web]'", "Run pip install 'sizhang[web]'"),
        )


def environment_of(url: str) -> dict[str, str]:
    """The environment in which the site works on a ledger."""
    return {**os.environ, "SIZHANG_LEDGER": url, "DJANGO_SETTINGS_MODULE": "sizhang.web.settings"}


def migrate_site(url: str) -> None:
    """Bring the site's tables in a ledger to this version; what fails there ends this program too, with its words."""
    done = subprocess.run([sys.executable, "-m", "sizhang.web", "migrate", "--verbosity", "0"], env=environment_of(url), check=False)
    if done.returncode:
        sys.exit(done.returncode)
