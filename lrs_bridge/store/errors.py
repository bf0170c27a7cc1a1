"""The errors of the store. No message holds a credential, a statement's body or a person's name.

StoreError
├── Unreachable        the database does not answer       -> start it, or correct the address
│   ├── Full           there is no room left for it           -> make room
│   ├── ReadOnly       it can be read and not written         -> let this user write
│   ├── Busy           another process keeps it for itself    -> end that process, or wait
│   └── Damaged        its file is damaged                    -> restore a backup
├── NotFound           something that was asked for by id is not there
├── Refused            what was asked for would break what is kept (a published version, a taken login)
└── SchemaError
    ├── SchemaMissing  there is no database, or an empty one  -> lrs-bridge db upgrade
    ├── SchemaOlder    it was made by an earlier version      -> lrs-bridge db upgrade
    ├── SchemaNewer    it was made by a later version         -> install that version
    └── SchemaForeign  it belongs to another program          -> correct the address
"""

from __future__ import annotations


class StoreError(Exception):
    """Root of what the store raises on purpose; the text is one sentence or two, with what to do."""


class Unreachable(StoreError):
    """The database does not answer, or takes nothing in. What waits is done once it does again."""


class Full(Unreachable):
    """There is no room left for the database."""


class ReadOnly(Unreachable):
    """The database can be read, and not written."""


class Busy(Unreachable):
    """Another process keeps the database for itself."""


class Damaged(Unreachable):
    """The database's file is damaged, or a file that should be one is none."""


class NotFound(StoreError):
    """Nothing is kept under that id."""


class Refused(StoreError):
    """What was asked for would break what is kept."""


class SchemaError(StoreError):
    """The database is not laid out as this version needs it."""


class SchemaMissing(SchemaError):
    """There is no database yet, or nothing in it."""


class SchemaOlder(SchemaError):
    """The database was laid out by an earlier version."""


class SchemaNewer(SchemaError):
    """The database was laid out by a later version."""


class SchemaForeign(SchemaError):
    """The database holds tables of another program."""
