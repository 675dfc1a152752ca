"""Train the two models of the reading from labelled reports, and measure them across texts.

usage: train_reading.py GOLD_FOLDER [--silver FOLDER --reports FOLDER] [--out FOLDER] [--cross]

GOLD_FOLDER holds NAME.txt, NAME.jsonl and NAME.sections.json in the form of the labelling guide. `--silver` adds labels that are kept as
clause numbers only (NAME.lab), over reports found in `--reports`.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pycrfsuite

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from sizhang.intake.contexts import Context, contexts_of, runs_of
from sizhang.intake.features import Unit, clause_features, domain_features, has_paragraphs
from sizhang.intake.reflow import reflow
from sizhang.intake.sections import Placed, place_paragraphs

# Found by leaving one labelled text out in turn: passive-aggressive learning finds commitments best, regularised likelihood domains;
# what stands fewer than four (three) times in the labelled texts makes the files larger and nothing better.
PARAMETERS = {
    "clauses": ("pa", {"max_iterations": 30, "feature.minfreq": 4, "feature.possible_transitions": True}),
    "domains": ("lbfgs", {"c1": 0.2, "c2": 0.2, "max_iterations": 150, "feature.minfreq": 3, "feature.possible_transitions": True}),
}


@dataclass
class Label:
    """A labelled commitment of a text."""

    start: int
    end: int
    domain: str


@dataclass
class Text:
    name: str
    placed: list[Placed]
    labels: list[Label]


def load_gold(folder: Path, name: str) -> Text:
    text = (folder / f"{name}.txt").read_text("utf-8")
    rows = [json.loads(line) for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines() if line.strip()]
    return Text(name, place_paragraphs(reflow(text)), [Label(r["start"], r["end"], r["domain"]) for r in rows])


def find_report(name: str, reports: Path) -> str:
    """The text that the labels of `name` are about: a file, or the first column of a bilingual one (national2016)."""
    if name.startswith("national"):
        rows = (reports / "national" / f"{name[8:]}.tsv").read_text("utf-8").splitlines()
        return "\n".join(row.split("\t")[0] for row in rows)
    return (reports / "provinces2026" / f"{name}.txt").read_text("utf-8")


def load_silver(labels: Path, text: str) -> Text:
    out = []
    for line in labels.read_text("utf-8").splitlines():
        start, end, domain = line.split("\t")
        out.append(Label(int(start), int(end), domain))
    return Text(labels.stem, place_paragraphs(reflow(text)), out)


def clause_examples(text: Text) -> list[tuple[list[list[str]], list[str]]]:
    """Runs of clauses with their tags; a text with paragraphs teaches a second time as if it had a line a sentence."""
    out = []
    for run in runs_of(contexts_of(text.placed)):
        units = [unit for context in run for unit in context.units]
        tags = [get_tag(text, context, unit) for context in run for unit in context.units]
        for paragraphs in {False, has_paragraphs(text.placed)}:
            out.append((clause_features(units, paragraphs), tags))
    return out


def get_tag(text: Text, context: Context, unit: Unit) -> str:
    start, end = context.placed.paragraph.span(unit.start, unit.end)
    held = [label for label in text.labels if label.start < end and start < label.end]
    if not held:
        return "O"
    return "B" if any(start - 6 <= label.start < end for label in held) else "I"


def domain_examples(text: Text) -> list[tuple[list[list[str]], list[str]]]:
    """The commitments under each heading, with their domains."""
    contexts = contexts_of(text.placed)
    rows = []
    for label in text.labels:
        found = next((c for c in contexts if c.start <= label.start < c.end), None)
        if found is not None:
            text_of = found.text_between(label.start, label.end)
            rows.append((found, domain_features(text_of, found.heading, found.lead), domain_features(text_of, "", ""), label.domain))
    out = []
    for _, group in groupby(rows, key=lambda row: row[0].heading):
        held = list(group)
        domains = [row[3] for row in held]
        out.append(([row[1] for row in held], domains))
        # Once more without the heading, so that the words of the commitment themselves learn to decide.
        out += [([row[2]], [row[3]]) for row in held]
    return out


def train(texts: list[Text], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, sequences in (
        ("clauses", [example for text in texts for example in clause_examples(text)]),
        ("domains", [example for text in texts for example in domain_examples(text)]),
    ):
        algorithm, parameters = PARAMETERS[name]
        trainer = pycrfsuite.Trainer(algorithm=algorithm, params=parameters, verbose=False)
        for features, tags in sequences:
            trainer.append(features, tags)
        trainer.train(str(out / f"{name}.crfsuite"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--silver", type=Path)
    parser.add_argument("--reports", type=Path)
    parser.add_argument("--without", default="", help="a gold text to leave out")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1] / "src/sizhang/intake/models")
    args = parser.parse_args()
    names = sorted(path.stem for path in args.gold.glob("*.txt"))
    texts = [load_gold(args.gold, name) for name in names if name != args.without]
    if args.silver:
        texts += [load_silver(path, find_report(path.stem, args.reports)) for path in sorted(args.silver.glob("*.tsv"))]
    train(texts, args.out)
    print(f"trained on {len(texts)} texts, {sum(len(text.labels) for text in texts)} commitments")


if __name__ == "__main__":
    main()
