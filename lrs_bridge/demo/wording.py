"""The words of invented contracts: applications, success measures, supports, ambitions."""

from __future__ import annotations

AMBITIONS = (
    "Lead a team in three years",
    "Become the unit’s specialist",
    "Try the work of another unit",
    "Keep learning",
)

_APPLICATIONS = {
    "leak-detection": ("Survey one district a month and pinpoint before digging.",),
    "smart-metering": ("Read and check a street of meters without a second visit.",),
    "pump-maintenance": ("Overhaul two pumps in the station with the new procedure.",),
    "customer-conversations": ("Use the four steps in every complaint call for a month.",),
    "plain-writing": ("Rewrite the ten letters that raise most questions.",),
    "spreadsheets": ("Rebuild the monthly report so that a colleague can check it.",),
    "data-analysis": ("Answer one question of the unit a month with its own data.",),
    "coaching": ("Hold one coaching talk a week and note what changed.",),
    "contract-negotiation": ("Prepare and lead the next framework negotiation.",),
    "information-security": ("Report suspicious mail, and clear the desk of old lists.",),
}  # fmt: skip

_MEASURES = {
    "leak-detection": (("Dry holes per ten digs", "holes", 4, 2),),
    "smart-metering": (("Second visits per hundred meters", "visits", 14, 6),),
    "pump-maintenance": (("Unplanned stops a quarter", "stops", 5, 2),),
    "customer-conversations": (("Complaints solved at the first call", "%", 52, 70),),
    "plain-writing": (("Calls that a letter causes", "per hundred", 18, 9),),
    "spreadsheets": (("Hours for the monthly report", "hours", 11, 5),),
    "data-analysis": (("Questions answered with own data", "a quarter", 1, 4),),
    "coaching": (("Team members who name a next step", "%", 40, 75),),
    "contract-negotiation": (("Saved on framework contracts", "%", 1, 4),),
    "information-security": (("Suspicious mails reported", "a quarter", 1, 5),),
}  # fmt: skip

_SUPPORTS = {
    "leak-detection": ("A correlator of the team’s own", "Two survey days a month without other orders"),
    "smart-metering": ("A tablet with the reading software", "A test meter in the workshop"),
    "pump-maintenance": ("The alignment laser", "A pump taken out of service to practise on"),
    "customer-conversations": ("A quiet room for call-backs", "An hour a week with a colleague to listen in"),
    "plain-writing": ("The letter templates opened for editing", "An hour a week to rewrite"),
    "spreadsheets": ("Access to the ledger export", "The current version of the software"),
    "data-analysis": ("Read access to the meter database", "The analysis software installed"),
    "coaching": ("One hour a week kept free for talks", "A coach to turn to"),
    "contract-negotiation": ("A seat in the next negotiation", "The price history of three years"),
    "information-security": ("A password manager", "A locked cabinet"),
}  # fmt: skip


def applications(competency: str) -> tuple[str, ...]:
    """How it is to be used at work."""
    return _APPLICATIONS.get(competency, ("Use it in one piece of work that is due anyway, and show the result.",))


def measures(competency: str) -> tuple[tuple[str, str, float, float], ...]:
    """Metric, unit, baseline, target."""
    return _MEASURES.get(competency, (("Pieces of work done this way", "a quarter", 0, 3),))


def supports(competency: str) -> tuple[str, ...]:
    """What is needed so that it can be used."""
    return _SUPPORTS.get(competency, ("Two hours a week to practise", "A project to try it in"))
