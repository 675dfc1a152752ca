"""Score the reading against labelled reports and time it, in one run.

usage: reading.py [--shared FOLDER] [--only speed|score|cross|parity] [--write]

The folder holds `gold/`, `reports/` and the scorers; without it the command says so and exits 1. Speed stands beside plain passes of
jieba, jionlp and recognizers-text over the same text; with --write its table goes between the markers of docs/figures.md.
"""

from __future__ import annotations

import argparse
import json
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


def score(shared: Path, model: str, folder: Path) -> None:
    from sizhang.intake.document import document_of_lines
    from sizhang.intake.output.jsonl import write_jsonl
    from sizhang.intake.reading import read_document

    for name in NAMES:
        text = (shared / "gold" / f"{name}.txt").read_text("utf-8")
        reading = read_document(document_of_lines(text))
        out = folder / f"{name}.jsonl"
        out.write_text(write_jsonl(reading), "utf-8")
        found = {n: s.name for s in reading.sections for n in range(s.first_line, s.last_line + 1)}
        gold = json.loads((shared / "gold" / f"{name}.sections.json").read_text("utf-8"))
        lines = [(n, part) for first, last, part in gold for n in range(first, last + 1)]
        right = sum(found.get(n) == part for n, part in lines)
        figures = run(sys.executable, str(shared / "gold/score.py"), str(shared / "gold" / f"{name}.jsonl"), str(out))
        print(f"{model}\t{name}\tlines {right / len(lines):.3f}\t{figures}")


def cross_validate(shared: Path, folder: Path) -> None:
    """Train without each text in turn and read it with that model, in processes of their own."""
    for name in NAMES:
        models = folder / f"without-{name}"
        labels = ["--silver", str(ROOT / "tools/labels"), "--reports", str(shared / "reports")]
        for kind, extra in (("two texts", []), ("two texts and other reports", labels)):
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
            figures = run(sys.executable, str(shared / "gold/score.py"), str(shared / "gold" / f"{name}.jsonl"), str(out))
            print(f"learned from {kind}\t{name}\t{figures}")


def parity(shared: Path, folder: Path) -> None:
    from sizhang.intake.quantities import find_quantities

    for pairs in sorted((shared / "reports/national").glob("*.tsv")):
        columns = list(zip(*(line.split("\t") for line in pairs.read_text("utf-8").splitlines()), strict=True))
        files = []
        for number, column in enumerate(columns):
            rows = [
                json.dumps({"line": n, "value": float(q.value), "value_max": None if q.value_max is None else float(q.value_max)})
                for n, line in enumerate(column, start=1)
                for q in find_quantities(line)
            ]
            files.append(folder / f"parity{number}.jsonl")
            files[-1].write_text("\n".join(rows), "utf-8")
        print(f"parity\t{pairs.stem}\t{run(sys.executable, str(shared / 'gold/parity.py'), str(pairs), *map(str, files))}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--only", choices=PARTS, help="measure this alone")
    parser.add_argument("--write", action="store_true", help="put the table of speed into docs/figures.md")
    args = parser.parse_args()
    if not (args.shared / "gold").is_dir():
        sys.exit(f"{args.shared}/gold is not there: the labelled reports are needed. Name their folder with --shared.")
    asked = {args.only} if args.only else set(PARTS)
    if "speed" in asked:
        table = speed(args.shared)
        print(table)
        if args.write:
            write_figures(table)
    with tempfile.TemporaryDirectory() as name:
        if "score" in asked:
            score(args.shared, "shipped model", Path(name))
        if "cross" in asked:
            cross_validate(args.shared, Path(name))
        if "parity" in asked:
            parity(args.shared, Path(name))


if __name__ == "__main__":
    main()
