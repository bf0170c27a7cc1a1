"""What the organisation is after: objectives, the initiatives that serve them, and whom they need to learn what."""

from __future__ import annotations

from lrs_bridge.domain.agenda import Initiative, Need, Objective, Scope, ScopeKind

OBJECTIVES = (
    Objective("less-water-lost", "Lose less than eight per cent of the water on its way"),
    Objective("answers-first-time", "Answer nine customers in ten at the first contact"),
    Objective("safe-and-sound", "A year without a serious accident or a data breach"),
    Objective("decide-on-evidence", "Decide on evidence: every unit plans with its own figures"),
)

INITIATIVES = (
    Initiative("smart-meters", "Smart meters and acoustic leak detection in all districts", "less-water-lost"),
    Initiative("pump-renewal", "Renewal of the pumping stations", "less-water-lost"),
    Initiative("one-desk", "One desk for every question", "answers-first-time"),
    Initiative("lead-well", "Managers who coach", "answers-first-time"),
    Initiative("zero-harm", "Zero harm", "safe-and-sound"),
    Initiative("figures-for-all", "Figures for all", "decide-on-evidence"),
)


def _unit(name: str) -> Scope:
    return Scope(ScopeKind.UNIT, name)


def _job(name: str) -> Scope:
    return Scope(ScopeKind.JOB, name)


#: What each initiative needs, and of whom.
_ROWS = (
    ("leak-detection", "smart-meters", _unit("Network Operations")),
    ("smart-metering", "smart-meters", _unit("Network Operations")),
    ("smart-metering", "smart-meters", _unit("Field Service")),
    ("pump-maintenance", "pump-renewal", _unit("Field Service")),
    ("process-control", "pump-renewal", _unit("Engineering")),
    ("project-management", "pump-renewal", _unit("Engineering")),
    ("contract-negotiation", "pump-renewal", _job("Buyer")),
    ("customer-conversations", "one-desk", _unit("Customer Service")),
    ("plain-writing", "one-desk", _unit("Customer Service")),
    ("coaching", "lead-well", _job("Team lead")),
    ("information-security", "zero-harm", Scope()),
    ("electrical-safety", "zero-harm", _unit("Field Service")),
    ("spreadsheets", "figures-for-all", _unit("Finance and Procurement")),
    ("data-analysis", "figures-for-all", _unit("IT and Data")),
    ("data-analysis", "figures-for-all", _unit("Finance and Procurement")),
    ("learning-design", "lead-well", _unit("People and Learning")),
)

NEEDS = tuple(
    Need(f"need-{number:02d}", competency, initiative, scope)
    for number, (competency, initiative, scope) in enumerate(_ROWS, start=1)
)

TITLES = {
    "agile-methods": "Agile methods", "coaching": "Coaching", "contract-negotiation": "Negotiating contracts",
    "customer-conversations": "Conversations with customers", "data-analysis": "Data analysis",
    "electrical-safety": "Electrical safety", "first-aid": "First aid", "information-security": "Information security",
    "leak-detection": "Acoustic leak detection", "learning-design": "Designing learning", "mindfulness": "Mindfulness",
    "photography": "Photography", "plain-writing": "Plain writing", "presenting": "Presenting",
    "process-control": "Process control", "project-management": "Project management",
    "programming": "Programming", "pump-maintenance": "Maintaining pumps", "smart-metering": "Smart metering",
    "spanish": "Spanish", "spreadsheets": "Spreadsheets", "sustainability": "Sustainability reporting",
    "time-management": "Managing time",
}  # fmt: skip

#: What people wish for though no initiative asks for it.
WISHES = ("agile-methods", "mindfulness", "photography", "presenting", "programming", "spanish", "sustainability",
          "time-management")  # fmt: skip
