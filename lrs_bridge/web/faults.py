"""The pages of what went wrong: what happened, and what to do next. None shows the inside of the program."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from lrs_bridge.acts.errors import ActError, NotAllowed, NotFound
from lrs_bridge.store import errors as store_errors
from lrs_bridge.store.errors import Busy, Full, ReadOnly, StoreError
from lrs_bridge.store.read_models.listing import RequestError
from lrs_bridge.web.sign_in.reader import show_to_nobody_in_particular

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Fault:
    """What a page of its kind says."""

    heading: str
    text: str


FAULTS = {
    400: Fault("That address asks for something odd", "Go back, or start again from the overview."),
    403: Fault(
        "Your role may not do this",
        "Auditors read everything and change nothing; other roles see their own pages. Ask an administrator to do it.",
    ),
    404: Fault("There is nothing here", "It may have been withdrawn, or the address is not complete."),
    405: Fault("This address is not for that", "Go back, and use the buttons of the page."),
    413: Fault("That is too large", "A form holds at most 256 kB."),
    500: Fault(
        "Something went wrong on our side",
        "Nothing was lost. The log says more; “lrs-bridge doctor” checks the installation.",
    ),
    503: Fault(
        "The database does not answer",
        "Try again in a moment. “lrs-bridge doctor” says what is the matter.",
    ),
}


#: What a page says where more is known than that the database does not answer.
STORE_FAULTS: tuple[tuple[type[StoreError], Fault], ...] = (
    (
        Full,
        Fault(
            "There is no room left",
            "Nothing of this was kept. Whoever runs lrs_bridge has to make room on its disk; then do it once more.",
        ),
    ),
    (
        ReadOnly,
        Fault(
            "The database can only be read",
            "Nothing of this was kept. Whoever runs lrs_bridge has to let it write; “lrs-bridge doctor” says where.",
        ),
    ),
    (
        Busy,
        Fault(
            "The database is busy",
            "Nothing of this was kept. Do it once more in a moment; “lrs-bridge doctor” says what keeps it.",
        ),
    ),
)


def add_fault_pages(app: Flask) -> None:
    """Answer every error with a page of its own."""

    @app.errorhandler(CSRFError)
    def stale_form(_: CSRFError) -> tuple[str, int]:
        return _page(
            400, "The form is too old, or cookies are switched off. Load the page again and send it once more."
        )

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> tuple[str, int]:
        return _page(error.code or 500)

    @app.errorhandler(RequestError)
    def odd_list(error: RequestError) -> tuple[str, int]:
        return _page(400, str(error))

    @app.errorhandler(NotAllowed)
    def not_allowed(_: NotAllowed) -> tuple[str, int]:
        return _page(403)

    @app.errorhandler(NotFound)
    @app.errorhandler(store_errors.NotFound)
    def not_found(_: Exception) -> tuple[str, int]:
        return _page(404)

    @app.errorhandler(ActError)
    def refused(error: ActError) -> tuple[str, int]:
        return _page(400, str(error))

    @app.errorhandler(StoreError)
    @app.errorhandler(DBAPIError)
    def store(error: StoreError | DBAPIError) -> tuple[str, int]:
        # The text of a driver's error can hold values of rows: the kind is enough to look it up.
        log.error("the database failed a page", path=request.path, kind=type(error).__name__)
        show_to_nobody_in_particular()
        return _shown(503, next((fault for kind, fault in STORE_FAULTS if isinstance(error, kind)), FAULTS[503]))


def _page(status: int, text: str = "") -> tuple[str, int]:
    return _shown(status, FAULTS.get(status, FAULTS[400 if status < 500 else 500]), text)


def _shown(status: int, fault: Fault, text: str = "") -> tuple[str, int]:
    return render_template("fault.html", status=status, fault=fault, text=text or fault.text), status
