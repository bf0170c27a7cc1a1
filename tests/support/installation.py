"""A small installation that lives: two people with a manager, a signed contract, rules, and statements from a file.

Everything goes in by the product's own ways (acts, pull, reconcile), so that what tests find is what people get.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from lrs_bridge.acts import imports, rules
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import pull, reconcile
from lrs_bridge.settings import load_settings
from lrs_bridge.store import schema
from support.builders import EXCEL, NOON, PAINTING, RULES, UNKNOWN

#: The rules of the tests of the domain, as they can be published: an active rule without tests cannot.
PUBLISHABLE = RULES[: RULES.index("  - id: no-onboarding")] + RULES[RULES.index("follow_ups:") :]
LMS = "https://lms.example.org"
_IDS = UUID("5d5f3f5e-7a3d-5f0e-9a54-1a3f1d1f7a22")

LEARNERS = f"""\
id,name,email,manager,unit,job,hired_on,job_since,hourly_rate,identities
mo,Mona Manager,mona@example.org,,Sales,head of sales,2015-04-01,,80,
al,Alice Learner,alice@example.org,mo,Sales,clerk,2024-02-01,,45.50,account:{LMS}|17
ben,Ben Learner,ben@example.org,mo,Sales,clerk,2024-02-01,,45.50,account:{LMS}|18
"""
STRATEGY = """\
objectives: [{id: grow, title: Grow in the north}]
initiatives: [{id: numbers, title: Decide by numbers, objective: grow}]
needs: [{competency: spreadsheets, initiative: numbers, unit: Sales}]
units: [{name: Sales, learning_partner: mo}]
"""
CATALOGUE = f"""\
activities:
  - {{id: "{EXCEL}", name: Excel basics, provider: Training team, provider_kind: internal-team, fee: 120.50, hours: 8,
     competencies: [spreadsheets]}}
  - {{id: "{PAINTING}", name: Painting with oil, provider: Atelier, provider_kind: ad-hoc, fee: 300, hours: 6,
     competencies: [painting]}}
"""
CONTRACTS = f"""\
contracts:
  - id: al-2026
    kind: strategic
    title: The year of numbers
    learner: al
    manager: mo
    revisions:
      - number: 1
        from: 2026-01-01
        until: 2026-12-31
        responsibilities: Monthly figures
        signatures:
          - {{role: learner, at: 2026-01-10}}
          - {{role: manager, at: 2026-01-11}}
        goals:
          - id: al-sheets
            title: Build reports
            competencies: [spreadsheets]
            activities: ["{EXCEL}"]
            application: The monthly report is built with pivot tables
            measure: {{metric: hours per report, unit: h, baseline: 10, target: 4, by: 2026-09-30}}
            initiative: numbers
            supports:
              - {{id: al-licence, what: A spreadsheet licence, provider: mo, needed_by: 2026-03-15}}
"""
AGENDAS = "agendas: [{learner: al, wants: [spreadsheets]}]\n"


def a_statement(user: int, verb: str, activity: str, at: datetime, **more: Any) -> dict[str, Any]:
    """One statement of the invented LMS."""
    name = f"{user} {verb} {activity} {at.isoformat()}"
    return {
        "id": str(uuid5(_IDS, name)),
        "actor": {"account": {"homePage": LMS, "name": str(user)}},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"id": activity, "definition": {"name": {"en": _NAMES.get(activity, "Something new")}}},
        "timestamp": at.isoformat(),
        "stored": at.isoformat(),
        **more,
    }


_NAMES = {EXCEL: "Excel basics", PAINTING: "Painting with oil"}

#: Alice learned what was agreed, Ben painted without a contract, and somebody whom nobody knows passed something.
STATEMENTS = (
    a_statement(17, "passed", EXCEL, NOON),
    a_statement(18, "passed", PAINTING, NOON + timedelta(hours=1)),
    a_statement(17, "passed", UNKNOWN, NOON + timedelta(hours=2)),
    a_statement(99, "passed", EXCEL, NOON + timedelta(hours=3)),
)
BROKEN = '{"id": "f0000000-0000-4000-8000-00000000000f", "actor": {}}\n'


def write_files(folder: Path, statements: Iterable[Mapping[str, Any]] = STATEMENTS, *, database: str = "") -> Path:
    """The files of an installation in a folder; returns its configuration."""
    texts = {
        "learners.csv": LEARNERS,
        "strategy.yaml": STRATEGY,
        "catalogue.yaml": CATALOGUE,
        "contracts.yaml": CONTRACTS,
        "agendas.yaml": AGENDAS,
        "rules/organisation.yaml": PUBLISHABLE,
        "statements.jsonl": "".join(f"{json.dumps(each)}\n" for each in statements) + BROKEN,
        "lrs_bridge.toml": _configuration(folder, database or f"sqlite:///{folder}/lrs_bridge.db"),
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder / "lrs_bridge.toml"


def _configuration(folder: Path, database: str) -> str:
    return f"""\
[organisation]
name = "Example"
time_zone = "Europe/Berlin"
hourly_rate = 45
[database]
url = "{database}"
[rules]
path = "{folder}/rules"
[web]
secret_key_file = "{folder}/secret"
[privacy]
secret_key_file = "{folder}/privacy-key"
erasures_file = "{folder}/erasures"
[[sources]]
name = "lms"
kind = "files"
path = "{folder}/statements.jsonl"
"""


def fill(bridge: Bridge, folder: Path, now: datetime) -> None:
    """Lay out the database, import everything, put the rules in force, pull and reconcile."""
    engine = bridge.engine
    schema.upgrade(engine)
    rules.publish_files(engine, [folder / "rules"], "the first", OPERATOR, now)
    imports.learners(engine, OPERATOR, folder / "learners.csv", now)
    imports.strategy(engine, OPERATOR, folder / "strategy.yaml", now)
    imports.catalogue(engine, OPERATOR, folder / "catalogue.yaml", now)
    imports.agendas(engine, OPERATOR, folder / "agendas.yaml", now)
    imports.contracts(engine, OPERATOR, folder / "contracts.yaml", now)
    for source in bridge.sources():
        pull(bridge, source, now)
    reconcile(bridge, now)


@contextmanager
def an_installation(folder: Path, now: datetime = NOON + timedelta(days=1), database: str = "") -> Iterator[Bridge]:
    """An installation in a folder, filled, at a moment of its own."""
    config = write_files(folder, database=database)
    with Bridge.open(load_settings(config, {}), clock=lambda: now) as bridge:
        fill(bridge, folder, now)
        yield bridge
