"""The main job, as three people do it: Hanna at her phone, nurse Ben, clinician Dora.

The server is the real process on a SQLite file, the mail goes to a real SMTP server on loopback,
the browser is the system's Chromium. Screenshots land in tests/screenshots.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tests.browser import DESKTOP, FletPage, browsing
from tests.stories.clinic import RunningClinic, link_in, running_clinic
from tests.stories.people_at_screens import (
    app,
    desk,
    patient_joins,
    phone,
    shot,
    staff_joins,
    staff_signs_in,
)

BEN, DORA = "ben@north.example", "dora@north.example"
BORN = ("14", "3", "1955")


@dataclass
class Stage:
    """The clinic with everybody signed in."""

    clinic: RunningClinic
    browser: Browser
    ben: FletPage
    dora: FletPage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """An empty clinic, set up the way the README says; Ben and Dora have joined."""
    folder = tmp_path_factory.mktemp("clinic")
    with running_clinic(folder) as clinic, browsing() as browser:
        clinic.diary(
            "init", "--clinic", "North Clinic", "--phone", "+49 30 555 0100",
            "--admin-name", "Ada Stein", "--admin-email", "ada@north.example",
            "--time-zone", "Europe/Berlin",
        )  # fmt: skip
        links = {
            email: link_in(clinic.diary("user", "--name", name, "--email", email, "--role", role))
            for name, email, role in (("Ben Falk", BEN, "nurse"), ("Dora Weiss", DORA, "clinician"))
        }
        clinic.start()
        ben = app(staff_joins(clinic, desk(browser), links[BEN], BEN))
        dora = app(staff_joins(clinic, desk(browser), links[DORA], DORA))
        yield Stage(clinic, browser, ben, dora)


def enroll(stage: Stage, name: str, code: str) -> str:
    """Ben adds a patient in the app, Dora enters the plan; returns the invitation link."""
    ben, dora = stage.ben, stage.dora
    ben.click("Patients", exact=False)
    ben.click("Add patient")
    for label, value in (
        ("Full name", name),
        ("Clinic code", code),
        ("Birth date", "1955-03-14"),
        ("Phone", "+49 30 555 0111"),
    ):
        ben.fill(label, value)
    ben.click("Add patient")
    ben.see("Show link and QR code")
    dora.click("Patients", exact=False)
    dora.fill("Search", code)
    dora.see(name)
    dora.see("1 of")
    dora.click("Open")
    dora.see("No plan is in force yet")
    dora.click("Change the plan")
    dora.click("Today")
    dora.fill("Imatinib, mg", "200")
    dora.fill("Reason", "Step up")
    dora.click("Check the change")
    dora.see("Imatinib 200 mg daily")
    dora.page.get_by_role("alertdialog").get_by_role(
        "button", name="Change the plan"
    ).dispatch_event("click")
    dora.see("No plan is in force yet", absent=True)
    return link_in(stage.clinic.diary("invite", code))


def press(screen: FletPage, *names: str) -> None:
    """Press one button after the other, each when it is there."""
    for name in names:
        screen.click(name)
        screen.page.wait_for_timeout(700)  # longer than a second tap of a trembling hand counts


def tick(screen: FletPage, *names: str) -> None:
    """Tick boxes."""
    for name in names:
        screen.click(name, role="checkbox")
        screen.page.wait_for_timeout(300)


def photo_with_gps(folder: Path) -> Path:
    """A synthetic photo that tells where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 8.0, 0.0), 3: "E", 4: (11.0, 34.0, 0.0)})
    exif[0x010F] = "SecretCam"
    file = folder / "beach.jpg"
    Image.new("RGB", (1200, 900), (205, 120, 110)).save(file, exif=exif)
    return file


def test_a_severe_rash_reaches_the_nurse_and_the_visit(stage: Stage, tmp_path: Path):
    clinic, ben, dora = stage.clinic, stage.ben, stage.dora
    link = enroll(stage, "Hanna Brandt", "P-001")
    ben.click("Inbox", exact=False)
    ben.see("No open alerts")
    hanna = app(patient_joins(phone(stage.browser), link, BORN))

    # Hanna writes a rash day.
    hanna.see("Imatinib 200 mg today")
    shot(hanna.page, "patient-4-today")
    press(hanna, "Write today's entry")
    hanna.fill("Temperature", "38,6")
    press(hanna, "Next", "In the mouth", "No", "Worst itch 6", "Over much of my body")
    press(hanna, "It comes and goes", "No, I slept as usual", "Yes")
    press(hanna, "Chest and belly: none", "All of it")
    shot(hanna.page, "patient-5-body-map")
    press(hanna, "Back side", "Upper and lower back: none", "All of it", "Next", "Handprints 30")
    tick(hanna, "Red spots, flat or raised", "Dry flakes or scales")
    shot(hanna.page, "patient-6-looks")
    press(hanna, "Next (2 ticked)")
    note = tmp_path / "note.jpg"
    note.write_text("This is a shopping list.")
    fetched: list[str] = []
    hanna.page.on("response", lambda answer: fetched.append(answer.url))
    second = Image.new("RGB", (1200, 900), (190, 100, 100))
    second.save(tmp_path / "back.jpg")
    hanna.pick("Take or choose photos", note, photo_with_gps(tmp_path), tmp_path / "back.jpg")
    hanna.see("note.jpg was not added")
    hanna.see("This file is not a photo the diary can read")
    hanna.see("Photo 2: hidden", seconds=30)
    for number, words in ((1, "Lower back"), (2, "Shoulders")):
        hanna.fill(f"What does photo {number} show?", words)
    shot(hanna.page, "patient-6-photos-hidden")
    assert not [url for url in fetched if url.endswith("/thumb")]
    press(hanna, "Show my photos without a PIN")
    hanna.see("Photo 2, touch to enlarge")
    shot(hanna.page, "patient-6-photos")
    press(hanna, "Next")
    shot(hanna.page, "patient-7-danger-signs")
    press(hanna, "None of these", "No I do everything as usual", "Taken as planned: 200 mg")
    press(hanna, "Yes, someone should look at it today")
    hanna.see("38,6 °C")
    shot(hanna.page, "patient-8-check")
    press(hanna, "Save")
    hanna.see("Call the clinic +49 30 555 0100")
    hanna.see("received by the clinic")
    shot(hanna.page, "patient-9-saved")
    for reassurance in ("you are fine", "no problem", "nothing to worry"):
        assert reassurance not in hanna.text().lower()

    # It stands in Ben's inbox without a reload, with the reason, the dose and the day.
    ben.see("Hanna Brandt")
    ben.see("Temperature 38.6 °C")
    ben.see("planned 200 mg, taken 200 mg")
    shot(ben.page, "nurse-1-inbox")

    # The mail says that there is an alert and not whose; the link needs no sign-in to take it.
    mail = clinic.mail_to(BEN)
    for secret in ("Hanna", "Brandt", "P-001", "38,6", "38.6", "fever", "rash", "1955"):
        assert secret not in mail
    handset = phone(stage.browser).new_page()
    handset.goto(link_in(mail))
    assert "Hanna" not in handset.inner_text("body")
    assert "Nobody has taken it yet" in handset.inner_text("body")
    shot(handset, "nurse-2-link")
    handset.get_by_role("button", name="I take it").click()
    handset.get_by_text("You took alert").wait_for()
    ben.see("You have it")

    # Signing in from the link leads to the alert itself.
    handset.get_by_role("link", name="Sign in to see whose it is").click()
    staff_signs_in(clinic, handset, BEN)
    small = app(handset)
    small.see("Hanna Brandt")
    hanna.see("Ben Falk")
    shot(handset, "nurse-3-alert-phone")

    # At the desk: the answers and the photo behind it, a note, closed with an outcome.
    ben.click("Open")
    ben.see("What the patient said")
    ben.see("Day 0 after")
    shot(ben.page, "nurse-4-alert")
    ben.click("Close alert")
    ben.page.get_by_role("radio", name="Imatinib held or lowered").dispatch_event("click")
    ben.fill("Note", "Phoned, comes in at three.")
    shot(ben.page, "nurse-5-close")
    ben.page.get_by_role("alertdialog").get_by_role("button", name="Close alert").dispatch_event(
        "click"
    )
    ben.see("Imatinib held or lowered")
    ben.see("Phoned, comes in at three.")

    # The clinician at the visit: the timeline, the report, everything as CSV.
    shot(dora.page, "clinician-1-patient")
    report = downloaded(dora, "Visit report (PDF)")
    archive = downloaded(dora, "Everything (CSV, zip)")
    words = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(report)).pages)
    assert "Hanna Brandt" in words
    assert "200 mg" in words
    with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
        rows = list(csv.DictReader(io.StringIO(zipped.read("entries.csv").decode())))
        described = list(csv.DictReader(io.StringIO(zipped.read("photos.csv").decode())))
        pictures = [zipped.read(name) for name in zipped.namelist() if name.startswith("photos/")]
    assert [(row["temperature_text"], row["level"]) for row in rows] == [("38,6", "urgent")]
    assert {row["description"] for row in described} == {"Lower back", "Shoulders"}
    assert len(pictures) == 2
    for picture in pictures:
        assert b"SecretCam" not in picture
        assert not Image.open(io.BytesIO(picture)).getexif()

    # The same by the command line.
    for suffix in (".pdf", ".zip"):
        clinic.diary("export", "P-001", "--to", str(tmp_path / f"visit{suffix}"))
        assert (tmp_path / f"visit{suffix}").stat().st_size > 1000
    assert "whole" in clinic.diary("verify")
    log = (clinic.folder / "server.log").read_text()
    for secret in ("Hanna", "Brandt", "38,6", "/join/", "/a/"):
        assert secret not in log


def downloaded(screen: FletPage, button: str) -> bytes:
    """Press a download button and return the file; its new tab closes by itself."""
    with screen.page.expect_download(timeout=60_000) as download:
        screen.click(button)
    return Path(download.value.path()).read_bytes()


def test_a_quiet_day_takes_eight_taps_at_most(stage: Stage):
    link = stage.clinic.with_patient("Quentin Still", "P-002")
    quentin = app(patient_joins(phone(stage.browser), link, BORN))
    taps = [
        "Write today's entry",
        "I did not measure",
        "Worst itch 0 No itch",
        "No",
        "None of these",
        "Taken as planned: 200 mg",
        "Save",
    ]

    press(quentin, *taps)

    assert len(taps) <= 8
    quentin.see("Noted")
    quentin.see("received by the clinic")
    assert "fine" not in quentin.text().lower()
    shot(quentin.page, "patient-10-noted")


def test_nothing_half_typed_is_lost_by_a_reload_or_a_killed_server(stage: Stage):
    link = stage.clinic.with_patient("Rosa Half", "P-003")
    context = phone(stage.browser)
    rosa = app(patient_joins(context, link, BORN))
    press(rosa, "Write today's entry")
    rosa.fill("Temperature", "37,4")
    rosa.see("Kept at")
    rosa.page.wait_for_timeout(1500)

    rosa.page.reload()
    app(rosa.page)
    if "Go on with your entry" in rosa.text():
        press(rosa, "Go on with your entry")
    press(rosa, "Next", "In the ear", "No", "Worst itch 3")
    stage.clinic.kill()
    stage.clinic.start()
    rosa.page.goto(stage.clinic.origin)
    app(rosa.page)
    press(rosa, "Go on with your entry")

    rosa.see("Do you have a rash today?")
    press(rosa, "No", "None of these", "No I do everything as usual")
    press(rosa, "Taken as planned: 200 mg", "No, it can wait")
    rosa.see("37,4 °C")
    rosa.see("3 of 10")


def test_the_app_works_at_desktop_size_too(stage: Stage):
    link = link_in(stage.clinic.diary("invite", "P-003"))
    page: Page = patient_joins(stage.browser.new_context(**DESKTOP), link, BORN, pin="2580")
    rosa = app(page)

    rosa.see("Hello, Rosa")
    shot(page, "patient-11-desktop")
    rosa.click("History", exact=False, role="tab") if rosa.node("History", "tab").count() else None
    page.goto(stage.clinic.origin + "/entry")
    app(page).see("37,4 °C")
    shot(page, "patient-12-desktop-entry")


def test_a_dose_takes_one_tap_and_a_vomited_one_sends_to_the_clinic(stage: Stage):
    link = stage.clinic.with_patient("Vera Lang", "P-050")
    vera = app(patient_joins(phone(stage.browser), link, BORN))

    vera.see("Imatinib 200 mg today")
    vera.tap("Imatinib taken as planned")
    vera.see("Logged at")
    shot(vera.page, "patient-dose-taken")
    press(vera, "Undo imatinib", "Imatinib: something else", "I vomited after it")
    press(vera, "Within 30 minutes")
    vera.see("Do not take another dose on your own to replace it.")
    vera.see("+49 30 555 0100")
    press(vera, "Done")
    vera.see("Vomited within 30 minutes after it")
    vera.click("My plan", role="tab")
    vera.see("200 mg every day")
    vera.see("Your clinician decides about each step")
    shot(vera.page, "patient-my-plan")

    assert vera.errors == []
