"""What a reading is written as: lines of JSON, a table, comma-separated rows, the review sheet, one page."""

from __future__ import annotations

from sizhang.intake.output.csv import write_csv
from sizhang.intake.output.html import write_html
from sizhang.intake.output.jsonl import write_jsonl
from sizhang.intake.output.table import print_table, write_table
from sizhang.intake.output.xlsx import write_xlsx

__all__ = ["write_jsonl", "print_table", "write_table", "write_csv", "write_xlsx", "write_html"]
