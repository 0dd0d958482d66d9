"""Two pages of the demo alone: the mails that were written, and a fresh invitation."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from db.access import viewer_for
from db.models import Patient
from db.stores import doors, people
from diary_app.api.pages import PageError, page
from diary_app.api.sign_in import DemoHint
from diary_app.demo.seed import OTHER_CLINIC_STAFF, PASSWORD, STAFF
from diary_app.services.kit import Kit
from diary_app.services.people import invite_patient
from diary_app.services.sign_in import next_code

# Whose diary the welcome page offers: the published course that reaches today, and a quiet one.
INVITED = ("P-001", "P-010")
MOST_MAILS = 50


def router(kit: Kit, outbox: Path) -> APIRouter:
    """Return the demo's pages; include them in a demo only."""
    routes = APIRouter()

    @routes.get("/demo/mails")
    def mails() -> HTMLResponse:
        files = sorted(outbox.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)
        letters = []
        for file in files[:MOST_MAILS]:
            letter = message_from_bytes(file.read_bytes(), policy=default)
            body = letter.get_body(("plain",))
            letters.append(
                {
                    "to": letter["To"],
                    "subject": letter["Subject"],
                    "date": letter["Date"],
                    "text": "" if body is None else body.get_content(),
                }
            )
        return page("demo_mails.html", letters=letters)

    @routes.get("/demo/invitation/{code}")
    def invitation(code: str) -> Response:
        for patient in invited(kit):
            if patient.code == code:
                viewer = viewer_for(
                    "nurse", clinic_id=patient.clinic_id, actor_id=patient.clinic_id, name="demo"
                )
                link = invite_patient(kit, viewer, patient.id, kit.clock())
                return RedirectResponse(link.url, status_code=303)
        raise PageError(404, "The demo invites no such patient.")

    return routes


def hints(kit: Kit) -> list[DemoHint]:
    """Return the demo's people, with the codes that work now."""
    staff = [
        DemoHint(
            name=name,
            role=f"{role.capitalize()}{place}",
            email=email,
            password=PASSWORD,
            code=next_code(kit, email, kit.clock()) or "",
        )
        for group, place in ((STAFF, ""), (OTHER_CLINIC_STAFF, ", another clinic"))
        for name, role, email in group
    ]
    patients = [
        DemoHint(
            name=f"{patient.name}, born {patient.born_on.day} {patient.born_on:%B %Y}",
            role="Patient",
            link=f"/demo/invitation/{patient.code}",
        )
        for patient in invited(kit)
    ]
    return [*staff, *patients]


def invited(kit: Kit) -> list[Patient]:
    """Return the patients whose diaries the demo offers."""
    found = []
    with kit.database.reading() as session:
        for clinic in doors.clinics(session):
            viewer = viewer_for("nurse", clinic_id=clinic.id, actor_id=clinic.id, name="demo")
            found += [p for p in people.patients(session, viewer) if p.code in INVITED]
    return found
