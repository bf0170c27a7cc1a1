"""What the documents show has to work: their examples are run, their lists are complete."""

import re
import tomllib
from pathlib import Path

import pytest

from lrs_bridge.settings.reading import load_settings
from lrs_bridge.settings.sections import XapiSourceSettings
from support.cache import ROOT

HOW_TO = ROOT / "docs/how-to-connect-an-lrs.md"


def toml_blocks(path: Path) -> list[str]:
    return re.findall(r"^```toml\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", toml_blocks(HOW_TO))
def test_the_examples_of_the_how_to_are_settings_that_are_accepted(block: str, tmp_path: Path) -> None:
    secret = tmp_path / "lrs_password"
    secret.write_text("open sesame\n")
    file = tmp_path / "lrs_bridge.toml"
    file.write_text(block.replace("/etc/lrs-bridge/lrs_password", str(secret)))

    settings = load_settings(file, {})

    assert [source.name for source in settings.sources] == [
        source["name"] for source in tomllib.loads(block)["sources"]
    ]


def test_the_how_to_names_every_key_of_an_xapi_source() -> None:
    written = set(re.findall(r"\w+", HOW_TO.read_text()))
    in_the_file = {
        name for name in XapiSourceSettings.model_fields if name not in ("password", "token", "client_secret")
    }

    assert in_the_file - written == set()


def test_the_defaults_in_the_how_to_are_the_defaults() -> None:
    rows = re.findall(r'^\| `(\w+)` \| `"?([^`"]+)"?` \|', HOW_TO.read_text(), re.MULTILINE)
    shown = {key: value for key, value in rows if key not in ("overlap", "settle")}

    assert shown == {key: str(XapiSourceSettings.model_fields[key].default) for key in shown} != {}


def test_the_version_is_told_once_and_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    module = (ROOT / "lrs_bridge/__init__.py").read_text()

    assert f'__version__ = "{project["version"]}"' in module
