"""Every error as one plain sentence: a page for people, problem details for programs."""

import logging
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.errors import AccessDeniedError, NotFoundError, StorageError
from diary_app.api.pages import GoTo, PageError, go, told
from diary_app.api.problems import FieldProblem, Problem, ProblemError, problem_response
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.refusals import RefusedError, StepUpError
from diary_app.text import _

logger = logging.getLogger(__name__)

_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    503: "Service Unavailable",
}


def install_errors(app: FastAPI) -> None:
    """Let an app answer every error with one plain sentence, never with a traceback."""
    app.add_exception_handler(PageError, _page_error)
    app.add_exception_handler(GoTo, _go_to)
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(StorageError, _storage)
    app.add_exception_handler(RefusedError, _refused)
    app.add_middleware(LastResort)


class LastResort:
    """Answers what nobody foresaw with 503 and a sentence; the log gets the kind of error only."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; answer it here if that fails before an answer began."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = False

        async def watch(message: Message) -> None:
            nonlocal began
            began = began or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            # The text of an error may hold what a patient wrote; its kind and place may not.
            logger.error("A request failed: %s at %s.", type(error).__name__, _place(error))  # noqa: TRY400
            if began:
                raise
            sentence = _("Something did not work just now. Please try again in a minute.")
            await _tell(Request(scope), 503, sentence)(scope, receive, send)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"


def _tell(request: Request, status: int, sentence: str) -> Response:
    if request.url.path.startswith("/api/"):
        title = _TITLES.get(status, "Error")
        return problem_response(Problem(title=title, status=status, detail=sentence))
    return told(PageError(status, sentence))


def _page_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, PageError):
        raise error
    if request.url.path.startswith("/api/"):
        return _tell(request, error.status, error.sentence)
    return told(error)


def _go_to(_request: Request, error: Exception) -> Response:
    if not isinstance(error, GoTo):
        raise error
    return go(error.path)


def _problem(_request: Request, error: Exception) -> Response:
    if not isinstance(error, ProblemError):
        raise error
    return problem_response(error.problem, error.headers)


def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    if not request.url.path.startswith("/api/"):
        return _tell(request, 400, _("This could not be read; please go back and try again."))
    fields = [
        FieldProblem(field=".".join(str(part) for part in each["loc"][1:]), reason=each["msg"])
        for each in error.errors()
    ]
    detail = _("A field cannot be used; please correct it.")
    return problem_response(Problem(title=_TITLES[422], status=422, detail=detail, errors=fields))


def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    sentences = {
        404: _("There is no such page. Please check the address."),
        405: _("This page cannot do that. Please go back and try again."),
    }
    sentence = sentences.get(
        error.status_code, _("This did not work. Please go back and try again.")
    )
    return _tell(request, error.status_code, sentence)


def _storage(request: Request, error: Exception) -> Response:
    if isinstance(error, NotFoundError):
        return _tell(request, 404, str(error))
    if isinstance(error, AccessDeniedError):
        return _tell(request, 403, _("Your account may not open this; please ask your team."))
    logger.error("A request failed: %s at %s.", type(error).__name__, _place(error))
    return _tell(request, 503, _("Something did not work just now. Please try again in a minute."))


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, RefusedError):
        raise error
    if isinstance(error, StepUpError):
        if request.url.path.startswith("/api/"):
            return _tell(request, 403, error.sentence)
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return go(f"/verify?next={quote(here, safe='/')}")
    if isinstance(error, UnusableAnswerError) and request.url.path.startswith("/api/"):
        return problem_response(ProblemError.of_field(error.field, error.sentence).problem)
    return _tell(request, 409, error.sentence)
