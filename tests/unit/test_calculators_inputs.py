"""Rows as they come in: what is sound is typed exactly, what is not never counts and is named with its rule."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from sizhang.calculators.form.inputs import Checked, read_inputs
from sizhang.calculators.form.schema import Column, Lateness, Schema
from sizhang.core.errors import InputError

POINTS = Schema(
    "points",
    "测点 points",
    (
        Column("point", "text", "测点 point"),
        Column("measured_on", "date", "日期 day"),
        Column("lead_mg_l", "number", "铅 lead", decimals=4, low=0, high=100, non_detect=True),
        Column("note_mg", "number", "备注 note", required=False, decimals=3, other_names={"note_ug": 3}),
    ),
    key=("point", "measured_on"),
)
HEADING = "point,measured_on,lead_mg_l,note_ug\n"


def read(tmp_path: Path, rows: str, schema: Schema = POINTS, encoding: str = "utf-8") -> Checked:
    path = tmp_path / "data.csv"
    path.write_bytes(rows.encode(encoding))
    return read_inputs((schema,), [str(path)])[schema.name]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_sound_rows_are_exact_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    checked = read(tmp_path, HEADING + "甲,2023-01-01,0.0123,7\n乙, 2023-01-02 ,<0.02,\n丙,2023-01-02,0.02L,9\n", encoding=encoding)
    rows = {row["point"]: row for row in checked.rows()}
    assert rows["甲"]["lead_mg_l"] == Decimal("0.0123")
    assert rows["甲"]["note_mg"] == Decimal("0.007")
    assert rows["乙"]["measured_on"] == date(2023, 1, 2)
    assert [(rows[p]["lead_mg_l"], rows[p]["lead_mg_l_below"]) for p in "甲乙丙"] == [
        (Decimal("0.0123"), False),
        (Decimal("0.0200"), True),
        (Decimal("0.0200"), True),
    ]
    assert (checked.present, checked.valid, checked.rejected) == (3, 3, {})


@pytest.mark.parametrize(
    ("row", "rule", "text"),
    [
        (",2023-01-01,1,1", "missing: point", ""),
        ("甲,2023-02-30,1,1", "unreadable: measured_on", "2023-02-30"),
        ("甲,2023-01-01,,1", "missing: lead_mg_l", ""),
        ("甲,2023-01-01,—,1", "missing: lead_mg_l", "—"),
        ("甲,2023-01-01,inf,1", "unreadable: lead_mg_l", "inf"),
        ("甲,2023-01-01,1O,1", "unreadable: lead_mg_l", "1O"),
        ("甲,2023-01-01,-0.0001,1", "out of range: lead_mg_l", "-0.0001"),
        ("甲,2023-01-01,100.0001,1", "out of range: lead_mg_l", "100.0001"),
        ("甲,2023-01-01,1e30,1", "unreadable: lead_mg_l", "1e30"),
        ("甲,2023-01-01", "cells in the row: 2 of 4", "甲,2023-01-01"),
    ],
)
def test_a_bad_row_never_counts_and_is_named(tmp_path: Path, row: str, rule: str, text: str) -> None:
    checked = read(tmp_path, HEADING + row + "\n乙,2023-01-02,1,1\n")
    assert [r["point"] for r in checked.rows()] == ["乙"]
    assert (checked.present, checked.valid, dict(checked.rejected)) == (2, 1, {rule: 1})
    found = checked.rejections[0]
    assert (found.file, found.line, found.rule, found.text) == ("data.csv", 2, rule, text)


def test_a_bad_cell_of_an_optional_column_is_left_out_alone(tmp_path: Path) -> None:
    checked = read(tmp_path, HEADING + "甲,2023-01-01,1,x\n")
    assert checked.rows()[0]["note_mg"] is None
    assert (checked.valid, checked.rejections[0].column, checked.rejections[0].text) == (1, "note_mg", "x")


def test_the_line_is_the_files_own_behind_rows_that_are_none(tmp_path: Path) -> None:
    checked = read(tmp_path, HEADING + "x,y\n甲,2023-01-01,1,1\nx\n甲,2023-01-02,z,1\n")
    assert [(r.line, r.rule) for r in checked.rejections] == [
        (2, "cells in the row: 2 of 4"),
        (4, "cells in the row: 1 of 4"),
        (5, "unreadable: lead_mg_l"),
    ]


def test_the_same_row_counts_once_and_two_different_ones_not_at_all(tmp_path: Path) -> None:
    checked = read(tmp_path, HEADING + "甲,2023-01-01,1,1\n甲,2023-01-01,1.0,1\n乙,2023-01-01,1,1\n乙,2023-01-01,2,1\n")
    assert [r["point"] for r in checked.rows()] == ["甲"]
    assert checked.rejected == {"duplicate: the first counts": 1, "duplicate: the rows differ, none counts": 2}


def test_a_row_that_came_late_does_not_count(tmp_path: Path) -> None:
    schema = Schema(
        "hours",
        "小时 hours",
        (Column("hour_start_at", "instant", "时", other_names={"hour_end_at": -1}), Column("received_at", "instant", "收")),
        late=Lateness("hour_start_at", "received_at", hours=2),
    )
    rows = "hour_end_at,received_at\n2023-01-01 01:00,2023-01-01 03:00\n2023-01-01 01:00,2023-01-01 03:00:01\n"
    checked = read(tmp_path, rows, schema)
    assert [r["hour_start_at"] for r in checked.rows()] == [datetime(2023, 1, 1)]
    assert checked.rejected == {"late: more than 2 h after the hour": 1}


def test_floats_of_a_parquet_file_become_the_decimals_that_were_meant(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = Schema("v", "值 v", (Column("v_mg", "number", "值", decimals=3),))
    values = [0.1 + 0.2, float("nan"), float("inf"), 4.1, 1e300, None]
    pq.write_table(pa.table({"v_mg": values}), tmp_path / "v.parquet")
    checked = read_inputs((schema,), [str(tmp_path)])["v"]
    assert sorted(r["v_mg"] for r in checked.rows()) == [Decimal("0.300"), Decimal("4.100")]
    assert checked.rejected == {"missing: v_mg": 1, "unreadable: v_mg": 3}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "empty line"),
        ("a.csv", b"point,point\n", "same name"),
        ("a.csv", b"other,heading\n1,2\n", "fits no table"),
        ("a.parquet", b"PAR1 no", "cannot be read as parquet"),
        ("a.xlsx", b"", "is not read"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=says):
        read_inputs((POINTS,), [str(tmp_path / name)])


def test_a_heading_alone_is_a_table_of_no_rows(tmp_path: Path) -> None:
    checked = read(tmp_path, HEADING)
    assert (checked.present, checked.valid, checked.rows()) == (0, 0, [])


def test_an_optional_text_that_is_blank_is_none(tmp_path: Path) -> None:
    schema = Schema("t", "表 t", (Column("name", "text", "名"), Column("document", "text", "文号", required=False)))
    checked = read(tmp_path, "name,document\n甲,\n乙, \n丙,—\n丁,一号\n", schema)
    assert {r["name"]: r["document"] for r in checked.rows()} == {"甲": None, "乙": None, "丙": None, "丁": "一号"}


def test_tables_of_one_reading_can_be_joined(tmp_path: Path) -> None:
    """Each has rows of its own, and a relational definition joins them in one engine."""
    left = Schema("left", "左 left", (Column("key", "text", "键"), Column("a_m", "number", "甲", decimals=1)))
    right = Schema("right", "右 right", (Column("key", "text", "键"), Column("b_m", "number", "乙", decimals=1)))
    (tmp_path / "a.csv").write_text("key,a_m\nx,1.5\ny,bad\n", "utf-8")
    (tmp_path / "b.csv").write_text("key,b_m\nx,2.5\ny,3\n", "utf-8")
    tables = read_inputs((left, right), [str(tmp_path)])
    joined = tables["left"].frame.join(tables["right"].frame, on="key", how="inner").collect(backend="pyarrow").to_native().to_pylist()
    assert [(row["key"], row["a_m"], row["b_m"]) for row in joined] == [("x", 15, 25)]
    assert (tables["left"].valid, tables["right"].valid) == (1, 2)
