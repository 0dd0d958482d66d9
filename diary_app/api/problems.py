"""Problem details (RFC 9457): how the JSON API says what is wrong."""

from collections.abc import Mapping, Sequence

from fastapi.responses import JSONResponse
from pydantic import BaseModel

from diary_app.api.pages import DATA_HEADERS

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """One field that cannot be used, and why."""

    field: str
    reason: str


class Problem(BaseModel):
    """What every error of the API looks like."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []


class ProblemError(Exception):
    """Ends an API request with problem details.

    Attributes:
        problem: What is told.
        headers: Further headers of the answer.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.problem = Problem(title=title, status=status, detail=detail, errors=list(errors))
        self.headers = dict(headers or {})

    @classmethod
    def of_field(cls, field: str, reason: str) -> "ProblemError":
        """Return the problem of one field that cannot be used."""
        wrong = FieldProblem(field=field, reason=reason)
        return cls(422, "Unprocessable Content", reason, [wrong])


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the answer of a problem."""
    return JSONResponse(
        problem.model_dump(),
        problem.status,
        headers=DATA_HEADERS | dict(headers or {}),
        media_type=MEDIA_TYPE,
    )
