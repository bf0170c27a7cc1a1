"""Secrets come from the environment or a file, and are shown to nobody."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lrs_bridge.errors import ConfigurationError
from lrs_bridge.settings import Settings, SettingsError, WebSettings, load_settings
from lrs_bridge.settings.keys import secret_key

SECRET = "tr0ub4dor-and-3"
SOURCE = '[[sources]]\nname = "main"\nendpoint = "https://lrs.example.org/xapi"\nusername = "lrs"\n'


def load(folder: Path, text: str, **environment: str) -> Settings:
    file = folder / "lrs_bridge.toml"
    file.write_text(text)
    return load_settings(file, environment)


def test_a_password_comes_from_the_variable_that_is_named(tmp_path: Path) -> None:
    settings = load(tmp_path, f'{SOURCE}password_env = "LRS_PASSWORD"', LRS_PASSWORD=SECRET)

    assert settings.sources[0].secret("password") == SECRET


def test_a_password_comes_from_the_file_that_is_named_without_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{SECRET}\n")

    settings = load(tmp_path, f'{SOURCE}password_file = "{tmp_path}/password"')

    assert settings.sources[0].secret("password") == SECRET


def test_a_password_may_be_given_as_an_override(tmp_path: Path) -> None:
    settings = load(tmp_path, SOURCE, LRS_BRIDGE_SOURCES__MAIN__PASSWORD=SECRET)

    assert settings.sources[0].secret("password") == SECRET


@pytest.mark.parametrize("text", [f'{SOURCE}password_env = "GONE"', '[mail]\nusername = "me"\npassword_env = "GONE"'])
def test_a_reference_that_leads_nowhere_is_told_once_and_not_as_a_missing_password(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, text)

    assert [problem.message for problem in refused.value.problems] == ["the environment variable 'GONE' is not set"]


@pytest.mark.parametrize(
    "text",
    [
        f'[mail]\npassword = "{SECRET}"',
        f'[web]\nsecret_key = "{SECRET}"',
        f'[database]\nurl = "postgresql://me:{SECRET}@db.example.org/x"',
        f'[celery]\nbroker = "redis://:{SECRET}@mq.example.org/0"',
        f'{SOURCE}password = "{SECRET}"',
    ],
)
def test_a_secret_in_the_file_is_refused_without_being_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="does not belong in this file") as refused:
        load(tmp_path, text)

    assert SECRET not in str(refused.value)


def test_two_places_for_one_secret_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not both"):
        load(tmp_path, '[mail]\nusername = "me"\npassword_env = "A"\npassword_file = "b"', A=SECRET)


def test_an_empty_secret_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("\n")

    with pytest.raises(SettingsError, match="is empty"):
        load(tmp_path, f'{SOURCE}password_file = "{tmp_path}/password"')


def test_nothing_that_can_be_printed_holds_a_secret(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        f'{SOURCE}password_env = "S"\n[mail]\nusername = "me"\npassword_env = "S"',
        S=SECRET,
        LRS_BRIDGE_DATABASE__URL=f"postgresql://me:{SECRET}@db.example.org/x",
        LRS_BRIDGE_CELERY__BROKER=f"redis://:{SECRET}@mq.example.org/0",
        LRS_BRIDGE_WEB__SECRET_KEY=SECRET,
    )

    assert SECRET not in repr(settings) + str(settings) + json.dumps(settings.describe()) + settings.model_dump_json()
    assert settings.describe()["database"]["url"] == "postgresql+psycopg://me:***@db.example.org/x"
    assert settings.describe()["mail"]["password"] == "set"


def test_the_session_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    web = WebSettings(secret_key_file=tmp_path / "key")

    first = secret_key(web)

    assert len(first) == 64
    assert secret_key(web) == first
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_one_session_key(tmp_path: Path) -> None:
    web = WebSettings(secret_key_file=tmp_path / "key")

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(web), range(8)))

    assert len(keys) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


def test_two_installations_have_different_session_keys(tmp_path: Path) -> None:
    keys = {secret_key(WebSettings(secret_key_file=tmp_path / name)) for name in ("one", "two")}

    assert len(keys) == 2


def test_a_short_session_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("changeme")

    with pytest.raises(ConfigurationError, match="shorter than 32 characters"):
        secret_key(WebSettings(secret_key_file=tmp_path / "key"))


def test_a_session_key_that_cannot_be_made_is_an_error_with_advice(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be made"):
        secret_key(WebSettings(secret_key_file=tmp_path / "no-such-folder" / "key"))
