"""Who may see and do what: every view declares a permission, auditors change nothing, strangers see nothing."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models import Request, quarantined
from lrs_bridge.web.access import Permission, declared, needs
from support.web import PAGES, OpenApp, bridge_of, sign_in, token


@pytest.fixture
def held(client: FlaskClient) -> str:
    """The id of a record in quarantine."""
    with read(bridge_of(client.application).engine) as connection:
        return quarantined(connection, Request(search="timestamp")).rows[0].id


def test_every_view_declares_a_permission(client: FlaskClient) -> None:
    undeclared = [name for name, view in client.application.view_functions.items() if declared(view) is None]

    assert undeclared == []


def test_a_view_without_a_declaration_is_refused(open_app: OpenApp) -> None:
    app: Flask = open_app()
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    answer = app.test_client().get("/forgotten")

    assert answer.status_code == 500
    assert "secret" not in answer.text


def test_only_the_sign_in_the_theme_and_the_health_are_public(client: FlaskClient) -> None:
    public = {name for name, view in client.application.view_functions.items() if declared(view) is Permission.PUBLIC}

    assert public == {
        "static",
        "sign_in.form",
        "sign_in.enter",
        "sign_in.leave",
        "sign_in.choose_theme",
        "health.healthz",
    }


def test_every_view_that_takes_a_form_asks_for_more_than_reading(client: FlaskClient) -> None:
    app = client.application
    changing = {rule.endpoint for rule in app.url_map.iter_rules() if rule.methods and "POST" in rule.methods}
    asked = {name: declared(app.view_functions[name]) for name in changing if not name.startswith("sign_in.")}

    assert asked
    assert set(asked.values()) == {Permission.CHANGE}


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_sent_to_the_sign_in_and_back_afterwards(client: FlaskClient, page: str) -> None:
    answer = client.get(f"{page}?page=1")

    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")
    assert sign_in(client, next=f"{page}?page=1").location == f"{page}?page=1"


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(client: FlaskClient) -> None:
    answer = client.get("/waste", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in")


@pytest.mark.parametrize("page", PAGES)
def test_an_auditor_reads_what_an_administrator_reads(auditor: FlaskClient, page: str) -> None:
    assert auditor.get(page).status_code == 200


def test_an_auditor_sees_no_button_that_would_be_refused(auditor: FlaskClient, held: str) -> None:
    assert "Try to take it in again" not in auditor.get(f"/sources/quarantine/{held}").text


def test_an_auditor_who_sends_the_form_all_the_same_is_told_why_not(auditor: FlaskClient, held: str) -> None:
    crumb = token(auditor.get("/"))

    answer = auditor.post(f"/sources/quarantine/{held}/replay", data={"csrf_token": crumb})

    assert answer.status_code == 403
    assert "Auditors read everything and change nothing" in answer.text


def test_a_learner_has_no_business_on_these_pages(client: FlaskClient) -> None:
    sign_in(client, "ada")

    assert client.get("/").status_code == 403


def test_declaring_a_permission_leaves_the_view_as_it_is() -> None:
    def view() -> str:
        return "seen"

    assert needs(Permission.READ)(view) is view
