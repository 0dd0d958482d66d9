"""What is told about an error: its type and place to the log, a plain sentence to the person."""

import logging
import traceback
from weakref import WeakKeyDictionary

import flet as ft
from flet.controls.context import _context_page
from flet.messaging.session import Session

from diary_app.text import _

_CHATTY = (
    "flet",
    "flet_web.fastapi",
    "flet_components",
    "flet_controls",
    "flet_object_patch",
    "flet_transport",
)
_WORDY = (*_CHATTY, "asyncio", "concurrent.futures", "uvicorn.error")

_FRAMES = 4

logger = logging.getLogger(__name__)
_shown: WeakKeyDictionary[Session, ft.SnackBar] = WeakKeyDictionary()


def describe(error: BaseException) -> str:
    """Return the error's type and where it was raised; never its words, which may be a patient's.

    Example:
        >>> describe(ValueError("Ana itches"))
        'ValueError'
    """
    frames = reversed(traceback.extract_tb(error.__traceback__)[-_FRAMES:])
    places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in frames)
    return f"{type(error).__name__} in {places}" if places else type(error).__name__


def report(what: str, error: BaseException) -> None:
    """Log that something failed, by the error's type and place.

    Args:
        what: A clause with ids at most, such as ``"session 3fa8: effect failed"``.
        error: Its text is not logged.
    """
    logger.error("%s: %s", what, describe(error))


class WithoutWords(logging.Filter):
    """Replaces an error's text and traceback in a log record by its type and place."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place and let it through."""
        if record.exc_info and record.exc_info[1] is not None:
            record.msg, record.args = "%s", (describe(record.exc_info[1]),)
            record.exc_info = record.exc_text = None
        return True


def quiet_logs() -> None:
    """Keep what people typed out of the records of Flet, asyncio and the web server."""
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _WORDY:
        wordy = logging.getLogger(name)
        if not any(isinstance(known, WithoutWords) for known in wordy.filters):
            wordy.addFilter(WithoutWords())


def apologize(session: Session) -> None:
    """Show one plain sentence on the session's screen; no second one while the first is open."""
    before = _shown.get(session)
    if before is not None and before.open:
        return
    page = session.page
    token = _context_page.set(page)
    try:
        notice = ft.SnackBar(
            ft.Text(_("Something went wrong. Nothing you saved is lost. Please try again.")),
            show_close_icon=True,
        )
        page.show_dialog(notice)
        _shown[session] = notice
    except Exception as error:
        report(f"session {session.id[:4]} could not be told", error)
    finally:
        _context_page.reset(token)
