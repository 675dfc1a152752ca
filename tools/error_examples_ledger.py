"""The ledger's files of `examples/errors`: rule books, readings, lots and parts that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
_SOUND: Final = (ROOT / "tests/golden/qinghe2026.jsonl").read_text("utf-8").splitlines()[:3]


def make_ledger_files() -> dict[str, bytes]:
    """Each file by its name."""
    texts = {
        "rules-no-toml.toml": "claim_expires_days: 60\n",
        "rules-unknown.toml": "claim_days = 60\n",
        "rules-limit.toml": "claim_expires_days = 0\n",
        "rules-roles.toml": '[roles]\nsettle = ["reporter"]\n',
        "reading-faulty.jsonl": "\n".join([_SOUND[0], '{"start": 956}', "承诺", _SOUND[2]]) + "\n",
        "reading-other.jsonl": "\n".join([_SOUND[0], _changed(_SOUND[1])]) + "\n",
        "reading-empty.jsonl": "\n",
        "lots-faulty.csv": "lot,quantity\n甲-2,100\n,100\n甲-3,一百\n",
        "lots-heading.csv": "lot,quantity\n",
        "lots-sum.csv": "lot,quantity\n甲-2,100\n甲-3,199\n",
        "lots-some.csv": "lot,quantity\n甲-2,100\n甲-3,\n",
        "lots-uneven.csv": "甲-2\n甲-3\n甲-4\n甲-5\n甲-6\n甲-7\n甲-8\n",
        "lots-twice.csv": "lot,quantity\n甲-2,150\n甲-2,150\n",
        "lots-claimed.csv": "lot,quantity\n甲-2,200\n甲-1,100\n",
        "lots-person.csv": "lot,quantity\n11010519491231002X,300\n",
        "parts-sum.csv": "body,number\n甲县,500\n乙县,300\n",
        "parts-body.csv": "body,number\n甲县,500\n丙县,500\n",
        "parts-twice.csv": "body,share\n甲县,1\n甲县,2\n",
        "parts-number.csv": "body,number\n甲县,一半\n",
    }
    return {name: text.encode() for name, text in texts.items()}


def _changed(line: str) -> str:
    """The same promise with a number that its report has not."""
    draft = json.loads(line)
    draft["text"] = draft["text"].replace("6%", "7%")
    return json.dumps(draft, ensure_ascii=False)
