"""A result for other programs (plain JSON values) and for people (one page that needs nothing else)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any, Final

from sizhang.calculators.form.broken_rules import show_rule
from sizhang.calculators.form.result import Result
from sizhang.charts.figure import read_style, render_charts

OUTCOMES: Final = {"met": "达到 met", "not met": "未达到 not met", "no verdict": "不下结论 no verdict"}
_DROPPED: Final = ("charts", "tables")


def result_data(result: Result) -> dict[str, Any]:
    """The whole result as JSON values. A number that a float cannot hold to its last digit is text."""
    data = {name: plain(part) for name, part in asdict(result).items() if name not in _DROPPED}
    data["tables"] = [{"table": row.table, "line": row.line, "trust": row.trust, "row": row.describe()} for row in result.tables]
    data["unverified"] = [row.describe() for row in result.unverified]
    return data


def plain(value: Any) -> Any:
    """A value of a result as a JSON value."""
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list | tuple) else value


def show_number(value: Decimal | int | str | None) -> str:
    """A figure for people: digits in groups, no exponent; a dash for none."""
    if value is None:
        return "—"
    return value if isinstance(value, str) else f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def render_page(result: Result) -> str:
    """One self-contained page; its content policy lets in nothing but its own style."""
    style = read_style() + (files("sizhang.calculators.form") / "page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return str(_environment().get_template("page.html").render(style=style, style_hash=digest, **_names(result)))


def _names(result: Result) -> dict[str, Any]:
    return {"result": result, "charts": render_charts(result.charts), "outcome": OUTCOMES[result.verdict.outcome]}


def _environment() -> Any:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("sizhang.calculators.form", "."), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["figure"] = show_number
    environment.filters["rule"] = show_rule
    return environment
