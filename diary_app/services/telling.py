"""What the stores refuse, as the patient's screens know it."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from db.errors import AccessDeniedError, ConflictError, NotFoundError
from diary_app.services.refusals import RefusedError
from diary_app.state.faults import AnswerRefusedError, ChangedElsewhereError, NotInDiaryError
from diary_app.text import _

P = ParamSpec("P")
R = TypeVar("R")


def told(method: Callable[P, R]) -> Callable[P, R]:
    """Turn what the stores refuse into what the screens know."""

    @functools.wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except ConflictError as error:
            raise ChangedElsewhereError(_("This entry was changed in another window.")) from error
        except RefusedError as error:
            raise AnswerRefusedError(str(error)) from error
        except (NotFoundError, AccessDeniedError) as error:
            raise NotInDiaryError(_("This entry is not in your diary.")) from error

    return call
