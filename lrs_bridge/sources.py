"""Builds the connector that a [[sources]] table describes: one row for each kind."""

from __future__ import annotations

from requests.auth import AuthBase

from lrs_bridge.errors import ConfigurationError
from lrs_bridge.settings.sections import FileSourceSettings, SourceSettings, XapiSourceSettings
from lrs_bridge_connectors.errors import ConnectorError
from lrs_bridge_connectors.files import FileSource
from lrs_bridge_connectors.source import Source
from lrs_bridge_connectors.xapi import XapiConfig, XapiSource
from lrs_bridge_connectors.xapi.auth import Basic, Bearer, OAuthClientCredentials


def build_source(settings: SourceSettings) -> Source:
    """The source, not connected yet. Raises ConfigurationError for values that only the connector can judge."""
    try:
        match settings:
            case XapiSourceSettings():
                return XapiSource(_xapi_config(settings))
            case FileSourceSettings():
                return FileSource(settings.name, settings.path)
    except ConnectorError as unusable:
        raise ConfigurationError(f"sources.{unusable}") from None


def _xapi_config(settings: XapiSourceSettings) -> XapiConfig:
    return XapiConfig(
        name=settings.name,
        endpoint=settings.endpoint,
        auth=_auth(settings),
        version=settings.version,
        page_limit=settings.page_limit,
        overlap=settings.overlap,
        settle=settings.settle,
        cursor_field=settings.cursor_field,
        connect_timeout=settings.connect_timeout.total_seconds(),
        read_timeout=settings.read_timeout.total_seconds(),
        deadline=settings.deadline.total_seconds(),
        body_cap=settings.body_cap,
    )


def _auth(settings: XapiSourceSettings) -> AuthBase | None:
    match settings.auth:
        case "basic":
            return Basic(settings.username, settings.secret("password"))
        case "bearer":
            return Bearer(settings.secret("token"))
        case "oauth":
            secret = settings.secret("client_secret")
            return OAuthClientCredentials(
                settings.token_url, settings.client_id, secret, scope=settings.scope, source=settings.name
            )
        case "none":
            return None
