"""Lays variables such as LRS_BRIDGE_WEB__PORT over what the configuration file says.

A source is named in between: LRS_BRIDGE_SOURCES__MAIN_LRS__ENDPOINT is `endpoint` of the source "main-lrs".
Variables without a double underscore (LRS_BRIDGE_CONFIG, or one that holds a password) are not meant here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lrs_bridge.settings.model import SECTIONS
from lrs_bridge.settings.problems import SettingsProblem, unknown
from lrs_bridge.settings.sections import SOURCE_KINDS

ENVIRONMENT = "environment"
PREFIX = "LRS_BRIDGE_"


def override(raw: dict[str, Any], environment: Mapping[str, str]) -> tuple[dict[str, str], list[SettingsProblem]]:
    """Change `raw`; returns which variable set which key, and what is wrong with their names."""
    variables: dict[str, str] = {}
    problems: list[SettingsProblem] = []
    for variable in sorted(each for each in environment if each.startswith(PREFIX) and "__" in each):
        parts = [part.lower() for part in variable.removeprefix(PREFIX).split("__")]
        key, trouble = _set(raw, parts, environment[variable])
        if trouble:
            problems.append(SettingsProblem(ENVIRONMENT, variable, trouble))
        else:
            variables[key] = variable
    return variables, problems


def _set(raw: dict[str, Any], parts: list[str], value: str) -> tuple[str, str]:
    """The key that was set, or what is wrong."""
    match parts:
        case ["sources", source, key]:
            return _set_in_source(raw, source, key, value)
        case [section, key] if section in SECTIONS:
            fields = SECTIONS[section].model_fields
            if key not in fields:
                return "", unknown(key, fields)
            raw.setdefault(section, {})[key] = value
            return f"{section}.{key}", ""
        case [section, _]:
            return "", unknown(section, (*SECTIONS, "sources"))
        case _:
            return "", f"expected {PREFIX}SECTION__KEY or {PREFIX}SOURCES__NAME__KEY"


def _set_in_source(raw: dict[str, Any], source: str, key: str, value: str) -> tuple[str, str]:
    tables = {_plain(str(table.get("name", ""))): table for table in raw.get("sources", [])}
    table = tables.get(source)
    if table is None:
        known = ", ".join(sorted(tables)) or "none"
        return "", f"there is no source of this name in the file; sources there: {known}"
    fields = SOURCE_KINDS.get(str(table.get("kind", "xapi")), SOURCE_KINDS["xapi"]).model_fields
    if key not in fields:
        return "", unknown(key, fields)
    table[key] = value
    return f"sources.{table['name']}.{key}", ""


def _plain(name: str) -> str:
    """A source's name as it can stand in a variable's name."""
    return re.sub(r"[^a-z0-9]", "_", name.lower())
