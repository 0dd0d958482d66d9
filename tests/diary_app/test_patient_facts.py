"""What is known of a patient and what else they take, as the care team notes it."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlmodel import select

from alerts.intake import record_entry
from db.errors import AccessDeniedError, NotFoundError
from db.models import FactChange, OtherMedicine
from db.stores import assessments, audit, people
from diary_app.services.alert_page import read
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.facts import Facts, FactsForm, MedicineForm
from diary_app.services.roster import PatientPage, Roster
from diary_app.services.visit import Visits
from tests.diary_app.care_house import HOT, keep_alert, keep_entry, kit_for
from tests.diary_app.test_care_screens import on_screen
from tests.ground.screen import Screen
from tests.people import NOW, House

TODAY = NOW.date()
SWOLLEN = FactsForm("yes", "exfoliative", "no", {"periorbital_edema": "2", "pruritus": "0"})
RAMIPRIL = MedicineForm("Ramipril", "5 mg every morning", "2024-05-01", "", "blood pressure")


def page(house: House, folder: Path) -> PatientPage:
    return Roster(kit_for(house, folder), house.ben).page(house.ana.actor_id, days=14)


def test_a_nurse_notes_what_was_there_before_and_the_old_word_is_kept(
    house: House, tmp_path: Path
) -> None:
    facts = Facts(kit_for(house, tmp_path), house.ben)
    assert facts.keep(house.ana.actor_id, SWOLLEN)
    assert not facts.keep(house.ana.actor_id, SWOLLEN)
    assert facts.keep(house.ana.actor_id, replace(SWOLLEN, kind="", prior=""))

    known = page(house, tmp_path).facts
    assert (known.prior_severe_reaction, known.prior_reaction_type) == (None, None)
    assert (known.on_systemic_steroid, known.baseline_grades) == (False, {"periorbital_edema": 2})
    assert (known.changed_by, known.changed_at) == ("Ben", NOW)
    with house.database.reading() as session:
        changes = session.exec(select(FactChange)).all()
        rows = audit.search(session, house.admin, verb="fact.write")
    assert changes[1].before == {
        "prior_severe_reaction": True,
        "prior_reaction_type": "exfoliative",
    }
    assert next(row.detail["fields"] for row in rows) == list(changes[1].before)
    assert "exfoliative" not in str([row.detail for row in rows])


def test_eyelids_that_were_swollen_before_are_no_news(house: House, tmp_path: Path) -> None:
    """clinical.md 9A: fresh = above the baseline; a fresh grade 2 is a same-day call (R7)."""

    def level(day: int) -> str | None:
        at = NOW + timedelta(days=day)
        entry = house.entry(at=at, itch_nrs=0, periorbital="firm_or_pitting", red_flags=[])
        with house.database.writing() as session:
            record_entry(session, house.ana, entry, at)
            made = assessments.of_entries(session, house.ben, [entry.id])[entry.id]
        return made.level

    assert level(0) == "prompt"
    Facts(kit_for(house, tmp_path), house.ben).keep(house.ana.actor_id, SWOLLEN)
    assert level(9) == "digest"


def test_a_medicine_is_added_and_ended_and_its_row_stays(house: House, tmp_path: Path) -> None:
    ana, facts = house.ana.actor_id, Facts(kit_for(house, tmp_path), house.dora)
    facts.add(ana, RAMIPRIL)
    facts.add(ana, MedicineForm("Itraconazole"))
    with pytest.raises(UnusableAnswerError, match="listed already"):
        facts.add(ana, MedicineForm("ramipril"))
    ramipril, itraconazole = page(house, tmp_path).bundle.medicines

    facts.end(ana, ramipril.id, TODAY.isoformat(), "cough")
    facts.withdraw(ana, itraconazole.id, "another patient's")
    with pytest.raises(NotFoundError):
        facts.end(ana, ramipril.id, TODAY.isoformat(), "again")

    ended, wrong = page(house, tmp_path).bundle.medicines
    assert (ended.name, ended.until, ended.end_reason, ended.ended_by) == (
        "Ramipril",
        TODAY,
        "cough",
        "Dora",
    )
    assert wrong.is_mistake
    assert not wrong.was_taken(TODAY, TODAY)
    facts.add(ana, MedicineForm("Itraconazole"))
    with house.database.reading() as session:
        assert len(session.exec(select(OtherMedicine)).all()) == 3
        verbs = [row.verb for row in audit.search(session, house.admin)]
    assert verbs.count("medicine.add") == 3
    assert {"medicine.end", "medicine.withdraw"} <= set(verbs)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", " "),
        ("name", "x" * 121),
        ("dose", "x" * 121),
        ("since", "1.5.2024"),
        ("since", (TODAY + timedelta(days=1)).isoformat()),
        ("until", "2024-04-30"),
        ("reason", "x" * 501),
    ],
)
def test_a_medicine_that_cannot_be_is_told_at_its_field(
    house: House, tmp_path: Path, field: str, typed: str
) -> None:
    facts = Facts(kit_for(house, tmp_path), house.ben)
    with pytest.raises(UnusableAnswerError) as refused:
        facts.add(house.ana.actor_id, replace(RAMIPRIL, **{field: typed}))
    assert refused.value.field == field


@pytest.mark.parametrize(
    "form",
    [
        replace(SWOLLEN, prior="maybe"),
        replace(SWOLLEN, kind="hives"),
        replace(SWOLLEN, prior="no"),
        replace(SWOLLEN, usual={"pruritus": "4"}),
        replace(SWOLLEN, usual={"lab_alt": "1"}),
    ],
)
def test_what_nobody_offered_is_not_kept(house: House, tmp_path: Path, form: FactsForm) -> None:
    with pytest.raises(UnusableAnswerError):
        Facts(kit_for(house, tmp_path), house.ben).keep(house.ana.actor_id, form)
    with house.database.reading() as session:
        assert people.patient(session, house.ben, house.ana.actor_id).baseline_grades == {}


def test_the_alert_page_and_the_report_tell_both(house: House, tmp_path: Path) -> None:
    kit = kit_for(house, tmp_path)
    facts = Facts(kit, house.ben)
    facts.keep(house.ana.actor_id, SWOLLEN)
    facts.add(house.ana.actor_id, RAMIPRIL)
    facts.add(house.ana.actor_id, MedicineForm("Amoxicillin", since=TODAY.isoformat()))
    facts.add(house.ana.actor_id, MedicineForm("Zopiclone", until="2024-05-01"))
    entry = house.entry(at=NOW, itch_nrs=3)
    keep_entry(house, entry, "urgent", HOT)
    alert_id = keep_alert(house, "K7Q-4T", "urgent", entry.id, "R4_TEMP_GE_38_3")

    with house.database.reading() as session:
        seen = read(session, house.ben, alert_id, NOW)
    assert [line.name for line in seen.medicines] == ["Amoxicillin", "Ramipril"]
    assert seen.facts.prior_reaction_type == "exfoliative"

    report = Visits(kit, house.ben).report_pdf(
        house.ana.actor_id, TODAY - timedelta(days=30), TODAY
    )
    text = " ".join(each.extract_text() for each in PdfReader(BytesIO(report)).pages)
    for words in ("Ramipril, 5 mg every morning", "since 1 May 2024", "blood pressure"):
        assert words in text
    assert "yes: exfoliative dermatitis" in text
    assert "Zopiclone" not in text


def test_only_nurses_and_clinicians_of_the_clinic_note_anything(
    house: House, tmp_path: Path
) -> None:
    kit = kit_for(house, tmp_path)
    for viewer in (house.ana, house.admin):
        with pytest.raises(AccessDeniedError):
            Facts(kit, viewer).keep(house.ana.actor_id, SWOLLEN)
        with pytest.raises(AccessDeniedError):
            Facts(kit, viewer).add(house.ana.actor_id, RAMIPRIL)
    with pytest.raises(NotFoundError):
        Facts(kit, house.cleo).add(house.ana.actor_id, RAMIPRIL)


def test_a_nurse_adds_ends_and_changes_on_the_page(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.click("add-medicine")
        await screen.click("keep-medicine")
        await screen.until(lambda: screen.shows("Give the name of the medicine."))
        await screen.enter("medicine-name", "Ramipril")
        await screen.enter("medicine-dose", "5 mg every morning")
        await screen.enter("medicine-since", "2024-05-01")
        await screen.click("keep-medicine")
        await screen.until(lambda: screen.shows("Ramipril, 5 mg every morning"))
        assert screen.shows("since 1 May 2024")
        keys = map(str, screen.keys())
        (end,) = [key for key in keys if key.startswith("end-medicine-")]
        await screen.click(end)
        await screen.enter("medicine-end_reason", "cough")
        await screen.click("really-end")
        await screen.until(lambda: screen.shows("Not taken any more"))
        assert screen.shows("1 May 2024 to 2 Mar 2026, ended: cough")

        await screen.click("change-facts")
        await screen.fire(screen.key("prior"), "change", selected=["yes"])
        await screen.fire(screen.key("usual-pruritus"), "change", value="1")
        await screen.click("keep-facts")
        await screen.until(lambda: screen.shows("yes, its kind is not known"))
        assert screen.shows("itch grade 1")

    on_screen(house, tmp_path, house.ben, f"/patients/{house.ana.actor_id}", story)
