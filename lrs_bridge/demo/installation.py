"""An ordinary installation in a folder: configuration, secrets in files, rules, and the files that people import.

Whoever wants to see how a configuration looks finds one here that works.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lrs_bridge.demo.documents import copy_rules, write_agendas, write_catalogue, write_learners, write_strategy
from lrs_bridge.demo.organisation import Invention
from lrs_bridge.demo.people import ORGANISATION
from lrs_bridge.demo.stores import USER
from lrs_bridge.demo.times import TIME_ZONE
from lrs_bridge.errors import UsageError

CONFIGURATION = "lrs_bridge.toml"

_HEAD = """\
# The demo's installation. `lrs-bridge --config {folder}/{file} status` looks into it;
# `user add` and `up` show its pages again. Its two sources answer only as long as the demo runs.

[organisation]
name = "{name}"
time_zone = "{zone}"
currency = "EUR"
hourly_rate = 45.00

[database]
url = "sqlite:///{folder}/lrs_bridge.db"

[rules]
path = "{folder}/rules"

[web]
port = {port}
secret_key_file = "{folder}/secret-key"

[privacy]
secret_key_file = "{folder}/privacy-key"
erasures_file = "{folder}/erasures"

[schedule]
pull = "1min"

[log]
level = "warning"
"""

_SOURCE = """
[[sources]]
name = "{name}"
kind = "xapi"
endpoint = "{endpoint}"
username = "{user}"
password_file = "{folder}/lrs-password"
"""


def prepare(folder: Path) -> Path:
    """The folder, made if it is not there. Raises UsageError if something is in it: nothing is ever overwritten."""
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder.", "Give the demo a folder of its own with --folder.")
    if any(letter in str(folder) for letter in '"\\?#\n'):
        raise UsageError("The folder's name has characters that an address cannot hold.", "Choose another --folder.")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_configuration(folder: Path, endpoints: Mapping[str, str], password: str, port: int) -> Path:
    """The configuration file, with the password beside it in a file that only its owner reads."""
    secret = folder / "lrs-password"
    secret.touch(mode=0o600)
    secret.write_text(password, encoding="utf-8")
    head = _HEAD.format(folder=folder, file=CONFIGURATION, name=ORGANISATION, zone=TIME_ZONE.key, port=port)
    sources = [
        _SOURCE.format(name=name, endpoint=endpoint, user=USER, folder=folder) for name, endpoint in endpoints.items()
    ]
    path = folder / CONFIGURATION
    path.write_text("".join((head, *sources)), encoding="utf-8")
    return path


def write_files(folder: Path, invention: Invention) -> None:
    """Everything that is imported once, and the rules. Contracts come month by month."""
    copy_rules(folder / "rules")
    imports = folder / "imports"
    imports.mkdir(exist_ok=True)
    write_learners(imports / "learners.csv", invention.people)
    write_strategy(imports / "strategy.yaml", invention.partners)
    write_catalogue(imports / "catalogue.yaml")
    write_agendas(imports / "agendas.yaml", invention.agreements)
