"""The sandbox over HTTP: statements, their further pages, and About.

Where it stands: a Flask application over `StatementStore`. Bodies are put together from the stored bytes, so that it
answers far faster than anybody can read.
"""

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any

import msgspec
from flask import Flask, Response, request

from lrs_bridge_connectors.sandbox.entry import BadStatement, Entry, checked_uuid
from lrs_bridge_connectors.sandbox.forms import FORMS
from lrs_bridge_connectors.sandbox.query import BadQuery, id_from, query_from, query_of, token_of
from lrs_bridge_connectors.sandbox.store import Conflict, Query, StatementStore
from lrs_bridge_connectors.times import format_time

VERSIONS = ("1.0.3", "2.0.0")
MOUNT = "/xapi"


def create_app(
    store: StatementStore,
    clock: Callable[[], datetime],
    *,
    credentials: tuple[str, str] | None,
    max_limit: int,
) -> Flask:
    """The application; `credentials` None means that everybody may come in."""
    app = Flask(__name__)
    resource = StatementResource(store, max_limit)
    app.before_request(lambda: _refused(credentials))
    app.after_request(lambda response: _stamped(response, clock()))
    app.add_url_rule(f"{MOUNT}/about", view_func=about)
    app.add_url_rule(f"{MOUNT}/statements", "get", resource.get, methods=["GET"])
    app.add_url_rule(f"{MOUNT}/statements/more/<token>", "more", resource.more, methods=["GET"])
    app.add_url_rule(f"{MOUNT}/statements", "post", resource.post, methods=["POST"])
    app.add_url_rule(f"{MOUNT}/statements", "put", resource.put, methods=["PUT"])
    for kind, status in ((BadQuery, 400), (BadStatement, 400), (msgspec.DecodeError, 400), (Conflict, 409)):
        app.register_error_handler(kind, _told(status))
    return app


def about() -> Response:
    """About Resource (xAPI 1.0.3 Communication 2.8)."""
    return _json(msgspec.json.encode({"version": VERSIONS}))


class StatementResource:
    """Statement Resource (xAPI 1.0.3 Communication 2.1)."""

    def __init__(self, store: StatementStore, max_limit: int) -> None:
        self._store, self._max_limit = store, max_limit

    def get(self) -> Response:
        parameters = request.args.to_dict()
        single = id_from(parameters)
        if single is None:
            return self._page(query_from(parameters, arrivals=self._store.arrivals, max_limit=self._max_limit))
        statement_id, voided = single
        entry = self._store.one(statement_id, voided=voided)
        form = query_from({"format": parameters.get("format", "exact")}, arrivals=0, max_limit=1).form
        return _json(FORMS[form](entry.body)) if entry else _error(404, "there is no such statement")

    def more(self, token: str) -> Response:
        return self._page(query_of(token))

    def post(self) -> Response:
        sent = _sent()
        ids = self._store.write(sent if isinstance(sent, list) else [sent])
        return _json(msgspec.json.encode(ids))

    def put(self) -> Response:
        statement_id = checked_uuid(request.args.get("statementId"), "statementId")
        sent = _sent()
        if not isinstance(sent, Mapping):
            raise BadStatement("a statement must be a JSON object")
        if checked_uuid(sent.get("id", statement_id), "id") != statement_id:
            raise BadStatement("id differs from statementId")
        self._store.write([{**sent, "id": statement_id}])
        return Response(status=204)

    def _page(self, query: Query) -> Response:
        found, through = self._store.find(query)
        more = f"{MOUNT}/statements/more/{token_of(found.rest)}" if found.rest else ""
        response = _json(_result(found.entries, FORMS[query.form], more))
        response.headers["X-Experience-API-Consistent-Through"] = format_time(through)
        return response


def _result(entries: tuple[Entry, ...], form: Callable[[bytes], bytes], more: str) -> bytes:
    """StatementResult (xAPI 1.0.3 Data 2.5)."""
    statements = b",".join([form(entry.body) for entry in entries])
    return b'{"statements":[' + statements + b'],"more":' + msgspec.json.encode(more) + b"}"


def _sent() -> Any:  # noqa: ANN401 - any JSON value
    if request.mimetype != "application/json":
        raise BadStatement("statements are taken as application/json only")
    return msgspec.json.decode(request.get_data())


def _refused(credentials: tuple[str, str] | None) -> Response | None:
    """Sign-in, and the version that every request but About must name (xAPI 1.0.3 Communication 3.3)."""
    if credentials and not _knows(credentials):
        response = _error(401, "sign in with Basic authentication")
        response.headers["WWW-Authenticate"] = 'Basic realm="sandbox"'
        return response
    if not request.path.endswith("/about") and _version() is None:
        return _error(400, f"X-Experience-API-Version must be one of {', '.join(VERSIONS)}")
    return None


def _knows(credentials: tuple[str, str]) -> bool:
    given = request.authorization
    if given is None or given.type != "basic":
        return False
    pair = f"{given.username}:{given.password}"
    return hmac.compare_digest(pair.encode(), ":".join(credentials).encode())


def _version() -> str | None:
    asked = request.headers.get("X-Experience-API-Version", "")
    return next((version for version in VERSIONS if asked.split(".")[:2] == version.split(".")[:2]), None)


def _stamped(response: Response, now: datetime) -> Response:
    response.headers["X-Experience-API-Version"] = _version() or VERSIONS[0]
    response.headers["Date"] = format_datetime(now, usegmt=True)
    return response


def _told(status: int) -> Callable[[Exception], Response]:
    return lambda problem: _error(status, str(problem))


def _error(status: int, message: str) -> Response:
    return Response(msgspec.json.encode({"error": message}), status, mimetype="application/json")


def _json(body: bytes) -> Response:
    return Response(body, mimetype="application/json")
