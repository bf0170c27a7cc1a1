"""What PostgreSQL cannot look up leads nowhere, and is no failure of the database."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from lrs_bridge.acts import users
from lrs_bridge.acts.actor import OPERATOR, AccountRole
from lrs_bridge.bridge import Bridge
from lrs_bridge.store import schema
from lrs_bridge.web import create_app
from support.bridges import settings_for
from support.builders import NOON
from support.web import PASSWORD, Clock, sign_in, token


@pytest.fixture
def admin(postgres_url: str) -> Iterator[FlaskClient]:
    """A browser of an administrator whose installation is on PostgreSQL."""
    settings = settings_for(postgres_url, web={"secret_key": "a key for tests alone, long enough to sign"})
    with Bridge.open(settings, clock=Clock()) as bridge:
        schema.upgrade(bridge.engine)
        users.add(bridge.engine, OPERATOR, "admin", PASSWORD, AccountRole.ADMINISTRATOR, NOON)
        client = create_app(bridge).test_client()
        assert sign_in(client).status_code == 303
        yield client


@pytest.mark.real_server
@pytest.mark.parametrize(
    "page", ["/completions/%00/x", "/completions/x/%00", "/sources/quarantine/%00", "/waste/by/%00"]
)
def test_a_nul_in_a_path_leads_nowhere(admin: FlaskClient, page: str) -> None:
    assert admin.get(page).status_code == 404


@pytest.mark.real_server
def test_a_nul_in_a_form_leads_nowhere(admin: FlaskClient) -> None:
    form = {"csrf_token": token(admin.get("/"))}

    assert admin.post("/sources/quarantine/%00/replay", data=form).status_code == 404


@pytest.mark.real_server
def test_a_login_with_a_nul_is_refused_as_what_no_page_sends(admin: FlaskClient) -> None:
    admin.post("/sign-out", data={"csrf_token": token(admin.get("/"))})

    assert sign_in(admin, "ad\x00min").status_code == 400
