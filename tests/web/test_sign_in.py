"""Signing in: what is right gets in, what is wrong learns nothing, and nobody can guess for long."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from lrs_bridge.acts import users
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.store.engine import write
from lrs_bridge.store.users import change_user
from lrs_bridge.web.sign_in.destination import inside
from lrs_bridge.web.sign_in.guesses import PER_ACCOUNT, PER_ADDRESS, WINDOW
from support.web import PASSWORD, Clock, OpenApp, bridge_of, sign_in, token


def test_the_right_password_opens_the_overview(client: FlaskClient) -> None:
    assert sign_in(client).location == "/"
    assert client.get("/").status_code == 200


def test_the_login_may_be_written_in_capitals(client: FlaskClient) -> None:
    assert sign_in(client, " ADMIN ").status_code == 303


@pytest.mark.parametrize("login", ["admin", "nobody", "", "admin' --"])
def test_whatever_is_wrong_the_answer_is_the_same(client: FlaskClient, login: str) -> None:
    answer = sign_in(client, login, "not the password")

    assert answer.status_code == 401
    assert "The login or the password is wrong." in answer.text
    assert "not the password" not in answer.text


def test_after_some_failures_the_account_has_to_wait_and_is_told_how_long(client: FlaskClient) -> None:
    for _ in range(PER_ACCOUNT):
        assert sign_in(client, password="wrong").status_code == 401

    answer = sign_in(client)

    assert answer.status_code == 429
    assert "Too many attempts. Try again in 15 minutes." in answer.text
    assert answer.headers["Retry-After"] == "900"


def test_an_account_that_does_not_exist_is_slowed_down_just_the_same(client: FlaskClient) -> None:
    for _ in range(PER_ACCOUNT):
        sign_in(client, "nobody", "wrong")

    assert sign_in(client, "nobody", "wrong").status_code == 429


def test_after_the_wait_the_right_password_works_again(client: FlaskClient, clock: Clock) -> None:
    for _ in range(PER_ACCOUNT):
        sign_in(client, password="wrong")
    clock.now += WINDOW + timedelta(seconds=1)

    assert sign_in(client).status_code == 303


def test_other_accounts_are_not_locked_out_with_one(client: FlaskClient) -> None:
    for _ in range(PER_ACCOUNT):
        sign_in(client, password="wrong")

    assert sign_in(client, "audrey").status_code == 303


def test_one_address_cannot_try_many_accounts(client: FlaskClient) -> None:
    crumb = token(client.get("/sign-in"))
    answers = [
        client.post("/sign-in", data={"csrf_token": crumb, "login": f"user{number}", "password": "wrong"}).status_code
        for number in range(PER_ADDRESS + 1)
    ]

    assert answers == [401] * PER_ADDRESS + [429]


def test_signing_in_leaves_nothing_of_the_session_before(client: FlaskClient) -> None:
    client.get("/sign-in")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session["csrf_token"]

    sign_in(client)

    client.get("/")
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["csrf_token"] != before


def test_a_new_password_ends_sessions(admin: FlaskClient, clock: Clock) -> None:
    users.set_password(bridge_of(admin.application).engine, OPERATOR, "admin", PASSWORD + "!", clock.now)

    assert admin.get("/").status_code == 302


def test_an_account_that_is_switched_off_is_out_at_once(admin: FlaskClient) -> None:
    with write(bridge_of(admin.application).engine) as connection:
        change_user(connection, "admin", active=False)

    assert admin.get("/").status_code == 302


def test_signing_out_ends_the_session(admin: FlaskClient) -> None:
    answer = admin.post("/sign-out", data={"csrf_token": token(admin.get("/"))})

    assert answer.status_code == 303
    assert admin.get("/").status_code == 302


def test_a_cookie_that_names_another_account_is_worth_nothing(admin: FlaskClient) -> None:
    with admin.session_transaction() as session:
        session["_user_id"] = session["_user_id"].partition(":")[0] + ":audrey"

    assert admin.get("/").status_code == 302


@pytest.mark.parametrize(
    "wanted",
    [
        "https://example.test/",
        "//example.test",
        "/\\example.test",
        "\\/example.test",
        "javascript:alert(1)",
        "/\t/example.test",
        "/\n/example.test",
        "http:/example.test",
        "waste",
        "",
        "///example.test",
        " /waste",
        "https:example.test",
        "/%0d%0aSet-Cookie:x\r\n",
    ],
)
def test_no_address_leads_away_after_signing_in(wanted: str) -> None:
    assert inside(wanted) == "/"


@pytest.mark.parametrize("wanted", ["/waste", "/waste?q=a&page=2", "/completions/1/ada%20b"])
def test_an_address_of_ours_is_gone_back_to(wanted: str) -> None:
    assert inside(wanted) == wanted


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    cookie = sign_in(client).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_sent_over_nothing_else(open_app: OpenApp) -> None:
    client = open_app(web={"secret_key": "k" * 40, "public_url": "https://learn.example.org"}).test_client()

    answer = client.get("/sign-in", base_url="https://learn.example.org")

    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_the_choice_of_colours_is_kept_without_scripts(client: FlaskClient) -> None:
    client.post("/theme", data={"csrf_token": token(client.get("/sign-in")), "theme": "dark", "next": "/sign-in"})

    assert 'data-bs-theme="dark"' in client.get("/sign-in").text


def test_no_other_word_becomes_a_theme(client: FlaskClient) -> None:
    client.set_cookie("theme", '"><script>')

    assert "<script>" not in client.get("/sign-in").text.replace("<script src=", "")
