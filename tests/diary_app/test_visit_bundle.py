"""The visit bundle filled from rows, and its downloads."""

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image

from db.errors import AccessDeniedError, NotFoundError
from db.models import LabResult
from db.stores import audit, treatment
from db.stores.visits import add_visit as plan_visit
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.inbox import Inbox
from diary_app.services.visit import Visits
from tests.diary_app.care_house import hot_evening, keep_entry, keep_photo_row, kit_for
from tests.people import NOW, House

TODAY = NOW.date()
MONTH = (TODAY - timedelta(days=29), TODAY)


def test_fills_the_period_from_rows(house: House, tmp_path: Path) -> None:
    kit = kit_for(house, tmp_path)
    Inbox(kit, house.ben).take(hot_evening(house))
    with house.database.writing() as session:
        treatment.add_lab(
            session,
            house.ben,
            LabResult(
                clinic_id=house.clinic_id,
                patient_id=house.ana.actor_id,
                taken_on=TODAY,
                name="alt",
                value=89,
                unit="U/L",
                upper_limit=43,
                entered_by=house.ben.actor_id,
                entered_at=NOW,
            ),
            NOW,
        )
    made = Visits(kit, house.dora).bundle(house.ana.actor_id, *MONTH)
    (entry,) = made.entries
    (alert,) = made.alerts
    assert (made.patient_name, made.patient_code, made.made_by) == ("Ana Quiet", "P-001", "Dora")
    assert (entry.level, entry.day_since_step) == ("urgent", 100)
    assert entry.reasons[0].code == "R4_TEMP_GE_38_3"
    assert (alert.code, alert.acknowledged_by) == ("K7Q-4T", "Ben")
    assert [(lab.name, lab.value, lab.lower_limit) for lab in made.labs] == [("alt", 89, None)]
    assert [(step.imatinib_mg, step.author) for step in made.plan] == [(400, "Dora")]


def test_an_answer_that_was_not_given_stays_none_and_zero_stays_zero(
    house: House, tmp_path: Path
) -> None:
    keep_entry(house, house.entry(itch_nrs=0), "none")
    made = Visits(kit_for(house, tmp_path), house.ben).bundle(house.ana.actor_id, *MONTH)
    answers = made.entries[0].answers
    assert answers["itch_nrs"] == 0
    assert answers["temperature_text"] is None
    assert answers["imatinib_mg_taken"] is None


def test_an_entry_that_could_not_be_graded_has_no_level(house: House, tmp_path: Path) -> None:
    keep_entry(house, house.entry(), None)
    made = Visits(kit_for(house, tmp_path), house.ben).bundle(house.ana.actor_id, *MONTH)
    assert (made.entries[0].level, made.entries[0].rules_version) == (None, None)


def test_takes_the_first_and_last_day_and_no_other(house: House, tmp_path: Path) -> None:
    for ago in (0, 1, 2, 3):
        keep_entry(house, house.entry(at=NOW - timedelta(days=ago)), "none")
    made = Visits(kit_for(house, tmp_path), house.ben).bundle(
        house.ana.actor_id, TODAY - timedelta(days=2), TODAY - timedelta(days=1)
    )
    assert [(TODAY - entry.diary_on).days for entry in made.entries] == [2, 1]


def test_a_photo_that_does_not_open_is_replaced_by_a_sign(house: House, tmp_path: Path) -> None:
    entry_id = keep_entry(house, house.entry(), "none")
    keep_photo_row(house, entry_id)
    made = Visits(kit_for(house, tmp_path), house.ben).bundle(house.ana.actor_id, *MONTH)
    (photo,) = made.photos
    assert photo.entry_id == entry_id
    assert Image.open(io.BytesIO(photo.picture)).format == "JPEG"


def test_every_download_is_audited_with_its_period(house: House, tmp_path: Path) -> None:
    visits = Visits(kit_for(house, tmp_path), house.dora)
    visits.bundle(house.ana.actor_id, *MONTH, with_pictures=False)
    visits.archive(house.ana.actor_id, *MONTH)
    with house.database.reading() as session:
        acts = audit.events(session, house.admin)
    assert [(act.verb, act.detail["shape"]) for act in acts] == [
        ("patient.export", "archive"),
        ("patient.export", "bundle"),
    ]
    assert acts[0].detail["from"] == MONTH[0].isoformat()


def test_the_report_is_a_pdf_and_the_archive_a_zip(house: House, tmp_path: Path) -> None:
    hot_evening(house)
    visits = Visits(kit_for(house, tmp_path), house.dora)
    report = visits.report_pdf(house.ana.actor_id, *MONTH)
    archive = visits.archive(house.ana.actor_id, *MONTH)
    assert report.startswith(b"%PDF-")
    assert zipfile.ZipFile(io.BytesIO(archive)).testzip() is None


def test_nobody_else_exports(house: House, tmp_path: Path) -> None:
    kit = kit_for(house, tmp_path)
    for viewer in (house.ana, house.admin):
        with pytest.raises(AccessDeniedError):
            Visits(kit, viewer).bundle(house.ana.actor_id, *MONTH)
    with pytest.raises(NotFoundError):
        Visits(kit, house.cleo).bundle(house.ana.actor_id, *MONTH)


@pytest.mark.parametrize(
    "period",
    [(TODAY, TODAY - timedelta(days=1)), (date(1900, 1, 1), TODAY)],
    ids=["backward", "longer than ten years"],
)
def test_refuses_an_impossible_period(
    house: House, tmp_path: Path, period: tuple[date, date]
) -> None:
    with pytest.raises(UnusableAnswerError):
        Visits(kit_for(house, tmp_path), house.dora).bundle(house.ana.actor_id, *period)


def test_a_report_begins_where_that_of_the_last_visit_ended(house: House, tmp_path: Path) -> None:
    ana = house.ana.actor_id
    visits = Visits(kit_for(house, tmp_path), house.dora)
    assert visits.since(ana) == TODAY - timedelta(days=89)

    visits.report_pdf(ana, *MONTH)
    same_day = visits.since(ana)
    later = Visits(kit_for(house, tmp_path, now=NOW + timedelta(days=21)), house.dora)
    later.archive(ana, *MONTH)

    assert same_day == TODAY - timedelta(days=89)
    assert later.since(ana) == TODAY


def test_a_report_begins_at_the_visit_that_was_agreed(house: House, tmp_path: Path) -> None:
    ana = house.ana.actor_id
    with house.database.writing() as session:
        for days in (14, 30, -7):
            plan_visit(session, house.dora, ana, NOW - timedelta(days=days), 30, NOW)

    assert Visits(kit_for(house, tmp_path), house.dora).since(ana) == TODAY - timedelta(days=14)
