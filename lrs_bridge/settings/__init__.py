"""What an installation is configured to do: one TOML file and the environment (config/lrs_bridge.toml shows all of it).

`load_settings` reads and checks; `Settings` is what everything else is given. Start reading at `sections.py`.
"""

from lrs_bridge.settings.model import Settings
from lrs_bridge.settings.problems import SettingsError, SettingsProblem
from lrs_bridge.settings.reading import load_settings
from lrs_bridge.settings.sections import (
    CelerySettings,
    DatabaseSettings,
    DeliverySettings,
    FileSourceSettings,
    LogSettings,
    MailSettings,
    OrganisationSettings,
    PrivacySettings,
    RetentionSettings,
    RulesSettings,
    ScheduleSettings,
    SourceSettings,
    WebSettings,
    XapiSourceSettings,
)

__all__ = [
    "CelerySettings",
    "DatabaseSettings",
    "DeliverySettings",
    "FileSourceSettings",
    "LogSettings",
    "MailSettings",
    "OrganisationSettings",
    "PrivacySettings",
    "RetentionSettings",
    "RulesSettings",
    "ScheduleSettings",
    "Settings",
    "SettingsError",
    "SettingsProblem",
    "SourceSettings",
    "WebSettings",
    "XapiSourceSettings",
    "load_settings",
]
