"""Who may do what: the table, and how far a role reaches."""

import pytest

from lrs_bridge.acts.actor import OPERATOR, AccountRole, Actor
from lrs_bridge.acts.errors import NotAllowed
from lrs_bridge.acts.permission import ROLES, allow
from lrs_bridge.domain.learner import Learner

ALICE = Learner("al", manager_id="mo")
MONA = Actor("mona", AccountRole.MANAGER, "mo")
AUDITOR = Actor("rita", AccountRole.AUDITOR)


@pytest.mark.parametrize("act", ROLES)
def test_an_auditor_may_change_nothing(act: str) -> None:
    with pytest.raises(NotAllowed):
        allow(act, AUDITOR, ALICE)


@pytest.mark.parametrize("act", ROLES)
def test_an_administrator_may_do_everything(act: str) -> None:
    allow(act, OPERATOR, ALICE)


def test_a_manager_acts_for_the_own_line() -> None:
    allow("follow-up.confirm", MONA, ALICE)


def test_a_manager_may_not_act_for_anybody_else() -> None:
    with pytest.raises(NotAllowed, match="only for the own line"):
        allow("follow-up.confirm", MONA, Learner("zoe", manager_id="other"))


def test_a_manager_may_not_confirm_their_own_task() -> None:
    with pytest.raises(NotAllowed):
        allow("follow-up.confirm", MONA, Learner("mo", manager_id="boss"))


def test_a_manager_may_submit_their_own_task() -> None:
    allow("follow-up.submit", MONA, Learner("mo", manager_id="boss"))


def test_a_learner_may_not_submit_for_a_colleague() -> None:
    with pytest.raises(NotAllowed, match="only for themselves"):
        allow("follow-up.submit", Actor("ben", AccountRole.LEARNER, "ben"), ALICE)


def test_a_manager_account_without_a_person_reaches_nobody() -> None:
    with pytest.raises(NotAllowed):
        allow("follow-up.confirm", Actor("ghost", AccountRole.MANAGER), Learner("al", manager_id=None))


def test_a_refusal_says_which_role_is_needed() -> None:
    with pytest.raises(NotAllowed, match="needs the role administrator; mona has the role manager"):
        allow("rules.publish", MONA)
