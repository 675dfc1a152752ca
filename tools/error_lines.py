"""Write the lines of examples/errors/README.md anew from what the program says. Read them before you keep them."""

from __future__ import annotations

import contextlib
import io
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import pytest
from tests.test_error_examples import FOLDER, ROW, Row, arrange, is_said, lay_out, rows_of

from sizhang.cli.main import main


def said(row: Row, folder: Path) -> str:
    """What the program says of a row, in this process."""
    err = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):
        arrange(row.title, patch)
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["sizhang", *row.words])
        with contextlib.suppress(SystemExit):
            main()
    return err.getvalue()


def main_of_tool() -> None:
    """Go through all rows; one that is right, or cannot be run on this machine, stays as it is."""
    page = (FOLDER / "README.md").read_text("utf-8")
    rows = iter(list(rows_of(page)))
    with tempfile.TemporaryDirectory() as name:
        lay_out(Path(name))

        def written(found: re.Match[str]) -> str:
            row = next(rows)
            try:
                lines = said(row, Path(name) / "errors")
            except pytest.skip.Exception:
                return found[0]
            if is_said(row.lines, lines):
                return found[0]
            return " ".join([found[1], *(f"`{line.strip()}` |" for line in lines.splitlines())])

        page = ROW.sub(written, page)
        sheet = said(Row("", ["review", "review-rows.xlsx"], ""), Path(name) / "errors")
        page = re.sub(r"(?<=```text\n).*?(?=```)", lambda _: sheet, page, flags=re.S)
    (FOLDER / "README.md").write_text(page, "utf-8")


if __name__ == "__main__":
    main_of_tool()
