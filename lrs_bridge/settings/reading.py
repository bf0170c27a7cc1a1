"""From a TOML file and the environment to `Settings`; whatever is wrong is told at once.

The way: find the file, read it, refuse secrets in it, lay the environment over it, fetch the secrets that it names,
check every section, check what sections must have in common.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from lrs_bridge.settings.environment import ENVIRONMENT, override
from lrs_bridge.settings.model import SECTIONS, Settings
from lrs_bridge.settings.problems import SettingsError, SettingsProblem, saying, unknown
from lrs_bridge.settings.secrets import fetch_secrets
from lrs_bridge.settings.sections import SECRETS, SIGN_IN_NEEDS, SOURCE_KINDS, SourceSettings, XapiSourceSettings

BUILT_IN = "built-in defaults"
CANDIDATES = (Path("lrs_bridge.toml"), Path("config/lrs_bridge.toml"))

Table = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)
#: Keys whose values are addresses that may carry a password.
_ADDRESSES = (("database", "url"), ("celery", "broker"))


def load_settings(config: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from `config`, else $LRS_BRIDGE_CONFIG, ./lrs_bridge.toml, config/lrs_bridge.toml, or none at all.

    Raises SettingsError with every problem.
    """
    environment = os.environ if environment is None else environment
    file = find_file(config, environment)
    where = str(file) if file else BUILT_IN
    raw = _read(file) if file else {}
    return _Check(where, environment).settings(raw, file)


def find_file(config: Path | None, environment: Mapping[str, str]) -> Path | None:
    """The configuration file that counts; None for the built-in defaults."""
    named = config or (Path(environment["LRS_BRIDGE_CONFIG"]) if environment.get("LRS_BRIDGE_CONFIG") else None)
    return named or next((candidate for candidate in CANDIDATES if candidate.is_file()), None)


def _read(file: Path) -> Table:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([SettingsProblem(str(file), "", f"this is not TOML: {error}")]) from None
    except UnicodeDecodeError:
        raise SettingsError([SettingsProblem(str(file), "", "expected text in UTF-8")]) from None
    except OSError as error:
        message = f"cannot be read ({error.strerror}); give another file with --config or LRS_BRIDGE_CONFIG"
        raise SettingsError([SettingsProblem(str(file), "", message)]) from None


class _Check:
    """Collects problems while one configuration is read."""

    def __init__(self, where: str, environment: Mapping[str, str]) -> None:
        self.where = where
        self.environment = environment
        self.problems: list[SettingsProblem] = []
        self.overridden: dict[str, str] = {}

    def settings(self, raw: Table, file: Path | None) -> Settings:
        self._shape(raw)
        self._no_secrets(raw)
        self.overridden, problems = override(raw, self.environment)
        self.problems += problems
        sections = {name: self._section(name, model, raw.get(name)) for name, model in SECTIONS.items()}
        sources = tuple(self._sources(raw.get("sources")))
        if self.problems:
            raise SettingsError(self.problems)
        settings = Settings.model_validate({"file": file, "sources": sources, **sections})
        self._together(settings)
        if self.problems:
            raise SettingsError(self.problems)
        return settings

    def problem(self, key: str, message: str) -> None:
        """Remember what is wrong at a key, and say so where it was set."""
        variable = self.overridden.get(key)
        where, name = (ENVIRONMENT, variable) if variable else (self.where, key)
        self.problems.append(SettingsProblem(where, name, message))

    def _shape(self, raw: Table) -> None:
        known = (*SECTIONS, "sources")
        for name in [each for each in raw if each not in known]:
            self.problem(name, unknown(name, known))
        for name in [each for each in SECTIONS if not isinstance(raw.get(each, {}), dict)]:
            self.problem(name, f"expected a table, [{name}]")
            del raw[name]
        sources = raw.get("sources", [])
        if not isinstance(sources, list) or not all(isinstance(each, dict) for each in sources):
            self.problem("sources", "expected a list of tables, each headed [[sources]]")
            del raw["sources"]

    def _no_secrets(self, raw: Table) -> None:
        """Files are copied, committed and mailed; secrets in them are, too."""
        for prefix, table in _tables(raw):
            for secret in [name for name in SECRETS if name in table]:
                message = f"a secret does not belong in this file; use {secret}_file or {secret}_env"
                self.problem(f"{prefix}.{secret}", message)
                del table[secret]
        for section, key in _ADDRESSES:
            if _carries_password(raw.get(section, {}).get(key)):
                advice = "password_file or password_env" if section == "database" else "LRS_BRIDGE_CELERY__BROKER"
                self.problem(f"{section}.{key}", f"a password does not belong in this file; use {advice}")

    def _section(self, name: str, model: type[BaseModel], table: Table | None) -> BaseModel | None:
        return self._validate(name, model, table or {})

    def _sources(self, tables: list[Table] | None) -> Iterator[SourceSettings]:
        names: set[object] = set()
        for number, table in enumerate(tables or [], start=1):
            name = table.get("name")
            prefix = f"sources.{name}" if isinstance(name, str) and name else f"sources[{number}]"
            if name in names:
                self.problem(f"{prefix}.name", "another source has this name; each needs one of its own")
            names.add(name if isinstance(name, str) else None)
            source = self._source(prefix, table)
            if source is not None:
                yield source

    def _source(self, prefix: str, table: Table) -> SourceSettings | None:
        kind = table.get("kind", "xapi")
        model = SOURCE_KINDS.get(kind) if isinstance(kind, str) else None
        if model is None:
            self.problem(f"{prefix}.kind", f"expected one of {', '.join(map(repr, SOURCE_KINDS))}")
            return None
        source = self._validate(prefix, model, table)
        if isinstance(source, XapiSourceSettings):
            for name in [each for each in SIGN_IN_NEEDS[source.auth] if not _is_given(each, source, table)]:
                hint = f"; give {name}_file or {name}_env" if name in SECRETS else ""
                self.problem(f"{prefix}.{name}", f'is missing: auth = "{source.auth}" needs it{hint}')
        return source

    def _validate(self, prefix: str, model: type[Model], table: Table) -> Model | None:
        for key, message in fetch_secrets(table, self.environment):
            self.problem(f"{prefix}.{key}", message)
        try:
            return model.model_validate(table)
        except ValidationError as refused:
            for error in refused.errors(include_url=False, include_input=False):
                key = str(error["loc"][0])
                extra = error["type"] == "extra_forbidden"
                self.problem(f"{prefix}.{key}", unknown(key, model.model_fields) if extra else saying(error))
            return None

    def _together(self, settings: Settings) -> None:
        if settings.delivery.channel == "mail":
            for name in [each for each in ("host", "sender") if not getattr(settings.mail, each)]:
                self.problem(f"mail.{name}", 'is missing: [delivery] channel = "mail" needs it')
            if settings.privacy.pseudonyms:
                message = 'is "mail", and with [privacy] pseudonyms = true no address is known: set it to "log"'
                self.problem("delivery.channel", message)
        mail = settings.mail
        if bool(mail.username) != bool(mail.password or mail.password_env or mail.password_file):
            self.problem("mail.username", "goes with password_file or password_env: give both or neither")


def _is_given(name: str, source: XapiSourceSettings, table: Table) -> bool:
    """Whether it is there, or is referred to: what cannot be fetched has been told already."""
    return bool(getattr(source, name) or table.get(f"{name}_env") or table.get(f"{name}_file"))


def _tables(raw: Table) -> Iterator[tuple[str, Table]]:
    yield from ((name, raw[name]) for name in SECTIONS if name in raw)
    for number, table in enumerate(raw.get("sources", []), start=1):
        yield f"sources.{table.get('name', number)}", table


def _carries_password(address: object) -> bool:
    try:
        return isinstance(address, str) and make_url(address).password is not None
    except ArgumentError:
        return False
