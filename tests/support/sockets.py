"""Keeps the tests on this machine: a connection or a name lookup beyond loopback fails the test that tried it."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest


class BeyondLoopbackError(BaseException):
    """A test tried to reach another machine. Not an OSError, so that no error handling under test can swallow it."""


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """Every test: `socket.connect` and `getaddrinfo` accept loopback only; `*.invalid` is a name that nobody has."""
    really = {"connect": socket.socket.connect, "connect_ex": socket.socket.connect_ex}
    look_up = socket.getaddrinfo

    def guarded(name: str) -> Any:  # the two methods differ in what they return
        def connect(self: socket.socket, address: Any) -> Any:  # an address has the shape of its family
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
                raise BeyondLoopbackError(f"a test may only reach this machine, and tried {address[0]}")
            return really[name](self, address)

        return connect

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:  # getaddrinfo's own signature, passed on
        name = host.decode() if isinstance(host, bytes) else host
        if isinstance(name, str) and name.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if name is not None and not _is_loopback(name):
            raise BeyondLoopbackError(f"a test may only reach this machine, and looked up {name}")
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        for method in really:
            patch.setattr(socket.socket, method, guarded(method))
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


def _is_loopback(host: str) -> bool:
    if host in ("", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
