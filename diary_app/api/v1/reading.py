"""What can be read: who asks, entries, patients, plans, alerts."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from diary_app.api.problems import ProblemError
from diary_app.api.v1.knowing import Caller
from diary_app.api.v1.shapes import AlertOut, EntryOut, Me, PageOut, PatientOut, StepOut
from diary_app.services import records
from diary_app.services.kit import Kit
from diary_app.services.records import Page

After = Annotated[UUID | None, Query(description="The `next` of the part before.")]
Most = Annotated[int, Query(alias="limit", ge=1, le=500, description="At most so many, 1 to 500.")]


def add(routes: APIRouter, kit: Kit, known: Callable[..., Caller]) -> None:
    """Add the routes that read."""
    # The dependency is made at runtime; as an annotation it would need a name in the module.
    caller = Depends(known)

    @routes.get("/me", response_model=Me, summary="Say who asks")
    def me(who: Caller = caller) -> dict[str, Any]:
        """Scope: none. For trying a token."""
        return _me(who)

    @routes.get("/entries", response_model=PageOut[EntryOut], summary="List entries")
    def entries(
        patient_id: UUID | None = None,
        first_on: Annotated[date | None, Query(alias="from")] = None,
        last_on: Annotated[date | None, Query(alias="to")] = None,
        after: After = None,
        most: Most = 100,
        who: Caller = caller,
    ) -> Page:
        """Scope `entries:read`. One patient's, newest versions, oldest day first."""
        viewer, whose = who.whose("entries:read", patient_id)
        if first_on is not None and last_on is not None and last_on < first_on:
            raise ProblemError.of_field("to", "The last day lies before the first.")
        return records.entries(
            kit,
            viewer,
            whose,
            kit.clock(),
            first_on=first_on,
            last_on=last_on,
            after=after,
            most=most,
        )

    @routes.get("/entries/{entry_id}", response_model=EntryOut, summary="Get one entry")
    def entry(entry_id: UUID, who: Caller = caller) -> dict[str, Any]:
        """Scope `entries:read`. Any version, also one that was corrected."""
        return records.entry(kit, who.reader("entries:read"), entry_id, kit.clock())

    @routes.get("/patients", response_model=PageOut[PatientOut], summary="List patients")
    def patients(after: After = None, most: Most = 100, who: Caller = caller) -> Page:
        """Scope `patients:read`. In the order they joined, those no longer in follow-up too."""
        viewer = who.reader("patients:read")
        return records.patients(kit, viewer, kit.clock(), after=after, most=most)

    @routes.get("/patients/{patient_id}", response_model=PatientOut, summary="Get one patient")
    def patient(patient_id: UUID, who: Caller = caller) -> dict[str, Any]:
        """Scope `patients:read`."""
        return records.patient(kit, who.reader("patients:read"), patient_id, kit.clock())

    @routes.get("/plans", response_model=list[StepOut], summary="List a patient's plan")
    def plans(patient_id: UUID | None = None, who: Caller = caller) -> list[dict[str, Any]]:
        """Scope `plans:read`. The steps in force, oldest first."""
        viewer, whose = who.whose("plans:read", patient_id)
        return records.plan(kit, viewer, whose, kit.clock())

    @routes.get("/alerts", response_model=PageOut[AlertOut], summary="List alerts")
    def alerts(
        state: Annotated[
            list[Literal["open", "acknowledged", "closed"]] | None,
            Query(description="Only alerts in these states; all when left out."),
        ] = None,
        patient_id: UUID | None = None,
        after: After = None,
        most: Most = 100,
        who: Caller = caller,
    ) -> Page:
        """Scope `alerts:read`. The clinic's, in the order they were raised."""
        return records.alerts(
            kit,
            who.reader("alerts:read"),
            kit.clock(),
            states=state or (),
            patient_id=patient_id,
            after=after,
            most=most,
        )

    @routes.get("/alerts/{alert_id}", response_model=AlertOut, summary="Get one alert")
    def alert(alert_id: UUID, who: Caller = caller) -> dict[str, Any]:
        """Scope `alerts:read`."""
        return records.alert(kit, who.reader("alerts:read"), alert_id, kit.clock())


def _me(who: Caller) -> dict[str, Any]:
    if who.program is not None:
        return {
            "kind": "program",
            "role": "program",
            "name": who.program.name,
            "scopes": sorted(who.program.scopes),
            "clinic_id": who.program.clinic_id,
            "patient_id": None,
            "language": None,
            "time_zone": who.program.time_zone,
        }
    visitor = who.visitor
    assert visitor is not None  # noqa: S101  one of the two is set
    return {
        "kind": visitor.kind,
        "role": visitor.viewer.role,
        "name": None,
        "scopes": [],
        "clinic_id": visitor.viewer.clinic_id,
        "patient_id": visitor.viewer.patient_id,
        "language": visitor.language,
        "time_zone": visitor.time_zone,
    }
