"""The pages of a furnished installation, for Flask's test client and for a browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from lrs_bridge.acts import users
from lrs_bridge.web import create_app
from support.web import Clock, OpenApp, empty_file, furnish_file, open_web_bridge, sign_in


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Passwords are hashed with argon2 all the same, at a cost that fits a hundred sign-ins."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(users, "_HASHER", hasher)
        patch.setattr(users, "_NOBODY", hasher.hash("the password of nobody"))
        yield


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A furnished database to copy."""
    file = tmp_path_factory.mktemp("web") / "bridge.db"
    furnish_file(file)
    return file


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with nothing but an account, to copy."""
    file = tmp_path_factory.mktemp("web") / "bare.db"
    empty_file(file)
    return file


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_app(furnished: Path, tmp_path: Path, clock: Clock) -> Iterator[OpenApp]:
    """Opens the pages over a copy of a database; sections of the settings can be given."""
    opened = []

    def open_(template: Path = furnished, **sections: object) -> Flask:
        file = tmp_path / "copy.db"
        shutil.copy(template, file)
        opened.append(open_web_bridge(file, clock, **sections))
        app = create_app(opened[-1])
        app.testing = True
        return app

    yield open_
    for bridge in opened:
        bridge.close()


@pytest.fixture
def client(open_app: OpenApp) -> FlaskClient:
    """A browser that is not signed in."""
    return open_app().test_client()


@pytest.fixture
def admin(client: FlaskClient) -> FlaskClient:
    assert sign_in(client).status_code == 303
    return client


@pytest.fixture
def auditor(open_app: OpenApp) -> FlaskClient:
    client = open_app().test_client()
    assert sign_in(client, "audrey").status_code == 303
    return client
