"""Ids that follow from what they name (RFC 9562, UUID version 5), so that the same thing always has the same one."""

from __future__ import annotations

from hashlib import sha1
from uuid import UUID


def named_id(namespace: UUID, name: str) -> str:
    """The text of `uuid5(namespace, name)`, in a fifth of its time: a plan asks for one with every finding and task."""
    digits = sha1(namespace.bytes + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"
