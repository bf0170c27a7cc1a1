"""Faults of one answer: its status, and a body that is no page.

Where it stands: rows of `FAULTS`.
"""

from lrs_bridge_connectors.sandbox.faults.scene import Answer, Asked, Behind, Fault, Reply, with_victims

_PAGE = b"<!DOCTYPE html><html><body><h1>Scheduled maintenance</h1></body></html>"
_ERROR_PAGE = b"<html><body><h1>500</h1><p>deadlock detected</p></body></html>"
_UNREADABLE_DATE = "Thu, 32 Nov 2026 25:61:00 XYZ"
_BOUNDARY = "a-boundary-of-the-sandbox"


def _always(status: int, body: bytes = b"", **headers: str) -> Answer:
    """Nothing but this answer."""

    def answer(_asked: Asked, _behind: Behind) -> Reply:
        return Reply(status, {}, body).with_headers(**headers)

    return answer


def _once(wrong: Answer) -> Answer:
    """Wrong at the first request for a page, honest ever after."""

    def answer(asked: Asked, behind: Behind) -> Reply:
        return wrong(asked, behind) if asked.turn == 1 else behind.honest(asked)

    return answer


def _truncated(asked: Asked, behind: Behind) -> Reply:
    reply = behind.honest(asked)
    return Reply(reply.status, reply.headers, reply.body[: len(reply.body) * 2 // 3])


def _redirecting(asked: Asked, behind: Behind) -> Reply:
    return Reply(302, {}, b"").with_headers(location=f"{behind.elsewhere}{asked.target}")


def _multipart(asked: Asked, behind: Behind) -> Reply:
    reply = behind.honest(asked)
    if not asked.pages:
        return reply
    parts = (b"Content-Type: application/json\r\n\r\n" + reply.body, b"Content-Type: text/plain\r\n\r\na certificate")
    body = b"".join(b"--%b\r\n%b\r\n" % (_BOUNDARY.encode(), part) for part in parts) + b"--%b--" % _BOUNDARY.encode()
    return Reply(reply.status, reply.headers, body).with_headers(
        content_type=f'multipart/mixed; boundary="{_BOUNDARY}"', last_modified=_UNREADABLE_DATE
    )


def _newer(asked: Asked, behind: Behind) -> Reply:
    reply = with_victims(lambda statement: statement.replace(b'"version":"1.0.3"', b'"version":"2.0.0"'))(asked, behind)
    return reply.with_headers(x_experience_api_version="2.0.0")


_DEADLOCK = _always(500, _ERROR_PAGE, content_type="text/html", last_modified=_UNREADABLE_DATE)

ANSWERS = (
    Fault("unauthorised", "It answers 401.", _always(401)),
    Fault("forbidden", "It answers 403.", _always(403)),
    Fault(
        "bad-request-for-unauthorised",
        "It answers 400 where it means 401.",
        _always(400, b'{"message":"Authentication required"}'),
    ),
    Fault(
        "too-many-requests",
        "It answers 429 with `Retry-After: 22`, once.",
        _once(_always(429, retry_after="22")),
    ),
    Fault("too-many-requests-for-ever", "It answers 429 without `Retry-After`, for ever.", _always(429)),
    Fault("error-once", "It answers 500 with a web page (deadlock detected), once.", _once(_DEADLOCK)),
    Fault("error-for-ever", "It answers 500 with a web page, for ever.", _DEADLOCK),
    Fault("maintenance", "It answers 503 with a web page, for ever.", _always(503, _PAGE, content_type="text/html")),
    Fault("redirecting", "It redirects to another host.", _redirecting),
    Fault("html-with-200", "It answers 200 with a web page.", _always(200, _PAGE, content_type="text/html")),
    Fault("truncated-json", "Its JSON ends in the middle, though the answer is complete.", _truncated),
    Fault(
        "multipart",
        "It answers as multipart/mixed with attachments that nobody asked for, and with a date that is none.",
        _multipart,
    ),
    Fault(
        "another-version",
        "It announces version 2.0.0 to a client that asked for 1.0.3, and sends statements of that version.",
        _newer,
    ),
)
