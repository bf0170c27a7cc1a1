"""The edge of the program: every error becomes one clear sentence on standard error and an exit code.

0 done · 1 problems were found · 2 wrong usage or configuration. Nothing is shown of what a statement says, and no
traceback unless --debug (or LRS_BRIDGE_DEBUG=1) asks for it.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Callable

import click
from sqlalchemy.exc import SQLAlchemyError

from lrs_bridge.errors import BridgeError
from lrs_bridge.store.errors import SchemaError, StoreError, Unreachable
from lrs_bridge_connectors.errors import ConnectorError, Refused, Unusable
from lrs_bridge_rules.errors import RulesError

DONE = 0
PROBLEMS = 1
WRONG = 2
INTERRUPTED = 130

#: error → exit code, the first that fits. What an operator has to correct in the configuration ends with 2.
_CODES: tuple[tuple[type[Exception], int], ...] = (
    (SchemaError, WRONG),
    (Unreachable, WRONG),
    (StoreError, PROBLEMS),
    (Refused, WRONG),
    (Unusable, WRONG),
    (ConnectorError, PROBLEMS),
    (RulesError, PROBLEMS),
    (OSError, WRONG),
    (UnicodeEncodeError, WRONG),
)


class ReaderGoneError(Exception):
    """Whoever read our output has closed the pipe."""


def exit_code(error: Exception) -> int:
    """With which code a command ends because of an error."""
    if isinstance(error, BridgeError):
        return error.exit_code
    return next((code for kind, code in _CODES if isinstance(error, kind)), PROBLEMS)


def guarded(command: Callable[[], object], *, debug: Callable[[], bool]) -> int:
    """Run a command and return its exit code, whatever happens. `debug` says whether tracebacks are wanted."""
    try:
        return _finished(command())
    except click.exceptions.Exit as asked:
        return asked.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; what was done before is kept.", err=True)
        return INTERRUPTED
    except (ReaderGoneError, BrokenPipeError):
        return _closed_pipe()
    except Exception as error:  # noqa: BLE001 - the last edge: a person is never shown a traceback unasked
        if debug():
            traceback.print_exception(error, file=sys.stderr)
        click.echo(sentence(error), err=True)
        return exit_code(error)


def sentence(error: Exception) -> str:
    """What happened and what to do. Of errors that are not ours only the kind: their text may hold anything."""
    match error:
        case BridgeError() | StoreError() | ConnectorError() | RulesError():
            return str(error)
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return f"{error.filename or 'What was to be written'}: there is no room left. Make room and repeat it."
        case FileExistsError():
            return f"There is something at {error.filename or 'that path'} already. Give another name, or move it away."
        case OSError(strerror=str()):
            return f"{error.filename or 'A file'}: {error.strerror}. Check the path and its permissions."
        case UnicodeEncodeError():
            return "A text that was given is not in UTF-8. Write it anew, or set LC_ALL to a locale with UTF-8."
        case SQLAlchemyError():
            return f"The database refused what was asked of it ({type(error).__name__}).{_HOW_TO_SEE}"
        case _:
            return f"Something unexpected happened ({type(error).__name__}).{_HOW_TO_SEE}"


_HOW_TO_SEE = " Nothing half-done was kept. To see more, run it again with --debug before the command."


def _finished(result: object) -> int:
    sys.stdout.flush()
    return result if isinstance(result, int) else DONE


def _closed_pipe() -> int:
    """Whoever read us (`head`, say) has seen enough. The interpreter's last flush must not complain either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE
