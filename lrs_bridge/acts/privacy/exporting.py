"""Everything about one person as one document, or as an archive of it with the statements as they were received.

The document's form is described in docs/personal-data.md, and has a version: what it says stays readable.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from lrs_bridge.acts.actor import Actor
from lrs_bridge.acts.auditing import record
from lrs_bridge.acts.errors import NotFound
from lrs_bridge.acts.permission import allow
from lrs_bridge.acts.privacy.who import find
from lrs_bridge.bridge import Bridge
from lrs_bridge.store.engine import write
from lrs_bridge.store.personal import records_of, subject_of
from lrs_bridge.store.pseudonyms import as_kept

FORMAT: Final = "lrs-bridge-person"
VERSION: Final = 1

_EXPORT = "person.export"
#: Tables whose rows hold a body as it was received, and the folder of the archive in which those stand.
_BODIES = {"statement": "statements", "quarantine": "quarantine"}

Document = dict[str, Any]


def export(bridge: Bridge, by: Actor, text: str, now: datetime) -> Document:
    """Everything about a learner, who is named by id, mail address or identifier. Raises ActError."""
    allow(_EXPORT, by)
    with write(bridge.engine) as connection:
        learner = find(connection, text, as_kept(connection, bridge.seal)).learner
        if learner is None:
            raise NotFound("Nobody is linked to this identifier.", "Its statements can be erased with `people erase`.")
        records = records_of(connection, subject_of(connection, learner.id))
        record(connection, by, _EXPORT, learner.id, now)
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": now,
        "learner": learner.id,
        "records": records,
    }


def as_json(document: Document) -> bytes:
    """The document as JSON in UTF-8; bodies of statements stand in it as the JSON texts that they are."""
    records: Mapping[str, list[Document]] = document["records"]
    told = {
        table: [{**row, "body": row["body"].decode("utf-8", "replace")} for row in rows] if table in _BODIES else rows
        for table, rows in records.items()
    }
    encoded = msgspec.json.encode({**document, "records": told}, order="deterministic")
    return msgspec.json.format(encoded, indent=2) + b"\n"


def as_archive(document: Document) -> bytes:
    """A ZIP: `person.json`, and each statement byte for byte as it was received."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("person.json", as_json(document))
        for table, folder in _BODIES.items():
            for row in document["records"].get(table, ()):
                files.writestr(f"{folder}/{_file_name(row['id'])}.json", row["body"])
    return archive.getvalue()


def _file_name(own_id: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in own_id)
