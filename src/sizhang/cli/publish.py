"""`sizhang publish`: the public pages as a static site. The site's own program writes them; this one starts it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sizhang.cli.options import VARIABLE, with_ledger

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="公开 Write the public pages to a folder")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@with_ledger()
def publish(*, ledger: Ledger, folder: Path) -> None:
    """把公开页写成静态网站，不用服务器，从文件夹里就能打开 The public pages as a static site that works from a folder."""
    from sizhang.core.errors import InputError, MissingExtraError, Words

    if importlib.util.find_spec("jinja2") is None or importlib.util.find_spec("ninja") is None:
        raise MissingExtraError(
            Words("公开页要用网站的库，而库没有安装。", "The public pages need the site's libraries, which are not installed."),
            remedy=Words("请运行 pip install 'sizhang[web]'", "Run pip install 'sizhang[web]'"),
        )
    with ledger.open():
        pass  # a ledger that is not there is told of here, in one line
    asked = [sys.executable, "-m", "sizhang.web", "publish", str(folder)]
    done = subprocess.run(asked, env={**os.environ, VARIABLE: ledger.url}, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        zh, _, en = done.stderr.rpartition("CommandError: ")[2].strip().partition("\n")
        raise InputError(
            Words(f"公开页没有写成：{zh}", f"The public pages were not written: {en or zh}"),
            remedy=Words("请改正后再公开。", "Mend it and publish again."),
        )
