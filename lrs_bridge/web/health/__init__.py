"""`/healthz`: whether this process is alive and its database answers, for a load balancer or a monitor."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lrs_bridge.store.engine import read
from lrs_bridge.store.errors import StoreError
from lrs_bridge.web.access import Permission, needs
from lrs_bridge.web.current import the_bridge

room = Blueprint("health", __name__)


@room.get("/healthz")
@needs(Permission.PUBLIC)
def healthz() -> tuple[Response, int]:
    """200 when the database answers, else 503; says nothing else, for anybody may ask."""
    try:
        with read(the_bridge().engine) as connection:
            connection.execute(text("SELECT 1"))
    except (StoreError, SQLAlchemyError) as error:
        return jsonify(status="failing", database=type(error).__name__), 503
    return jsonify(status="ok", database="ok"), 200
