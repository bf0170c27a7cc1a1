"""Sign-in accounts: what is accepted, what is refused, and that guessing does not pay."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from lrs_bridge.acts import users
from lrs_bridge.acts.actor import OPERATOR, AccountRole, Actor
from lrs_bridge.acts.errors import ActRefused, NotAllowed, NotFound
from lrs_bridge.store.engine import read
from lrs_bridge.store.users import get_user
from support.builders import NOON

PASSWORD = "correct horse battery"


def an_account(engine: Engine, login: str = "ada", role: AccountRole = AccountRole.ADMINISTRATOR) -> Actor:
    return users.add(engine, OPERATOR, login, PASSWORD, role, NOON)


def test_an_account_signs_in_with_its_password(engine: Engine) -> None:
    an_account(engine)

    assert users.sign_in(engine, "Ada ", PASSWORD, NOON) == Actor("ada", AccountRole.ADMINISTRATOR)


@pytest.mark.parametrize(("login", "password"), [("ada", "wrong"), ("nobody", PASSWORD), ("ada", "x" * 5000)])
def test_whatever_is_wrong_the_answer_is_the_same(engine: Engine, login: str, password: str) -> None:
    an_account(engine)

    with pytest.raises(NotAllowed, match="The login or the password is wrong"):
        users.sign_in(engine, login, password, NOON)


def test_a_clock_that_was_ahead_locks_nobody_out_when_it_is_set_right(engine: Engine) -> None:
    an_account(engine)
    for _ in range(users.FAILURES_ALLOWED):
        with pytest.raises(NotAllowed):
            users.sign_in(engine, "ada", "wrong", NOON + timedelta(days=365))

    assert users.sign_in(engine, "ada", PASSWORD, NOON).login == "ada"


def test_five_failures_lock_an_account_for_a_while(engine: Engine) -> None:
    an_account(engine)
    for _ in range(users.FAILURES_ALLOWED):
        with pytest.raises(NotAllowed):
            users.sign_in(engine, "ada", "wrong", NOON)

    with pytest.raises(NotAllowed):
        users.sign_in(engine, "ada", PASSWORD, NOON + timedelta(minutes=14))
    assert users.sign_in(engine, "ada", PASSWORD, NOON + timedelta(minutes=16)).login == "ada"


def test_a_sign_in_forgives_earlier_failures(engine: Engine) -> None:
    an_account(engine)
    for _ in range(users.FAILURES_ALLOWED - 1):
        with pytest.raises(NotAllowed):
            users.sign_in(engine, "ada", "wrong", NOON)
    users.sign_in(engine, "ada", PASSWORD, NOON)

    with pytest.raises(NotAllowed):
        users.sign_in(engine, "ada", "wrong", NOON)
    assert users.sign_in(engine, "ada", PASSWORD, NOON).login == "ada"


def test_a_password_is_kept_as_an_argon2_hash(engine: Engine) -> None:
    an_account(engine)

    with read(engine) as connection:
        kept = get_user(connection, "ada")
    assert kept is not None
    assert kept.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize("password", ["", "short", "elevenchars", "x" * 1025])
def test_a_password_has_a_sensible_length(engine: Engine, password: str) -> None:
    with pytest.raises(ActRefused, match="at least 12"):
        users.add(engine, OPERATOR, "ada", password, AccountRole.ADMINISTRATOR, NOON)


@pytest.mark.parametrize("login", ["", "with space", "-dash", "ä", "x" * 101, "a/b"])
def test_an_odd_login_is_refused(engine: Engine, login: str) -> None:
    with pytest.raises(ActRefused, match="login cannot be used"):
        users.add(engine, OPERATOR, login, PASSWORD, AccountRole.ADMINISTRATOR, NOON)


def test_a_login_is_given_once(engine: Engine) -> None:
    an_account(engine)

    with pytest.raises(ActRefused, match="'ada' already"):
        an_account(engine)


def test_a_manager_account_belongs_to_a_person(engine: Engine) -> None:
    with pytest.raises(ActRefused, match="belongs to a person"):
        an_account(engine, role=AccountRole.MANAGER)


def test_the_person_must_exist(engine: Engine) -> None:
    with pytest.raises(NotFound):
        users.add(engine, OPERATOR, "mo", PASSWORD, AccountRole.MANAGER, NOON, learner_id="nobody")


def test_everybody_sets_their_own_password(engine: Engine) -> None:
    auditor = an_account(engine, role=AccountRole.AUDITOR)
    users.set_password(engine, auditor, "ada", "another long one", NOON)

    assert users.sign_in(engine, "ada", "another long one", NOON).login == "ada"


def test_nobody_but_an_administrator_sets_somebody_elses(engine: Engine) -> None:
    auditor = an_account(engine, role=AccountRole.AUDITOR)
    an_account(engine, "eve")

    with pytest.raises(NotAllowed):
        users.set_password(engine, auditor, "eve", "another long one", NOON)


def test_an_account_that_is_gone_is_nobody(engine: Engine) -> None:
    an_account(engine)

    assert users.find(engine, "ada") == Actor("ada", AccountRole.ADMINISTRATOR)
    assert users.find(engine, "eve") is None
    with pytest.raises(NotFound):
        users.set_password(engine, OPERATOR, "eve", PASSWORD, NOON)
