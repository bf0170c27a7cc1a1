"""The key that signs sessions: from the environment or a file, and made once where there is none.

There is no built-in key on purpose: a key that everybody knows is no key.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from lrs_bridge.errors import ConfigurationError
from lrs_bridge.settings.sections import WebSettings

_SHORTEST = 32


def secret_key(web: WebSettings) -> str:
    """The key, at least 32 characters long. Raises ConfigurationError with what to do."""
    if web.secret_key is not None:
        return _checked(web.secret_key.get_secret_value(), "from the environment")
    return _checked(_kept_in(web.secret_key_file), f"in {web.secret_key_file}")


def _kept_in(file: Path) -> str:
    """What the file holds; it is made, readable for its owner alone, if it does not exist."""
    try:
        if not file.exists():
            _make(file)
    except OSError as error:
        raise ConfigurationError(
            f"web.secret_key_file: {file} cannot be made ({error.strerror}).",
            "Make its folder writable, or name another file.",
        ) from None
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(
            f"web.secret_key_file: {file} cannot be read.", "Check its permissions, or name another file."
        ) from None


def _make(file: Path) -> None:
    """Written whole before it gets its name, so that two processes that start together agree on one key."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as made:
        made.write(secrets.token_hex(_SHORTEST))
    try:
        os.link(draft, file)
    except FileExistsError:
        pass  # the other one was quicker: its key holds
    finally:
        draft.unlink()


def _checked(key: str, where: str) -> str:
    if len(key) < _SHORTEST:
        raise ConfigurationError(
            f"The key that signs sessions, {where}, is shorter than {_SHORTEST} characters.",
            "Delete the file and it is made anew, or give a longer key.",
        )
    return key
