"""What people can learn with: some forty activities of the catalogue, and a few that nobody has entered yet.

Each offer lives on one of three platforms, which decides under which ids statements name it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from lrs_bridge.demo.people import MOODLE
from lrs_bridge.domain.activity import CatalogueActivity, ProviderKind

PLAYER = "https://player.larkfield.example.org"
PUBLISHER = "https://courses.example.com"
CONTENT = "https://content.larkfield.example.org"
AIDS = "https://intranet.larkfield.example.org/job-aids"

TEAM, EXPERT, PARTNER, AD_HOC = (
    ProviderKind.INTERNAL_TEAM,
    ProviderKind.IN_BUSINESS_EXPERT,
    ProviderKind.EXTERNAL_PARTNER,
    ProviderKind.AD_HOC,
)
PROVIDERS = {
    TEAM: "People and Learning",
    EXPERT: "Colleagues who know",
    PARTNER: "Northshore Academy",
    AD_HOC: "Found on the way",
}


class Platform(StrEnum):
    """Where an offer runs, and so what its statements look like."""

    MOODLE = "moodle"
    CMI5 = "cmi5"
    SCORM = "scorm"


@dataclass(frozen=True, slots=True)
class Offer:
    """One activity. `fee` in whole euros. `by_rule`: only the rules know its competency, the catalogue does not.

    `tested`: there is a test before and a test after. `listed` False: neither catalogue nor rules know it, nor what
    its competency is.
    """

    number: int
    name: str
    platform: Platform
    competency: str = ""
    fee: int = 0
    hours: float = 2.0
    kind: ProviderKind = TEAM
    mandated_by: str = ""
    valid_for: timedelta | None = None
    aid: bool = False
    tested: bool = False
    by_rule: bool = False
    listed: bool = True

    @property
    def id(self) -> str:
        """The id under which the catalogue knows it."""
        match self.platform:
            case Platform.MOODLE:
                return f"{MOODLE}/course/view.php?id={self.number}"
            case Platform.CMI5:
                return f"{PUBLISHER}/{_slug(self.name)}"
            case Platform.SCORM:
                return f"{CONTENT}/scorm/{_slug(self.name)}"

    @property
    def player_id(self) -> str:
        """The id that the player gave to a cmi5 unit; the publisher's own one is its name in the catalogue."""
        return f"{PLAYER}/au/{self.number}"

    @property
    def pre_test(self) -> str:
        return self._test(1)

    @property
    def post_test(self) -> str:
        return self._test(2)

    def _test(self, which: int) -> str:
        if self.platform is Platform.MOODLE:
            return f"{MOODLE}/mod/quiz/view.php?id={self.number * 10 + which}"
        return f"{self.id}/{('before', 'after')[which - 1]}"

    def entry(self) -> CatalogueActivity:
        """How the catalogue describes it."""
        return CatalogueActivity(
            id=self.id,
            name=self.name,
            provider=PROVIDERS[self.kind],
            provider_kind=self.kind,
            fee=self.fee * 100,
            hours=self.hours,
            competencies=frozenset() if self.by_rule or not self.competency else frozenset({self.competency}),
            aliases=frozenset({self.player_id}) if self.platform is Platform.CMI5 else frozenset(),
            mandated_by=self.mandated_by,
            valid_for=self.valid_for,
            job_aid=f"{AIDS}/{_slug(self.name)}.pdf" if self.aid else "",
            pre_test=self.pre_test if self.tested else "",
            post_test=self.post_test if self.tested else "",
        )


def _slug(name: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())


_M, _C, _S = Platform
_YEAR = timedelta(days=365)

OFFERS = (
    # What initiatives need.
    Offer(11, "Acoustic leak detection", _M, "leak-detection", 640, 14, PARTNER, aid=True, tested=True),
    Offer(12, "Correlators in the field", _M, "leak-detection", 0, 4, EXPERT, aid=True),
    Offer(13, "Listening for leaks: an evening with the old hands", _M, "leak-detection", 0, 3, EXPERT),
    Offer(14, "Smart meters: installing and reading", _C, "smart-metering", 180, 6, PARTNER, aid=True, tested=True),
    Offer(15, "Smart meters: what the data tells", _C, "smart-metering", 180, 4, PARTNER),
    Offer(16, "Pump overhaul, step by step", _M, "pump-maintenance", 420, 12, PARTNER, aid=True, tested=True),
    Offer(17, "Pump vibration in an hour", _S, "pump-maintenance", 40, 1, AD_HOC),
    Offer(18, "Process control for waterworks", _C, "process-control", 890, 18, PARTNER, aid=True, tested=True),
    Offer(19, "Projects without surprises", _M, "project-management", 550, 16, PARTNER, aid=True),
    Offer(20, "Planning a site: a workshop", _M, "project-management", 0, 6, TEAM),
    Offer(21, "Negotiating supply contracts", _C, "contract-negotiation", 980, 16, PARTNER, aid=True, tested=True),
    Offer(22, "Difficult conversations with customers", _M, "customer-conversations", 260, 8, aid=True, tested=True),
    Offer(23, "Listening first: calls that end well", _S, "customer-conversations", 60, 2, TEAM, aid=True),
    Offer(24, "Plain letters", _M, "plain-writing", 120, 5, TEAM, aid=True),
    Offer(25, "Coaching for team leads", _M, "coaching", 1250, 20, PARTNER, aid=True),
    Offer(26, "Ask, don’t tell", _C, "coaching", 90, 2, TEAM),
    Offer(27, "Passwords, phishing and paper", _S, "information-security", 15, 1, TEAM, aid=True, tested=True),
    Offer(28, "Designing learning that lasts", _M, "learning-design", 480, 10, PARTNER, aid=True),
    # Competencies that only the rules give, by name.
    Offer(31, "Excel basics", _M, "spreadsheets", 140, 6, TEAM, aid=True, tested=True, by_rule=True),
    Offer(32, "Excel: pivot tables and charts", _M, "spreadsheets", 140, 5, TEAM, aid=True, by_rule=True),
    Offer(33, "Spreadsheets people can trust", _C, "spreadsheets", 220, 6, PARTNER, by_rule=True),
    Offer(34, "Data analysis with Python", _C, "data-analysis", 760, 24, PARTNER, aid=True, tested=True, by_rule=True),
    Offer(35, "Reading dashboards", _S, "data-analysis", 25, 1.5, TEAM, by_rule=True),
    Offer(36, "Statistics for the rest of us", _M, "data-analysis", 190, 8, AD_HOC, by_rule=True),
    # Mandated.
    Offer(41, "Working near live parts", _M, "electrical-safety", 90, 4, TEAM, "Labour inspectorate", _YEAR, aid=True),
    Offer(42, "Data protection every year", _S, "", 10, 1, TEAM, "Data protection officer", _YEAR),
    Offer(43, "First aid at work", _M, "first-aid", 130, 8, PARTNER, "Safety board", 2 * _YEAR),
    Offer(44, "Drinking water hygiene", _C, "", 35, 2, TEAM, "Health authority", _YEAR),
    Offer(45, "Working in confined spaces", _C, "", 75, 3, PARTNER, "Safety board", 2 * _YEAR),
    # Wished for, and the favourites of champions.
    Offer(51, "Agile champion certificate", _C, "agile-methods", 1450, 24, PARTNER),
    Offer(52, "Agile in a nutshell", _S, "agile-methods", 30, 1, AD_HOC),
    Offer(53, "Mindful mornings", _M, "mindfulness", 160, 6, AD_HOC),
    Offer(54, "Speaking before people", _M, "presenting", 390, 8, PARTNER),
    Offer(55, "Spanish, first level", _C, "spanish", 340, 30, PARTNER),
    Offer(56, "Programming for the curious", _C, "programming", 80, 12, AD_HOC),
    Offer(57, "Managing your time", _S, "time-management", 45, 2, AD_HOC),
    Offer(58, "Photographs that tell", _M, "photography", 210, 8, AD_HOC),
    Offer(59, "Sustainability reporting", _M, "sustainability", 520, 10, PARTNER),
    Offer(60, "Leadership summit, the recordings", _C, "presenting", 690, 10, PARTNER),
    Offer(61, "Speed reading sampler", _S, "time-management", 55, 1.5, AD_HOC),
)  # fmt: skip

#: Nobody has told the rules or the catalogue what these are about: the list of unmatched. Their competency is the truth
#: that suggestions are measured by; those without one are about nothing that anybody here wants to learn.
UNLISTED = (
    Offer(81, "Flowmeter 900: what is new", _M, "smart-metering", listed=False),
    Offer(82, "Toolbox talk: ladders", _M, listed=False),
    Offer(83, "The new intranet in twenty minutes", _S, listed=False),
    Offer(84, "Webinar: meters of the future", _C, "smart-metering", listed=False),
    Offer(85, "How we welcome newcomers", _M, listed=False),
    Offer(86, "Winter service briefing", _S, listed=False),
    Offer(87, "Vendor demonstration: valve robots", _C, listed=False),
    Offer(201, "Leak detection by night", _M, "leak-detection", listed=False),
    Offer(202, "Detecting leaks with correlators: refresher", _C, "leak-detection", listed=False),
    Offer(203, "Plain language for technicians", _M, "plain-writing", listed=False),
    Offer(204, "Letters that get answers", _S, "plain-writing", listed=False),
    Offer(205, "Phishing: a five-minute drill", _S, "information-security", listed=False),
    Offer(206, "Information security for contractors", _M, "information-security", listed=False),
    Offer(207, "Negotiation role play", _M, "contract-negotiation", listed=False),
    Offer(208, "Contracts: what a buyer signs", _C, "contract-negotiation", listed=False),
    Offer(209, "Process control: alarms that matter", _C, "process-control", listed=False),
    Offer(210, "Project risks in one picture", _S, "project-management", listed=False),
    Offer(211, "Managing projects with a board", _M, "project-management", listed=False),
    Offer(212, "First aid refresher", _M, "first-aid", listed=False),
    Offer(213, "Electrical safety talk: arc flash", _S, "electrical-safety", listed=False),
    Offer(214, "Agile retrospectives", _M, "agile-methods", listed=False),
    Offer(215, "Presenting figures to the board", _M, "presenting", listed=False),
    Offer(216, "Kanban for field crews", _C, "agile-methods", listed=False),
    Offer(217, "Spanish for the holidays", _S, "spanish", listed=False),
    Offer(218, "Healthy backs", _M, listed=False),
    Offer(219, "Working near live parts (2026)", _M, "electrical-safety", listed=False),
)

#: Rules say that these do not count: no learning, but it is done on the same platforms.
EXCLUDED = (Offer(91, "Canteen survey", _M, listed=False), Offer(92, "Test course, please ignore", _S, listed=False))


def about(competency: str) -> tuple[Offer, ...]:
    """The offers that teach a competency."""
    return tuple(offer for offer in OFFERS if offer.competency == competency)


def numbered(number: int) -> Offer:
    return next(offer for offer in (*OFFERS, *UNLISTED, *EXCLUDED) if offer.number == number)
