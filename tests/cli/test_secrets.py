"""Secrets are referred to, and stay where they are: no output, no log line and no table ever holds one."""

from __future__ import annotations

import json
from typing import Any

from lrs_bridge.settings import load_settings
from lrs_bridge.store.engine import make_engine
from support.scanning import traces

PASSWORD = "the-password-of-the-lrs"
COMMANDS = (
    ("doctor", "--json"),
    ("pull", "away"),
    ("status", "--json"),
    ("people", "erase", "al", "--reason", "asked for it", "--yes"),
    ("people", "erase", "--again"),
    ("people", "export", "ben", "--to", "{folder}/ben.json"),
    ("retain",),
    ("doctor",),
)


def test_no_secret_is_told_logged_or_kept(installation: Any) -> None:
    folder = installation.folder
    (folder / "lrs-password").write_text(PASSWORD, "utf-8")
    (folder / "secret").write_text("a key that signs sessions, and is long enough", "utf-8")
    with installation.config.open("a", encoding="utf-8") as file:
        file.write(
            '[[sources]]\nname = "away"\nkind = "xapi"\nendpoint = "http://127.0.0.1:9/xapi"\nusername = "bridge"\n'
            f'password_file = "{folder}/lrs-password"\n'
        )
    told = ""
    for command in COMMANDS:
        answer = installation("--debug", *(each.format(folder=folder) for each in command))
        told += answer.out + answer.err
    told += json.dumps(load_settings(installation.config, {}).describe())
    told += repr(load_settings(installation.config, {}))
    told += (folder / "ben.json").read_text("utf-8") + (folder / "erasures").read_text("utf-8")
    secrets = [PASSWORD, *((folder / name).read_text("utf-8").strip() for name in ("secret", "privacy-key"))]
    engine = make_engine(f"sqlite:///{folder}/lrs_bridge.db")

    assert len(told) > 1000
    assert [secret for secret in secrets if secret in told] == []
    assert traces(engine, secrets) == set()
    engine.dispose()
