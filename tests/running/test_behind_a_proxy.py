"""Behind a reverse proxy: whose address counts when passwords are guessed."""

import re

import pytest
import requests

from lrs_bridge.web.sign_in.guesses import PER_ADDRESS
from support.process import Child
from support.running import Installation

GUESSER, COLLEAGUE = "203.0.113.7", "203.0.113.8"


def trust(installation: Installation, *lines: str) -> None:
    toml = installation.folder / "lrs_bridge.toml"
    toml.write_text(toml.read_text("utf-8").replace("port = 0", "\n".join(["port = 0", *lines])), "utf-8")


def address_of(child: Child) -> str:
    child.wait_for_line("Listening on http://")
    found = re.search(r"Listening on (http://\S+)", child.output())
    assert found is not None
    return found[1]


def guesses(address: str, headers: dict[str, str], count: int = 1) -> list[int]:
    """The answers to so many wrong passwords, each for another account."""
    with requests.Session() as browser:
        page = browser.get(f"{address}/sign-in", timeout=10).text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        forms = ({"csrf_token": found[1], "login": f"invented{n}", "password": "wrong"} for n in range(count))
        return [browser.post(f"{address}/sign-in", form, headers=headers, timeout=10).status_code for form in forms]


@pytest.mark.parametrize(
    ("settings", "guesser", "colleague"),
    [
        ((), {}, {}),
        (
            ('trusted_proxy = "127.0.0.1"',),
            {"X-Forwarded-For": f"198.51.100.1, {GUESSER}"},
            {"X-Forwarded-For": COLLEAGUE},
        ),
        (
            ('trusted_proxy = "127.0.0.1"', 'trusted_proxy_header = "forwarded"'),
            {"Forwarded": f"for={GUESSER}"},
            {"Forwarded": f"for={COLLEAGUE}"},
        ),
    ],
    ids=["no proxy", "x-forwarded-for", "forwarded"],
)
def test_who_guesses_is_slowed_down_and_behind_a_proxy_nobody_else(
    installation: Installation, settings: tuple[str, ...], guesser: dict[str, str], colleague: dict[str, str]
) -> None:
    trust(installation, *settings)
    with installation.start("web") as web:
        address = address_of(web)
        answers = guesses(address, guesser, PER_ADDRESS + 1)

        assert answers == [401] * PER_ADDRESS + [429]
        assert guesses(address, colleague) == [401 if settings else 429]


def test_a_header_of_somebody_who_is_no_proxy_is_not_believed(installation: Installation) -> None:
    trust(installation, 'trusted_proxy = "192.0.2.1"')
    with installation.start("web") as web:
        address = address_of(web)
        guesses(address, {"X-Forwarded-For": GUESSER}, PER_ADDRESS)

        assert guesses(address, {"X-Forwarded-For": COLLEAGUE}) == [429]
