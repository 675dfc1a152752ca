"""Open data 开放数据: every promise and every entry as plain tables, straight from SQL, with numbers as exact decimal strings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from sizhang.core.quantity import format_number
from sizhang.store.chain import day_of, instant_of
from sizhang.store.connection import Store

# Column, type in the Data Package, what it means.
PROMISE_COLUMNS: Final = (
    ("number", "string", _("承诺在账上的编号；分出来的，点号前是原来那一项的编号")),
    ("year", "integer", _("报告的年份")),
    ("title", "string", _("承诺了什么")),
    ("domain", "string", _("领域，账本自己的代号；没有就空着")),
    ("kind", "string", _("类型：quantity 数量、milestone 节点、coverage 覆盖、action 事项，或空着")),
    ("measure", "string", _("怎么计：amount、members、stages、level、cap、action")),
    ("strength", "string", _("力度：ensure 确保、strive 力争、plan 安排")),
    ("deadline", "string", _("期限，到日；报告没有写就空着")),
    ("body", "string", _("牵头单位")),
    ("place", "string", _("单位所在地的 GB/T 2260 代码；全市就空着")),
    ("parent", "string", _("从哪一项分出来的")),
    ("unit", "string", _("后面六个数的单位")),
    ("pledge", "number", _("应办：尚欠、已交、已核、已销加在一起")),
    ("owed", "number", _("尚欠：还没有交账的")),
    ("claimed", "number", _("已交待核：单位自己报的，不能算办成")),
    ("verified", "number", _("已核待销：别人核实过，还没有销账")),
    ("settled", "number", _("已销：核实并销账")),
    ("surplus", "number", _("其中超额：比报告原数加上去的部分")),
)
ENTRY_COLUMNS: Final = (
    ("seq", "integer", _("这一笔在链上的序号，不断号")),
    ("client_id", "string", _("防重号：同一个号只记一次")),
    ("promise", "string", _("承诺的编号")),
    ("unit", "string", _("承诺的单位")),
    ("decimals", "integer", _("一步有几位小数")),
    ("verb", "string", _("动作：open 建账、claim 交账、verify 核账、reject 退账、settle 销账、amend 调账、reopen 回账、expire 逾期退账")),
    ("source", "integer", _("从哪里来：0 账外、1 尚欠、2 已交、3 已核、4 已销")),
    ("target", "integer", _("到哪里去")),
    ("steps", "integer", _("走了多少步")),
    ("day", "integer", _("哪一天的事：1970-01-01 起的天数")),
    ("instant", "integer", _("何时记的：1970-01-01T00:00Z 起的微秒")),
    ("person", "string", _("谁记的：岗位名或代称")),
    ("body", "string", _("代表哪个单位")),
    ("text", "string", _("理由或说明")),
    ("surplus", "integer", _("加到报告原数以上的是 1")),
    ("evidence", "string", _("每件佐证的 SHA-256，用空格隔开")),
    ("lots", "string", _("名下的东西，用 U+001E 隔开")),
    ("hash", "string", _("指纹：前一个指纹接上这一笔的 SHA-256，十六进制")),
    ("quantity", "number", _("步数换成单位里的数")),
    ("on", "date", _("哪一天的事")),
    ("recorded_at", "datetime", _("何时记的，UTC")),
)
_SELECT_PROMISES: Final = (
    "SELECT p.number, p.year, p.title, p.domain, p.kind, p.measure, p.strength, p.deadline, b.name, b.place, COALESCE(q.number, ''), "
    "p.unit, p.decimals, a.promised, a.claimed, a.verified, a.settled, a.surplus FROM promise p JOIN body b ON b.id = p.body_id "
    "JOIN balance a ON a.promise_id = p.id LEFT JOIN promise q ON q.id = p.parent_id"
)
_SELECT_ENTRIES: Final = (
    "SELECT e.seq, e.client_id, p.number, p.unit, p.decimals, e.verb, e.source, e.target, e.steps, e.effective_on, e.recorded_at, "
    "COALESCE(w.name, ''), COALESCE(b.name, ''), e.text, e.surplus, e.evidence, e.lots, e.hash FROM entry e "
    "JOIN promise p ON p.id = e.promise_id LEFT JOIN person w ON w.id = e.person_id LEFT JOIN body b ON b.id = e.body_id"
)


def names_of(columns: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    """The first row of a table."""
    return tuple(name for name, _type, _meaning in columns)


def promise_records(store: Store, wanted: Mapping[str, object], limit: int, offset: int) -> list[dict[str, Any]]:
    """Promises by number.

    Args:
        wanted: values that the columns `year`, `domain`, `body` and `number` must have; an empty one is as if not given.
    """
    columns = {"year": "p.year", "domain": "p.domain", "body": "b.name", "number": "p.number"}
    held = {columns[name]: value for name, value in wanted.items() if value not in ("", None)}
    where = " AND ".join(f"{column} = %s" for column in held) or "1 = 1"
    order = 'p.number COLLATE "C"' if store.engine == "postgresql" else "p.number"
    sql = f"{_SELECT_PROMISES} WHERE {where} ORDER BY {order} LIMIT %s OFFSET %s"
    names = names_of(PROMISE_COLUMNS)
    return [dict(zip(names, _promise_cells(row), strict=True)) for row in store.rows(sql, [*held.values(), limit, offset])]


def _promise_cells(row: Sequence[Any]) -> list[Any]:
    *first, decimals, promised, claimed, verified, settled, surplus = row
    stages = (promised + claimed + verified + settled, promised, claimed, verified, settled, surplus)
    return [*first, *(format_number(int(steps), decimals) for steps in stages)]


def entry_records(store: Store, after: int, limit: int, promise: str = "") -> list[dict[str, Any]]:
    """Entries in the order of the chain, those with a number after `after`; of one promise where it is given."""
    where, values = ("p.number = %s AND e.seq > %s", [promise, after]) if promise else ("e.seq > %s", [after])
    return _records(store.rows(f"{_SELECT_ENTRIES} WHERE {where} ORDER BY e.seq LIMIT %s", [*values, limit]))


def latest_records(store: Store, verbs: tuple[str, ...], limit: int) -> list[dict[str, Any]]:
    """The latest entries of some verbs, the last one first."""
    among = ", ".join(["%s"] * len(verbs))
    return _records(store.rows(f"{_SELECT_ENTRIES} WHERE e.verb IN ({among}) ORDER BY e.seq DESC LIMIT %s", [*verbs, limit]))


def _records(rows: Iterable[Any]) -> list[dict[str, Any]]:
    names = names_of(ENTRY_COLUMNS)
    out = []
    for *first, surplus, evidence, lots, digest in rows:
        steps, decimals, day, instant = int(first[8]), first[4], first[9], first[10]
        last = (int(surplus), evidence, lots, bytes(digest).hex(), format_number(steps, decimals))
        cells = (*first, *last, day_of(day).isoformat(), instant_of(instant).isoformat())
        out.append(dict(zip(names, cells, strict=True)))
    return out


def promise_table(store: Store) -> Iterator[tuple[str, ...]]:
    """Every promise as text."""
    for record in promise_records(store, {}, 2**31 - 1, 0):
        yield tuple(map(str, record.values()))


def data_package(title: str) -> dict[str, Any]:
    """The Data Package that describes the two tables. Source: Data Package v1, Tabular Data Resource."""

    def resource(name: str, columns: Sequence[tuple[str, str, str]], key: str, **more: object) -> dict[str, Any]:
        fields = [{"name": column, "type": kind, "description": gettext(meaning)} for column, kind, meaning in columns]
        return {
            "name": name,
            "path": f"{name}.csv",
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": {"fields": fields, "primaryKey": key, **more},
        }

    to_promises = {"fields": "promise", "reference": {"resource": "promises", "fields": "number"}}
    to_whole = {"fields": "parent", "reference": {"resource": "", "fields": "number"}}
    return {
        "profile": "tabular-data-package",
        "name": "sizhang-ledger",
        "title": title,
        "description": gettext("会被表格软件当成公式的格子，前面加了一个撇号；重算指纹以前去掉它。"),
        "resources": [
            resource("promises", PROMISE_COLUMNS, "number", foreignKeys=[to_whole]),
            resource("entries", ENTRY_COLUMNS, "seq", foreignKeys=[to_promises]),
        ],
    }
