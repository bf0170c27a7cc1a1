"""The sandbox is an honest LRS: what xAPI says about statements holds for it, over real HTTP."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from lrs_bridge_connectors.sandbox import SandboxLrs

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
AN_ID = "11111111-1111-4111-8111-111111111111"
ANOTHER_ID = "22222222-2222-4222-8222-222222222222"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"

Builder = Callable[..., dict[str, Any]]


class Client:
    """Asks the sandbox as any client would."""

    def __init__(self, endpoint: str, version: str = "1.0.3") -> None:
        self.endpoint = endpoint
        self.session = requests.Session()
        self.session.auth = ("sandbox", "sandbox")
        self.session.headers["X-Experience-API-Version"] = version

    def get(self, path: str = "/statements", **query: Any) -> requests.Response:
        return self.session.get(self.endpoint + path, params=query, timeout=10)

    def post(self, *statements: object) -> requests.Response:
        return self.session.post(f"{self.endpoint}/statements", json=list(statements), timeout=10)

    def put(self, statement: object, statement_id: str = AN_ID) -> requests.Response:
        address = f"{self.endpoint}/statements"
        return self.session.put(address, json=statement, params={"statementId": statement_id}, timeout=10)

    def objects(self, **query: Any) -> list[str]:
        """The last parts of the object ids of what a query finds, over all pages."""
        answer = self.get(**query).json()
        return self._objects(answer) + self.objects_from(answer["more"])

    def objects_from(self, more: str) -> list[str]:
        """The same for all pages from a `more` link on."""
        found: list[str] = []
        while more:
            answer = self.session.get(self.endpoint.removesuffix("/xapi") + more, timeout=10).json()
            found += self._objects(answer)
            more = answer["more"]
        return found

    def _objects(self, answer: Any) -> list[str]:
        return [statement["object"]["id"].rpartition("/")[2] for statement in answer["statements"]]


@pytest.fixture
def client(served: Any) -> Any:
    client = Client(served.endpoint)
    yield client
    client.session.close()


def load(served: Any, build: Builder, count: int) -> None:
    """Statements about activities 0 to count − 1, one second apart, the last one a second before noon."""
    seconds = iter(range(-count, 0))
    served.lrs.load((build(number) for number in range(count)), lambda _: NOON + timedelta(seconds=next(seconds)))


# ---- writing


def test_a_posted_statement_gets_what_an_lrs_has_to_set(client: Client, a_statement: Builder) -> None:
    (statement_id,) = client.post(a_statement(1)).json()
    stored = client.get(statementId=statement_id).json()

    assert a_statement(1).items() <= stored.items()
    assert {"stored", "timestamp", "authority", "version", "id"} <= stored.keys()
    assert "2026-03-02T12:00:00.000Z" == stored["stored"] == stored["timestamp"]


def test_ids_are_given_the_same_in_every_run(a_statement: Builder) -> None:
    runs = []
    for _ in range(2):
        lrs = SandboxLrs(lambda: NOON)
        runs.append(lrs.store.write([a_statement(1), a_statement(2)]))

    assert runs[0] == runs[1]
    assert 2 == len(set(runs[0]))


def test_the_same_statement_again_changes_nothing(client: Client, a_statement: Builder) -> None:
    first = a_statement(1, id=AN_ID)
    again = a_statement(1, id=AN_ID.upper(), stored="2030-01-01T00:00:00Z", authority={"mbox": "mailto:x@example.org"})
    again["verb"] = {**again["verb"], "display": {"en": "finished"}}

    assert [200, 200] == [client.post(first).status_code, client.post(again).status_code]
    assert 204 == client.put(first).status_code
    assert ["1"] == client.objects()


def test_another_statement_with_the_same_id_is_a_conflict_and_nothing_of_the_request_is_stored(
    client: Client, a_statement: Builder
) -> None:
    client.post(a_statement(1, id=AN_ID))

    assert 409 == client.post(a_statement(7), a_statement(2, id=AN_ID)).status_code
    assert 409 == client.put(a_statement(2)).status_code
    assert ["1"] == client.objects()


def test_timestamps_that_are_spelled_differently_mean_the_same(client: Client, a_statement: Builder) -> None:
    client.put(a_statement(1, timestamp="2026-03-02T12:00:00Z"))

    assert 204 == client.put(a_statement(1, timestamp="2026-03-02T13:00:00.000+01:00")).status_code
    assert 409 == client.put(a_statement(1, timestamp="2026-03-02T13:00:00.000Z")).status_code


@pytest.mark.parametrize(
    "wrong",
    [
        {"actor": None},
        {"verb": {}},
        {"verb": "completed"},
        {"object": []},
        {"id": "7"},
        {"timestamp": "yesterday"},
        {"context": 7},
    ],
)
def test_what_is_no_statement_is_rejected_with_all_that_came_along(
    client: Client, a_statement: Builder, wrong: dict[str, Any]
) -> None:
    answer = client.post(a_statement(1), a_statement(2, **wrong))

    assert 400 == answer.status_code
    assert next(iter(wrong)) in answer.json()["error"]
    assert client.objects() == []


def test_other_requests_that_make_no_sense_are_rejected(client: Client, a_statement: Builder) -> None:
    twice = a_statement(1, id=AN_ID)

    assert 400 == client.post(twice, twice).status_code
    assert 400 == client.put(a_statement(1, id=ANOTHER_ID)).status_code
    assert 400 == client.put([a_statement(1)]).status_code
    assert 400 == client.put(a_statement(1), statement_id="7").status_code
    assert 400 == client.session.post(f"{client.endpoint}/statements", data=b"{", timeout=10).status_code
    headers = {"Content-Type": "application/json"}
    assert 400 == client.session.post(f"{client.endpoint}/statements", b"{", headers=headers, timeout=10).status_code


# ---- voiding


@pytest.mark.parametrize("voider_first", [False, True])
def test_a_voided_statement_is_found_by_voided_statement_id_alone(
    client: Client, a_statement: Builder, voider_first: bool
) -> None:
    target = a_statement(1, id=AN_ID)
    voider = a_statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": AN_ID})
    for statement in (voider, target) if voider_first else (target, voider):
        client.post(statement)

    assert [AN_ID] == client.objects()  # the voider's object
    assert 404 == client.get(statementId=AN_ID).status_code
    assert target["object"] == client.get(voidedStatementId=AN_ID).json()["object"]


def test_a_voider_cannot_be_voided(client: Client, a_statement: Builder) -> None:
    reference = {"objectType": "StatementRef", "id": AN_ID}
    client.post(a_statement(1, id=AN_ID, verb={"id": VOIDED}, object={**reference, "id": ANOTHER_ID}))
    client.post(a_statement(2, verb={"id": VOIDED}, object=reference))

    assert 200 == client.get(statementId=AN_ID).status_code
    assert 2 == len(client.objects())


# ---- reading


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 10])
@pytest.mark.parametrize("ascending", ["true", "false"])
def test_pages_hold_everything_once_in_the_order_asked_for(
    served: Any, client: Client, a_statement: Builder, limit: int, ascending: str
) -> None:
    load(served, a_statement, 7)
    expected = [str(number) for number in range(7)]

    assert (expected if ascending == "true" else expected[::-1]) == client.objects(limit=limit, ascending=ascending)


@pytest.mark.parametrize("ascending", ["true", "false"])
def test_writes_between_pages_do_not_shift_them(
    served: Any, client: Client, a_statement: Builder, ascending: str
) -> None:
    load(served, a_statement, 6)
    first = client.get(limit=2, ascending=ascending).json()
    served.lrs.load([a_statement(98)], lambda _: NOON - timedelta(days=1))
    served.lrs.load([a_statement(99)], lambda _: NOON)
    expected = ["2", "3", "4", "5"] if ascending == "true" else ["3", "2", "1", "0"]

    assert expected == client.objects_from(first["more"])


def test_since_is_exclusive_and_until_inclusive(served: Any, client: Client, a_statement: Builder) -> None:
    load(served, a_statement, 6)

    assert ["3", "4"] == client.objects(
        since="2026-03-02T11:59:56.000Z", until="2026-03-02T12:59:58+01:00", ascending="true"
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"verb": "http://adlnet.gov/expapi/verbs/passed"}, ["1", AN_ID]),
        ({"activity": "https://example.org/activity/2"}, ["2"]),
        ({"agent": json.dumps({"mbox": "mailto:grace@example.org"})}, ["3"]),
        ({"agent": json.dumps({"account": {"name": "7", "homePage": "https://example.org"}})}, ["4"]),
        ({"registration": ANOTHER_ID.upper()}, ["5"]),
        ({"verb": "http://adlnet.gov/expapi/verbs/failed"}, []),
    ],
)
def test_filters_find_what_fits_and_what_refers_to_it(
    client: Client, a_statement: Builder, query: dict[str, str], found: list[str]
) -> None:
    client.post(
        a_statement(1, id=AN_ID, verb={"id": "http://adlnet.gov/expapi/verbs/passed"}),
        a_statement(2),
        a_statement(3, actor={"mbox": "mailto:grace@example.org"}),
        a_statement(4, actor={"account": {"homePage": "https://example.org", "name": "7"}}),
        a_statement(5, context={"registration": ANOTHER_ID}),
        a_statement(actor={"name": "nobody"}, object={"objectType": "StatementRef", "id": AN_ID}),
    )

    assert found == client.objects(ascending="true", **query)


def test_formats_reduce_what_is_sent(client: Client, a_statement: Builder) -> None:
    verb = {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"de": "beendet", "en-GB": "completed"}}
    client.post(a_statement(1, verb=verb, actor={"mbox": "mailto:ada@example.org", "name": "Ada"}))
    exact, ids, canonical = (client.get(format=form).json()["statements"][0] for form in ("exact", "ids", "canonical"))

    assert (verb, "Ada") == (exact["verb"], exact["actor"]["name"])
    assert ({"id": verb["id"]}, {"mbox": "mailto:ada@example.org"}) == (ids["verb"], ids["actor"])
    assert {"en-GB": "completed"} == canonical["verb"]["display"]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "-1"},
        {"limit": "x"},
        {"since": "yesterday"},
        {"ascending": "yes"},
        {"format": "short"},
        {"agent": "{}"},
        {"agent": "{"},
        {"registration": "7"},
        {"unknown": "1"},
        {"statementId": AN_ID, "voidedStatementId": AN_ID},
        {"statementId": AN_ID, "verb": "x"},
        {"statementId": "7"},
    ],
)
def test_parameters_that_make_no_sense_are_rejected(client: Client, query: dict[str, str]) -> None:
    assert 400 == client.get(**query).status_code


@pytest.mark.parametrize("token", ["x", "e30", "____"])
def test_a_link_that_was_not_made_here_is_rejected(client: Client, token: str) -> None:
    assert 400 == client.get(f"/statements/more/{token}").status_code


@pytest.mark.parametrize("limit", [0, 100_000])
def test_a_limit_of_nothing_or_too_much_means_the_highest(
    served: Any, client: Client, a_statement: Builder, limit: int
) -> None:
    load(served, a_statement, 1001)

    assert 1000 == len(client.get(limit=limit).json()["statements"])


# ---- around it


def test_answers_tell_the_time_through_which_they_are_complete(served: Any, client: Client) -> None:
    served.clock.now = NOON - timedelta(days=400)
    answer = client.get()

    assert "2025-01-26T12:00:00.000Z" == answer.headers["X-Experience-API-Consistent-Through"]
    assert "Sun, 26 Jan 2025 12:00:00 GMT" == answer.headers["Date"]


@pytest.mark.parametrize(
    ("asked", "answered"), [("1.0", "1.0.3"), ("1.0.1", "1.0.3"), ("1.0.3", "1.0.3"), ("2.0.0", "2.0.0")]
)
def test_versions_are_negotiated(served: Any, asked: str, answered: str) -> None:
    answer = Client(served.endpoint, asked).get()

    assert (200, answered) == (answer.status_code, answer.headers["X-Experience-API-Version"])


@pytest.mark.parametrize("asked", ["", "0.95", "1.1.0", "3"])
def test_other_versions_are_rejected(served: Any, asked: str) -> None:
    assert 400 == Client(served.endpoint, asked).get().status_code


def test_about_needs_no_version(served: Any) -> None:
    answer = Client(served.endpoint, "").get("/about")

    assert {"version": ["1.0.3", "2.0.0"]} == answer.json()


@pytest.mark.parametrize("auth", [None, ("sandbox", "hush"), ("grace", "sandbox")])
def test_only_those_who_know_the_password_come_in(served: Any, auth: tuple[str, str] | None) -> None:
    answer = requests.get(f"{served.endpoint}/statements", auth=auth, timeout=10)

    assert (401, 'Basic realm="sandbox"') == (answer.status_code, answer.headers["WWW-Authenticate"])


def test_bytes_are_sent_as_they_were_loaded(served: Any, client: Client) -> None:
    odd = (
        f'{{ "id":"{AN_ID}", "stored":"2026-03-02T11:00:00Z", "actor":{{}}, "verb":{{"id":"v"}}, "object":{{}}, '
        '"n": 1.50 }'
    ).encode()
    served.lrs.load([odd])

    assert odd in client.get().content


def test_statements_may_be_loaded_in_any_order(served: Any, client: Client, a_statement: Builder) -> None:
    served.lrs.load(
        [a_statement(2, stored="2026-03-02T11:00:02Z"), a_statement(1, stored="2026-03-02T11:00:01Z")],
    )
    served.lrs.load([a_statement(0, stored="2026-03-02T11:00:00Z")])

    assert ["0", "1", "2"] == client.objects(ascending="true")
    assert 3 == len(served.lrs)


def test_serving_ends_with_its_block(clock: Any) -> None:
    with SandboxLrs(clock).serve() as serving:
        pass

    with pytest.raises(requests.ConnectionError):
        requests.get(serving.endpoint, timeout=1)
