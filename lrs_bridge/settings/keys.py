"""The installation's own keys: that which signs sessions, and that under which identifiers are hashed.

Either comes from the environment or a file, and is made once where there is none.

There is no built-in key on purpose: a key that everybody knows is no key.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from lrs_bridge.errors import ConfigurationError
from lrs_bridge.settings.sections import PrivacySettings, WebSettings

_SHORTEST = 32


def secret_key(web: WebSettings) -> str:
    """The key that signs sessions, at least 32 characters long. Raises ConfigurationError with what to do."""
    if web.secret_key is not None:
        return _checked(web.secret_key.get_secret_value(), "The key that signs sessions, from the environment", _ANEW)
    kept = _kept_in(web.secret_key_file, "web")
    return _checked(kept, f"The key that signs sessions, in {web.secret_key_file}", _ANEW)


def privacy_key(privacy: PrivacySettings, *, make: bool) -> str:
    """The key under which identifiers are hashed. Without `make` it has to be there: a new one recognises nobody.

    Raises ConfigurationError with what to do.
    """
    if privacy.secret_key is not None:
        return _checked(privacy.secret_key.get_secret_value(), "The key of [privacy], from the environment", _LONGER)
    file = privacy.secret_key_file
    if not make and not file.exists():
        raise ConfigurationError(
            f"privacy.secret_key_file: {file} is missing, and people who were erased are recognised by it.",
            "Put it back from its backup; until then nothing is taken in, so that nobody comes back unnoticed.",
        )
    return _checked(_kept_in(file, "privacy"), f"The key of [privacy], in {file}", _LONGER)


_ANEW = "Delete the file and it is made anew, or give a longer key."
_LONGER = "Put the right key back, or give a longer one before anybody is erased."


def _kept_in(file: Path, section: str) -> str:
    """What the file holds; it is made, readable for its owner alone, if it does not exist."""
    try:
        if not file.exists():
            _make(file)
    except OSError as error:
        raise ConfigurationError(
            f"{section}.secret_key_file: {file} cannot be made ({error.strerror}).",
            "Make its folder writable, or name another file.",
        ) from None
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(
            f"{section}.secret_key_file: {file} cannot be read.", "Check its permissions, or name another file."
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


def _checked(key: str, which: str, advice: str) -> str:
    if len(key) < _SHORTEST:
        raise ConfigurationError(f"{which}, is shorter than {_SHORTEST} characters.", advice)
    return key
