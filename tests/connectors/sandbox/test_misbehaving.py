"""The sandbox that can be told to misbehave: honest until then, honest again afterwards, and easy to ask."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from lrs_bridge_connectors.sandbox import FAULTS, MisbehavingLrs, SandboxLrs

AN_ID = "11111111-1111-4111-8111-111111111111"


@dataclass
class Served:
    lrs: MisbehavingLrs
    endpoint: str

    def get(self, **query: Any) -> requests.Response:
        headers = {"X-Experience-API-Version": "1.0.3"}
        auth = ("sandbox", "sandbox")
        return requests.get(f"{self.endpoint}/statements", params=query, headers=headers, auth=auth, timeout=10)


@pytest.fixture
def liar(a_statement: Callable[..., dict[str, Any]]) -> Iterator[Served]:
    lrs = MisbehavingLrs(SandboxLrs(), pace=0.0)
    lrs.lrs.load([a_statement(1, id=AN_ID), a_statement(2), a_statement(3)])
    with lrs.serve() as serving:
        yield Served(lrs, serving.endpoint)


def numbers(answer: requests.Response) -> list[str]:
    return [each["object"]["id"].rpartition("/")[2] for each in answer.json()["statements"]]


def test_it_is_honest_until_it_is_told_otherwise_and_afterwards(liar: Served) -> None:
    assert numbers(liar.get(ascending="true")) == ["1", "2", "3"]
    liar.lrs.misbehave("forbidden")
    assert liar.get().status_code == 403
    liar.lrs.behave()
    assert liar.get().status_code == 200


def test_it_takes_statements_as_well(liar: Served, a_statement: Callable[..., dict[str, Any]]) -> None:
    sent = requests.post(
        f"{liar.endpoint}/statements",
        json=[a_statement(4)],
        headers={"X-Experience-API-Version": "1.0.3"},
        auth=("sandbox", "sandbox"),
        timeout=10,
    )

    assert (sent.status_code, len(liar.lrs.lrs)) == (200, 4)


def test_a_fault_befalls_the_statements_that_are_named(liar: Served) -> None:
    liar.lrs.misbehave("narrowed", [AN_ID])

    assert numbers(liar.get(ascending="true")) == ["2", "3"]


def test_a_fault_that_happens_once_happens_again_when_it_is_asked_for_again(liar: Served) -> None:
    for _ in range(2):
        liar.lrs.misbehave("error-once")

        assert [500, 200] == [liar.get().status_code, liar.get().status_code]


def test_every_request_is_kept_for_the_test_to_look_at(liar: Served) -> None:
    liar.get(limit="2")

    assert [("GET", "/xapi/statements", {"limit": "2"})] == [(a.method, a.path, dict(a.query)) for a in liar.lrs.asked]


def test_an_unknown_fault_is_told_with_the_nearest_one(liar: Served) -> None:
    with pytest.raises(ValueError, match="did you mean 'hanging'"):
        liar.lrs.misbehave("hangin")


def test_servers_that_hang_let_themselves_be_ended(liar: Served) -> None:
    liar.lrs.misbehave("hanging")

    with pytest.raises(requests.ReadTimeout):
        requests.get(liar.endpoint, timeout=0.1)


def test_each_fault_says_in_a_sentence_what_the_server_does() -> None:
    assert not [fault.name for fault in FAULTS.values() if not (fault.says[0].isupper() and fault.says.endswith("."))]
