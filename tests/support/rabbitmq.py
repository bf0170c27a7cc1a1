"""A real RabbitMQ for the tests, from Debian's package `rabbitmq-server`: a node of its own, and no service.

The package's start script keeps its files where it is told, and two processes come of it: the node, and `epmd`, by
which nodes of Erlang find one another. Both are started here, on free ports of 127.0.0.1, and ended by their ids.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.parts import require_part
from support.process import LOOPBACK, Child, free_port, running

#: The script itself: the one on the path changes the user, and with that the folders.
_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
#: Seconds that a node may take to come up: Erlang reads its code from disk, and the machine may be busy.
_PATIENCE = 90
_CONFIGURATION = """\
listeners.tcp.1 = 127.0.0.1:{port}
loopback_users.guest = true
log.console = true
log.file = false
disk_free_limit.absolute = 50MB
"""


@dataclass(frozen=True)
class RabbitNode:
    """A running node: its address for Celery, and the process, so that a test can kill it."""

    url: str
    child: Child


@pytest.fixture(scope="session")
def rabbitmq_url() -> Iterator[str]:
    """The address of a RabbitMQ that this session's tests share; it keeps nothing when it ends."""
    with tempfile.TemporaryDirectory(prefix="lrs-bridge-rabbitmq-") as folder, rabbitmq_running(Path(folder)) as node:
        yield node.url


@contextmanager
def rabbitmq_running(folder: Path) -> Iterator[RabbitNode]:
    """A node for as long as the block lasts; everything that it writes is in the folder."""
    epmd = shutil.which("epmd")
    require_part("RabbitMQ", is_installed(), "apt-get install rabbitmq-server (it need not run as a service)")
    assert epmd is not None
    names, amqp, distribution = free_port(), free_port(), free_port()
    (folder / "rabbitmq.conf").write_text(_CONFIGURATION.format(port=amqp), "utf-8")
    (folder / "enabled_plugins").write_text("[].\n", "utf-8")
    environment = _environment(folder, names, amqp, distribution)
    command = [epmd, "-address", LOOPBACK, "-port", str(names)]
    with (
        running("epmd", command, log=folder / "epmd.log", env=environment) as registry,
        running("rabbitmq", [_SERVER], log=folder / "rabbitmq.log", cwd=folder, env=environment) as node,
    ):
        registry.wait_for_port(names)
        node.wait_for_line("Server startup complete", seconds=_PATIENCE)
        yield RabbitNode(f"amqp://guest:guest@{LOOPBACK}:{amqp}//", node)


def is_installed() -> bool:
    """Whether the package is on this machine."""
    return _SERVER.exists() and shutil.which("epmd") is not None


def _environment(folder: Path, names: int, amqp: int, distribution: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "HOME": str(folder),  # the cookie of Erlang
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "ERL_EPMD_PORT": str(names),
        "RABBITMQ_NODENAME": f"lrs-bridge-{amqp}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": LOOPBACK,
        "RABBITMQ_NODE_PORT": str(amqp),
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "no-such-file"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        # One scheduler that does not spin while it waits: the tests share the machine. And the distribution, by which
        # nodes talk to each other, listens to this machine alone.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
    }
