"""A patient's period as one file: FHIR, archive, workbook or report."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from diary_app.api.exports import XLSX, Visits
from diary_app.api.pages import DATA_HEADERS
from diary_app.api.problems import ProblemError
from diary_app.api.v1.knowing import Caller
from diary_app.services import records
from diary_app.services.kit import Kit

LONGEST = timedelta(days=3700)
Shape = Literal["fhir", "archive", "workbook", "report"]
_FILES: dict[Shape, tuple[str, str]] = {
    "fhir": ("application/fhir+json", "fhir.json"),
    "archive": ("application/zip", "zip"),
    "workbook": (XLSX, "xlsx"),
    "report": ("application/pdf", "pdf"),
}


def add(routes: APIRouter, kit: Kit, known: Callable[..., Caller], visits: Visits) -> None:
    """Add the route of the exports."""
    caller = Depends(known)

    @routes.get(
        "/exports/{patient_id}",
        response_class=Response,
        responses={
            200: {
                "description": "The file.",
                "content": {kind: {} for kind, _ending in _FILES.values()},
            }
        },
        summary="Export a patient's period",
    )
    def export(
        patient_id: UUID,
        shape: Annotated[Shape, Query(alias="format")] = "fhir",
        first_on: Annotated[
            date | None, Query(alias="from", description="Left out: 90 days before the last.")
        ] = None,
        last_on: Annotated[date | None, Query(alias="to", description="Left out: today.")] = None,
        who: Caller = caller,
    ) -> Response:
        """Scope `exports:read`. Entries, estimated grades, plan, doses, results, photos, alerts."""
        viewer = who.reader("exports:read")
        viewer.require("patient.export")
        now = kit.clock()
        today = records.today_of(kit, viewer, patient_id, now)
        last = last_on or today
        first = first_on or max(last, date.min + timedelta(days=90)) - timedelta(days=90)
        if last < first:
            raise ProblemError.of_field("to", "The last day lies before the first.")
        if last - first > LONGEST:
            raise ProblemError.of_field("from", "Choose a period of at most ten years.")
        files = visits(kit, viewer)
        made = {
            "fhir": files.fhir,
            "archive": files.archive,
            "workbook": files.workbook,
            "report": files.report_pdf,
        }[shape]
        kind, ending = _FILES[shape]
        name = f'attachment; filename="visit-{today}.{ending}"'
        return Response(
            made(patient_id, first, last),
            media_type=kind,
            headers=DATA_HEADERS | {"Content-Disposition": name},
        )
