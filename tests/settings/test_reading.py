"""A configuration is read as it was meant, or refused with everything that is wrong with it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from lrs_bridge.settings import Settings, SettingsError, XapiSourceSettings, load_settings
from lrs_bridge.settings.model import SECTIONS
from lrs_bridge.settings.sections import SOURCE_KINDS

ROOT = Path(__file__).resolve().parents[2]
LRS = '[[sources]]\nname = "main-lrs"\nendpoint = "https://lrs.example.org/xapi"\nauth = "none"\n'

Load = Callable[..., Settings]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Reads a text as `lrs_bridge.toml` in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def load(text: str, **environment: str) -> Settings:
        Path("lrs_bridge.toml").write_text(text)
        return load_settings(environment=environment)

    return load


def refusal(load: Load, text: str, environment: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load(text, **(environment or {}))
    return str(refused.value).splitlines()


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    settings = load_settings(environment={})

    assert settings == Settings()
    assert settings.database.address() == "sqlite:///lrs_bridge.db"


def test_the_embedded_configuration_says_what_holds_without_it() -> None:
    file = ROOT / "config/lrs_bridge.toml"

    assert load_settings(file, {}) == Settings(file=file)


@pytest.mark.parametrize("model", [*SECTIONS.values(), *SOURCE_KINDS.values()])
def test_every_key_is_explained_in_the_embedded_configuration(model: type[BaseModel]) -> None:
    text = (ROOT / "config/lrs_bridge.toml").read_text()
    secrets = {"password", "token", "client_secret", "secret_key"}

    assert [name for name in model.model_fields if name not in secrets and f"{name} = " not in text] == []


def test_the_production_configuration_is_accepted_with_its_secrets_in_the_environment() -> None:
    names = ("DB_PASSWORD", "SECRET_KEY", "MAIL_PASSWORD", "LRS_PASSWORD")

    settings = load_settings(ROOT / "config/production.toml", {f"LRS_BRIDGE_{name}": "s3cret" * 8 for name in names})

    assert settings.database.address() == f"postgresql+psycopg://lrs_bridge:{'s3cret' * 8}@127.0.0.1/lrs_bridge"
    assert settings.delivery.channel == "mail"


def test_the_first_of_the_usual_places_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for number, name in enumerate(("given.toml", "named.toml", "lrs_bridge.toml", "config/lrs_bridge.toml"), start=1):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(f"[web]\nport = {number}")

    ports = [
        load_settings(Path("given.toml"), {"LRS_BRIDGE_CONFIG": "named.toml"}).web.port,
        load_settings(None, {"LRS_BRIDGE_CONFIG": "named.toml"}).web.port,
        load_settings(None, {}).web.port,
    ]
    Path("lrs_bridge.toml").unlink()

    assert [*ports, load_settings(None, {}).web.port] == [1, 2, 3, 4]


def test_money_is_kept_in_hundredths_and_spans_as_time(load: Load) -> None:
    settings = load('[organisation]\nhourly_rate = 45.50\n[schedule]\npull = "90s"\nrescan_window = "6mo"')

    assert settings.organisation.hourly_rate == 4550
    assert settings.schedule.pull == timedelta(seconds=90)
    assert settings.schedule.rescan_window == timedelta(days=180)


def test_the_environment_stands_above_the_file(load: Load) -> None:
    environment = {"LRS_BRIDGE_WEB__PORT": "9090", "LRS_BRIDGE_SOURCES__MAIN_LRS__PAGE_LIMIT": "50"}

    settings = load(f"[web]\nport = 8081\n{LRS}", **environment)

    assert settings.web.port == 9090
    assert isinstance(settings.sources[0], XapiSourceSettings)
    assert settings.sources[0].page_limit == 50


def test_a_variable_without_a_section_is_nobodys_business(load: Load) -> None:
    assert load("", LRS_BRIDGE_LRS_PASSWORD="s3cret").sources == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[web]\nprot = 1", "lrs_bridge.toml: web.prot: unknown key, did you mean 'port'?"),
        ("[wbe]\nport = 1", "lrs_bridge.toml: wbe: unknown key, did you mean 'web'?"),
        ("[web]\nqqqqqq = 1", "lrs_bridge.toml: web.qqqqqq: unknown key (known: host, port, public_url,"),
        ("web = 3", "lrs_bridge.toml: web: expected a table, [web]"),
        ("sources = 3", "lrs_bridge.toml: sources: expected a list of tables, each headed [[sources]]"),
        ("[[sources]]\nname = 'x'\nkind = 'xpai'", "lrs_bridge.toml: sources.x.kind: expected one of 'xapi', 'files'"),
        ("[[sources]]\nkind = 'files'\npath = 'x'", "lrs_bridge.toml: sources[1].name: is missing"),
        (LRS + LRS, "lrs_bridge.toml: sources.main-lrs.name: another source has this name; each needs one of its own"),
        ("[web]\nport = 'eighty'", "lrs_bridge.toml: web.port: expected a whole number"),
        ("[web]\nport = 70000", "lrs_bridge.toml: web.port: expected 65535 or less"),
        ("[web]\nhost = 3", "lrs_bridge.toml: web.host: expected a text in quotes"),
        ("[schedule]\npull = '5m'", "lrs_bridge.toml: schedule.pull: expected a span in quotes, such as"),
        ("[schedule]\npull = 5", "lrs_bridge.toml: schedule.pull: expected a span in quotes, such as"),
        ("[schedule]\npull = '0s'", "lrs_bridge.toml: schedule.pull: expected a span longer than 0"),
        ("[schedule]\npull = '101y'", "lrs_bridge.toml: schedule.pull: expected a span of at most 100y"),
        ("[organisation]\nhourly_rate = -1", "lrs_bridge.toml: organisation.hourly_rate: expected an amount such as"),
        ("[organisation]\nhourly_rate = true", "lrs_bridge.toml: organisation.hourly_rate: expected an amount such as"),
        ("[organisation]\ntime_zone = 'Mars'", "lrs_bridge.toml: organisation.time_zone: expected the name of a time"),
        ("[organisation]\ncurrency = 'euro'", "lrs_bridge.toml: organisation.currency: expected three capitals, such"),
        ("[organisation]\nlocale = 'en_GB'", "lrs_bridge.toml: organisation.locale: expected a language, such as"),
        ("[web]\npublic_url = 'x.org'", "lrs_bridge.toml: web.public_url: expected an address that begins with http"),
        ("[mail]\nsender = 'learning'", "lrs_bridge.toml: mail.sender: expected an address such as"),
        (LRS.replace("https://", ""), "lrs_bridge.toml: sources.main-lrs.endpoint: expected an address that begins"),
        ("[database]\nurl = 'mysql://x/y'", 'lrs_bridge.toml: database.url: expected "sqlite:///FILE" or'),
        ("[database]\nurl = 'nonsense'", "lrs_bridge.toml: database.url: expected an address such as"),
        ("[log]\nlevel = 'loud'", "lrs_bridge.toml: log.level: expected one of 'debug', 'info', 'warning' or 'error'"),
        ("[delivery]\nchannel = 'mail'", "lrs_bridge.toml: mail.host: is missing: [delivery] channel ="),
        ("[mail]\nusername = 'me'", "lrs_bridge.toml: mail.username: goes with password_file or password_env"),
        ("[mail]\npassword_env = 'GONE'", "lrs_bridge.toml: mail.password_env: the environment variable 'GONE' is not"),
        ("[mail]\npassword_file = 'gone'", "lrs_bridge.toml: mail.password_file: 'gone' cannot be read (No such file"),
        (
            LRS.replace("none", "basic"),
            'lrs_bridge.toml: sources.main-lrs.username: is missing: auth = "basic" needs it',
        ),
    ],
)
def test_what_is_wrong_is_said_with_file_key_and_what_is_expected(load: Load, text: str, said: str) -> None:
    assert refusal(load, text)[0].startswith(said)


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("LRS_BRIDGE_WEB__PROT", "environment: LRS_BRIDGE_WEB__PROT: unknown key, did you mean 'port'?"),
        ("LRS_BRIDGE_WBE__PORT", "environment: LRS_BRIDGE_WBE__PORT: unknown key, did you mean 'web'?"),
        ("LRS_BRIDGE_WEB__PORT", "environment: LRS_BRIDGE_WEB__PORT: expected a whole number"),
        ("LRS_BRIDGE_WEB__A__B", "environment: LRS_BRIDGE_WEB__A__B: expected LRS_BRIDGE_SECTION__KEY or"),
        ("LRS_BRIDGE_SOURCES__X__NAME", "environment: LRS_BRIDGE_SOURCES__X__NAME: there is no source of this name"),
        ("LRS_BRIDGE_SOURCES__MAIN_LRS__NMAE", "environment: LRS_BRIDGE_SOURCES__MAIN_LRS__NMAE: unknown key, did you"),
    ],
)
def test_what_is_wrong_in_the_environment_names_the_variable(load: Load, variable: str, said: str) -> None:
    assert refusal(load, LRS, {variable: "x"})[0].startswith(said)


def test_everything_that_is_wrong_is_said_at_once(load: Load) -> None:
    text = "[web]\nprot = 1\nport = 'x'\n[schedule]\npull = 3\n[[sources]]\nkind = 'files'"

    keys = [line.split(": ")[1] for line in refusal(load, text, {"LRS_BRIDGE_LOG__LEVLE": "x"})]

    assert sorted(keys) == [
        "LRS_BRIDGE_LOG__LEVLE",
        "schedule.pull",
        "sources[1].name",
        "sources[1].path",
        "web.port",
        "web.prot",
    ]


def test_broken_toml_names_its_line(load: Load) -> None:
    assert "at line 2, column" in refusal(load, "[web]\nport = = 3")[0]


def test_a_file_that_is_named_and_missing_is_an_error() -> None:
    with pytest.raises(SettingsError, match=r"gone\.toml: cannot be read \(No such file or directory\); give another"):
        load_settings(Path("gone.toml"), {})


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'[organisation]\nname = "Caf\xe9"')

    with pytest.raises(SettingsError, match="expected text in UTF-8"):
        load_settings(tmp_path / "latin.toml", {})
