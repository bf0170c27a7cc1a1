"""All settings together, as the rest of the application gets them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from lrs_bridge.settings.sections import (
    CelerySettings,
    DatabaseSettings,
    DeliverySettings,
    LogSettings,
    MailSettings,
    OrganisationSettings,
    PrivacySettings,
    RetentionSettings,
    RulesSettings,
    ScheduleSettings,
    Section,
    SourceSettings,
    WebSettings,
)

#: Every table of the file but [[sources]]; a new section is a class and a row here and a field below.
SECTIONS: dict[str, type[BaseModel]] = {
    "organisation": OrganisationSettings,
    "database": DatabaseSettings,
    "rules": RulesSettings,
    "web": WebSettings,
    "schedule": ScheduleSettings,
    "celery": CelerySettings,
    "mail": MailSettings,
    "delivery": DeliverySettings,
    "privacy": PrivacySettings,
    "retention": RetentionSettings,
    "log": LogSettings,
}


class Settings(Section):
    """What was configured. `file` is where it was read from; None for the built-in defaults."""

    file: Path | None = None
    organisation: OrganisationSettings = OrganisationSettings()
    database: DatabaseSettings = DatabaseSettings()
    rules: RulesSettings = RulesSettings()
    web: WebSettings = WebSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    celery: CelerySettings = CelerySettings()
    mail: MailSettings = MailSettings()
    delivery: DeliverySettings = DeliverySettings()
    privacy: PrivacySettings = PrivacySettings()
    retention: RetentionSettings = RetentionSettings()
    log: LogSettings = LogSettings()
    sources: tuple[SourceSettings, ...] = ()

    @property
    def source_names(self) -> tuple[str, ...]:
        """The configured sources, also those never pulled yet, in the order of the file."""
        return tuple(source.name for source in self.sources)

    @property
    def source_kinds(self) -> dict[str, str]:
        """What each configured source is, by its name."""
        return {source.name: source.kind for source in self.sources}

    def describe(self) -> dict[str, Any]:
        """Plain values for people and JSON; a secret is shown as "set", or not at all."""
        described = {name: _described(getattr(self, name)) for name in SECTIONS}
        described["database"]["url"] = self.database.shown()
        return {
            "file": str(self.file) if self.file else None,
            **described,
            "sources": [_described(source) for source in self.sources],
        }


def _described(section: BaseModel) -> dict[str, Any]:
    secrets = {name for name in type(section).model_fields if isinstance(getattr(section, name), SecretStr)}
    plain = section.model_dump(mode="json", exclude=secrets)
    return plain | dict.fromkeys(sorted(secrets), "set")
