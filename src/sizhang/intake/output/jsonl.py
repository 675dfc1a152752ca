"""The guide's file form: one JSON object a line, in order of `start`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from sizhang.intake.output.labels import format_plain

if TYPE_CHECKING:
    from sizhang.core.promise import DraftPromise, Target
    from sizhang.intake.reading import Reading

# JSON leaves these as they are, but many readers of lines end a line at them.
_LINE_ENDS: Final = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}


def write_jsonl(reading: Reading) -> str:
    """Write the promises in the guide's file form.

    Returns:
        One object a line, each line ended by a line feed; the empty string where there is no promise. Values are plain
        JSON numbers with every digit kept; `value_max` stands only where the target is a range.
    """
    return "".join(_promise(promise) + "\n" for promise in sorted(reading.promises, key=lambda one: (one.start, one.end)))


def _promise(promise: DraftPromise) -> str:
    head = {name: getattr(promise, name) for name in ("start", "end", "text", "kind", "domain", "strength", "deadline")}
    targets = ", ".join(_target(target) for target in promise.targets)
    return f'{_dump(head)[:-1]}, "targets": [{targets}]}}'


def _target(target: Target) -> str:
    # The digits are written by hand: the json module knows floats only, and a float would lose digits of an exact number.
    value = f'"value": {format_plain(target.value)}'
    if target.value_max is not None:
        value += f', "value_max": {format_plain(target.value_max)}'
    rest = _dump({name: getattr(target, name) for name in ("unit", "op", "basis", "object")})
    return f'{{"text": {_dump(target.text)}, {value}, {rest[1:]}'


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).translate(_LINE_ENDS)
