"""Identities of people: kept only under a keyed hash, with the key outside the database.

A copy of the database, or of a backup, reveals nobody: without the key not even trying all identity cards would. The key lies beside the
folder of evidence, readable by its owner alone, and needs a safe place of its own: without it, who was counted before is not known again.
"""

from __future__ import annotations

import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path

from sizhang.core.errors import LedgerError, Words
from sizhang.store.connection import Store


def key_path(store: Store) -> Path:
    """Where the ledger's key lies."""
    return store.folder.with_name(store.folder.name.removesuffix(".evidence") + ".key")


def personal_identity(store: Store, identity: str) -> str:
    """A person's identity under the ledger's own key: the same person gives the same text, and the text gives nobody away.

    Source: HMAC with SHA-256 (FIPS 198-1), a key of 32 random bytes.

    Raises:
        LedgerError: people were counted before, and the key is gone.
    """
    digest = hmac.new(_key(store), identity.upper().encode("utf-8"), sha256).hexdigest()
    return f"person:{digest}"


def _key(store: Store) -> bytes:
    path = key_path(store)
    if path.is_file():
        return _read_key(path)
    if store.rows("SELECT id FROM lot WHERE identity LIKE %s LIMIT 1", ["person:%"]):
        raise LedgerError(
            Words(
                "账本的密钥不见了：已记过的人认不出来。",
                "The ledger's key is missing: people who were counted before could not be known again.",
            ),
            where=str(path),
            remedy=Words("请从保管处放回密钥。", "Put the key back from its own safe place."),
        )
    key = secrets.token_bytes(32)
    if not store.rehearsing:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
    return key


def _read_key(path: Path) -> bytes:
    text = path.read_text("ascii", "replace").strip()
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) == 32:
        return key
    what = Words("这个文件不是账本的密钥：密钥是 64 个十六进制字符。", "This file is not the ledger's key, which is 64 hexadecimal digits.")
    remedy = Words(
        f"把真正的密钥放回来；若它是旧版网站的签名密钥，改名为 {path.stem}.site-key。",
        f"Put the true key back; if an older version's site signed with this one, rename it to {path.stem}.site-key.",
    )
    raise LedgerError(what, where=str(path), remedy=remedy)
