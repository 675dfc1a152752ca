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

from sizhang.core.errors import LedgerError
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
        return bytes.fromhex(path.read_text("ascii").strip())
    if store.rows("SELECT id FROM lot WHERE identity LIKE %s LIMIT 1", ["person:%"]):
        raise LedgerError(
            "The ledger's key is missing: people who were counted before could not be known again.",
            where=str(path),
            remedy="Put the key back from its own safe place.",
        )
    key = secrets.token_bytes(32)
    if not store.rehearsing:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
    return key
