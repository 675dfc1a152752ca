"""The cadence's files of `examples/errors`: tables of plans, seasons, calendars, clocks and prices that cannot be used."""

from __future__ import annotations


def make_cadence_files() -> dict[str, bytes]:
    """Each file by its name."""
    texts = {
        "plan-year.csv": "period,number\n2026-12,5\n2027-01,5\n",
        "plan-overlap.csv": "period,number\n2026年一季度,5\n2026-02,3\n",
        "plan-negative.csv": "period,number\n2026-01,-5\n2026-02,8\n",
        "plan-words.csv": "period,number\n适时,5\n",
        "plan-number.csv": "period,number\n2026-01,若干\n",
        "seasons-day.toml": '[planting]\nseasons = [["3月", "5月", 1]]\n',
        "calendar-year.toml": '[2027]\nholidays = ["2028-10-01"]\n',
        "calendar-name.toml": '[2027]\nfree = ["2027-10-01"]\n',
        "clock-grades.toml": 'name = "x"\nzh = "限时"\ncount = "calendar"\ngrades = ["好", "坏"]\nnodes = []\n',
        "clock-nodes.toml": 'name = "x"\nzh = "限时"\ncount = "calendar"\n',
        "prices-cap.toml": "cap_minutes = 0\n[price]\nfigure = 15\n",
        "prices-table.toml": "cap_minutes = 120\nprice = 15\n",
    }
    return {name: text.encode() for name, text in texts.items()}
