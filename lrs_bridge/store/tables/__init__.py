"""All tables; facts and derived rows apart. Importing this package makes `Base.metadata` complete."""

from lrs_bridge.store.tables.acts import AttestationRow, DecisionRow, FollowUpActRow, GoalActRow, SupportActRow
from lrs_bridge.store.tables.agendas import CompetencyRow, InitiativeRow, NeedRow, ObjectiveRow, WantRow
from lrs_bridge.store.tables.backtests import BacktestPartRow, BacktestRow, BacktestState
from lrs_bridge.store.tables.base import Base
from lrs_bridge.store.tables.catalogue import ActivityAliasRow, ActivityCompetencyRow, ActivityRow
from lrs_bridge.store.tables.contracts import (
    ContractGoalRow,
    ContractRow,
    ContractSupportRow,
    RevisionRow,
    SignatureRow,
)
from lrs_bridge.store.tables.derived import (
    CompletionLinkRow,
    CompletionRow,
    EvidenceRow,
    FindingRow,
    FollowUpRow,
    GoalProgressRow,
    GrowthRow,
    LinkKind,
)
from lrs_bridge.store.tables.history import BackfillRow, BackfillState, BackfillWindowRow
from lrs_bridge.store.tables.people import IdentityRow, LearnerRow, UnitRow
from lrs_bridge.store.tables.privacy import ErasedIdentifierRow, PseudonymsRow, RewritingRow
from lrs_bridge.store.tables.running import (
    DueRow,
    OutboxRow,
    OutboxState,
    RulesetActivationRow,
    RulesetRow,
    SourceRow,
)
from lrs_bridge.store.tables.statements import (
    NoiseRow,
    QuarantineRow,
    QuarantineState,
    StatementMemberRow,
    StatementRow,
)
from lrs_bridge.store.tables.summaries import ActivitySummaryRow, SummaryPart, SummaryRow, SummaryStateRow
from lrs_bridge.store.tables.users import AuditRow, UserRole, UserRow

__all__ = [
    "ActivityAliasRow",
    "ActivityCompetencyRow",
    "ActivityRow",
    "ActivitySummaryRow",
    "AttestationRow",
    "AuditRow",
    "BackfillRow",
    "BackfillState",
    "BackfillWindowRow",
    "BacktestPartRow",
    "BacktestRow",
    "BacktestState",
    "Base",
    "CompetencyRow",
    "CompletionLinkRow",
    "CompletionRow",
    "ContractGoalRow",
    "ContractRow",
    "ContractSupportRow",
    "DecisionRow",
    "DueRow",
    "ErasedIdentifierRow",
    "EvidenceRow",
    "FindingRow",
    "FollowUpActRow",
    "FollowUpRow",
    "GoalActRow",
    "GoalProgressRow",
    "GrowthRow",
    "IdentityRow",
    "InitiativeRow",
    "LearnerRow",
    "LinkKind",
    "NeedRow",
    "NoiseRow",
    "ObjectiveRow",
    "OutboxRow",
    "OutboxState",
    "PseudonymsRow",
    "QuarantineRow",
    "QuarantineState",
    "RevisionRow",
    "RewritingRow",
    "RulesetActivationRow",
    "RulesetRow",
    "SignatureRow",
    "SourceRow",
    "StatementMemberRow",
    "StatementRow",
    "SummaryPart",
    "SummaryRow",
    "SummaryStateRow",
    "SupportActRow",
    "UnitRow",
    "UserRole",
    "UserRow",
    "WantRow",
]
