"""What is configured is what is wired."""

from datetime import timedelta

import pytest
from requests.auth import AuthBase

from lrs_bridge.bridge import Bridge
from lrs_bridge.errors import ConfigurationError, UsageError
from lrs_bridge.settings import FileSourceSettings, Settings, XapiSourceSettings
from lrs_bridge.sources import build_source
from lrs_bridge.store.engine import write
from lrs_bridge.store.rulesets import RulesetVersion, publish
from lrs_bridge.store.tables import RulesetActivationRow
from lrs_bridge_connectors.files import FileSource
from lrs_bridge_connectors.xapi import XapiSource
from lrs_bridge_connectors.xapi.auth import Basic, Bearer, OAuthClientCredentials
from support.bridges import OpenBridge, an_lrs
from support.builders import RULES, a_ruleset, day

SECRET = "s3cret-s3cret"
ENDPOINT = "https://lrs.example.org/xapi"


def an_xapi_source(**given: object) -> XapiSource:
    settings = XapiSourceSettings.model_validate({"name": "lms", "endpoint": ENDPOINT, **given})
    source = build_source(settings)
    assert isinstance(source, XapiSource)
    return source


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"auth": "basic", "username": "me", "password": SECRET}, Basic),
        ({"auth": "bearer", "token": SECRET}, Bearer),
        (
            {"auth": "oauth", "token_url": f"{ENDPOINT}/token", "client_id": "me", "client_secret": SECRET},
            OAuthClientCredentials,
        ),
        ({"auth": "none"}, type(None)),
    ],
)
def test_each_way_of_signing_in_is_wired(given: dict[str, str], kind: type[AuthBase | None]) -> None:
    source = an_xapi_source(**given)

    assert isinstance(source.config.auth, kind)
    assert SECRET not in repr(source.config)


def test_what_is_set_for_a_source_reaches_it() -> None:
    source = an_xapi_source(
        auth="none",
        version="2.0.0",
        page_limit=50,
        overlap="1h",
        settle="5s",
        cursor_field="timestamp",
        deadline="2min",
        body_cap=2_000_000,
    )

    config = source.config
    assert (config.version, config.page_limit, config.cursor_field) == ("2.0.0", 50, "timestamp")
    assert (config.overlap, config.settle, config.deadline) == (timedelta(hours=1), timedelta(seconds=5), 120.0)
    assert config.body_cap == 2_000_000


def test_a_folder_is_a_source_too() -> None:
    assert isinstance(build_source(FileSourceSettings.model_validate({"name": "x", "path": "exports"})), FileSource)


def test_what_only_the_connector_can_judge_is_an_error_of_the_configuration() -> None:
    with pytest.raises(ConfigurationError, match=r"sources\.lms: .*query"):
        an_xapi_source(auth="none", endpoint=f"{ENDPOINT}?key=1")


def test_a_source_is_found_by_its_name(open_bridge: OpenBridge) -> None:
    bridge = open_bridge(an_lrs(ENDPOINT, name="a"), an_lrs(ENDPOINT, name="b"))

    assert bridge.source("b") is bridge.sources()[1]
    with pytest.raises(UsageError, match=r"There is no source 'c'\. Configured: a, b\."):
        bridge.source("c")


def test_the_rules_in_force_are_compiled_once_and_anew_when_others_are_published(open_bridge: OpenBridge) -> None:
    bridge = open_bridge()
    first = bridge.ruleset()
    other = a_ruleset(RULES.replace("excel-courses", "spreadsheet-courses"))
    with write(bridge.engine) as connection:
        publish(connection, RulesetVersion(2, "tests", "", other.digest, other.documents, day(1)))

    assert first.digest == a_ruleset().digest
    assert bridge.ruleset().digest == other.digest
    assert bridge.ruleset() is bridge.ruleset()


def test_rules_that_cannot_be_read_any_more_are_said_with_file_and_line(open_bridge: OpenBridge) -> None:
    bridge = open_bridge()
    with write(bridge.engine) as connection:
        publish(connection, RulesetVersion(2, "tests", "", "x", {"old.yaml": "ruels: []"}, day(1)))

    with pytest.raises(ConfigurationError, match=r"Version 2 of the rules cannot be read .*\nold\.yaml:1:1: "):
        bridge.ruleset()


def test_without_published_rules_it_says_what_to_do(open_bridge: OpenBridge) -> None:
    bridge = open_bridge()
    with write(bridge.engine) as connection:
        connection.execute(RulesetActivationRow.__table__.delete())  # type: ignore[attr-defined]  # a table

    with pytest.raises(ConfigurationError, match="Run `lrs-bridge init`"):
        bridge.ruleset()


def test_the_organisation_is_that_of_the_settings(open_bridge: OpenBridge) -> None:
    bridge = open_bridge(organisation={"time_zone": "Europe/Berlin", "hourly_rate": 45.50, "locale": "de"})

    organisation = bridge.organisation()

    assert (str(organisation.time_zone), organisation.hourly_rate, organisation.locale) == ("Europe/Berlin", 4550, "de")


def test_opening_connects_to_nothing() -> None:
    nowhere = Settings.model_validate({"database": {"url": "postgresql://me@127.0.0.1:9/x"}})

    with Bridge.open(nowhere) as bridge:
        assert bridge.sources() == ()
