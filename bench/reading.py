"""Score the reading against labelled reports and time it, in one run.

usage: reading.py [--shared FOLDER] [--only speed|score|cross|parity] [--write]

The folder holds `gold/`, `reports/` and the scorers; without it the command says so and exits 1. Speed stands beside plain passes of
jieba, jionlp and recognizers-text over the same text; with --write each table goes between its markers in docs/figures.md.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from speed import speed, write_figures

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("shanxi2026", "national2019", "taiyuan2023")
PARTS = ("speed", "score", "cross", "parity")


def run(*arguments: str) -> str:
    return subprocess.run(arguments, check=True, capture_output=True, text=True, cwd=ROOT).stdout.strip()


_FIGURES = re.compile(r"commitments F1 (\S+) \(exact (\S+); .*?\) kind (\S+) domain (\S+) targets F1 (\S+) \(.*?\) basis (\S+)")
_HEAD = "commitments F1 | exact | kind | domain | targets F1 | basis |"
_RULE = "| --- | --- | --- | --- | --- | --- |"


def figures_of(shared: Path, name: str, reading: Path) -> str:
    """The scorer's figures for one text, as cells of a table."""
    line = run(sys.executable, str(shared / "gold/score.py"), str(shared / "gold" / f"{name}.jsonl"), str(reading))
    found = _FIGURES.search(line)
    assert found is not None, line
    return " | ".join(found.groups())


def score(shared: Path, folder: Path) -> str:
    """The shipped models on the texts they learned from, and the share of lines in the right section."""
    from sizhang.intake.document import document_of_lines
    from sizhang.intake.output.jsonl import write_jsonl
    from sizhang.intake.reading import read_document

    rows = [f"| text | lines in the right section | {_HEAD}", f"| --- | --- {_RULE}"]
    for name in NAMES:
        text = (shared / "gold" / f"{name}.txt").read_text("utf-8")
        reading = read_document(document_of_lines(text))
        out = folder / f"{name}.jsonl"
        out.write_text(write_jsonl(reading), "utf-8")
        found = {n: s.name for s in reading.sections for n in range(s.first_line, s.last_line + 1)}
        gold = json.loads((shared / "gold" / f"{name}.sections.json").read_text("utf-8"))
        lines = [(n, part) for first, last, part in gold for n in range(first, last + 1)]
        right = sum(found.get(n) == part for n, part in lines)
        rows.append(f"| {name} | {right / len(lines):.3f} | {figures_of(shared, name, out)} |")
    return "\n".join(rows)


def cross_validate(shared: Path, folder: Path) -> str:
    """Train without each text in turn and read it with that model, in processes of their own."""
    rows = [f"| text left out | learned from | {_HEAD}", f"| --- | --- {_RULE}"]
    for name in NAMES:
        models = folder / f"without-{name}"
        labels = ["--silver", str(ROOT / "tools/labels"), "--reports", str(shared / "reports")]
        count = len(list((ROOT / "tools/labels").glob("*.tsv")))
        for kind, extra in ((f"two texts and {count} reports", labels), ("two texts", [])):
            run(sys.executable, "tools/train_reading.py", str(shared / "gold"), "--without", name, "--out", str(models), *extra)
            script = (
                "import sys, pathlib; from sizhang.intake import reading, tagging; from sizhang.intake.document import document_of_lines;"
                "from sizhang.intake.output.jsonl import write_jsonl;"
                "tagging.MODELS = pathlib.Path(sys.argv[1]);"
                "text = pathlib.Path(sys.argv[2]).read_text('utf-8');"
                "sys.stdout.write(write_jsonl(reading.read_document(document_of_lines(text))))"
            )
            out = folder / f"{name}.cross.jsonl"
            out.write_text(run(sys.executable, "-c", script, str(models), str(shared / "gold" / f"{name}.txt")), "utf-8")
            rows.append(f"| {name} | {kind} | {figures_of(shared, name, out)} |")
    return "\n".join(rows)


def parity(shared: Path, folder: Path) -> str:
    """Sentence pairs of the national reports whose numbers agree in both languages."""
    from sizhang.intake.quantities import find_quantities

    rows = ["| year | pairs with numbers | agreeing | share |", "| --- | --- | --- | --- |"]
    total = agreed = 0
    for pairs in sorted((shared / "reports/national").glob("*.tsv")):
        columns = list(zip(*(line.split("\t") for line in pairs.read_text("utf-8").splitlines()), strict=True))
        files = []
        for number, column in enumerate(columns):
            found = [
                json.dumps({"line": n, "value": float(q.value), "value_max": None if q.value_max is None else float(q.value_max)})
                for n, line in enumerate(column, start=1)
                for q in find_quantities(line)
            ]
            files.append(folder / f"parity{number}.jsonl")
            files[-1].write_text("\n".join(found), "utf-8")
        line = run(sys.executable, str(shared / "gold/parity.py"), str(pairs), *map(str, files))
        numbered, good = (int(word) for word in re.findall(r"\d+", line)[:2])
        total, agreed = total + numbered, agreed + good
        rows.append(f"| {pairs.stem} | {numbered} | {good} | {good / numbered:.3f} |")
    return "\n".join([*rows, f"| all | {total} | {agreed} | {agreed / total:.3f} |"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--only", choices=PARTS, help="measure this alone")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/figures.md")
    args = parser.parse_args()
    if not (args.shared / "gold").is_dir():
        sys.exit(f"{args.shared}/gold is not there: the labelled reports are needed. Name their folder with --shared.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        work = {
            "speed": lambda: speed(args.shared),
            "score": lambda: score(args.shared, folder),
            "cross": lambda: cross_validate(args.shared, folder),
            "parity": lambda: parity(args.shared, folder),
        }
        for part in [args.only] if args.only else PARTS:
            table = work[part]()
            print(f"{part}\n{table}\n")
            if args.write:
                write_figures(part, table)


if __name__ == "__main__":
    main()
