"""A report in a browser without scripts, on a phone's screen; the nurse's mail leaves for real."""

from sqlmodel import col

from db.models import Entry, Photo
from tests.alerts.mail_server import Mailbox, mail_server
from tests.alerts.test_worker import worker_to
from tests.browser import browsing
from tests.diary_app.doors.house import served
from tests.diary_app.doors.test_doors_now import jpeg

SCREEN = {"viewport": {"width": 412, "height": 915}, "is_mobile": True, "has_touch": True}


def too_small(page):
    """What is to be touched and smaller than 48 px, by its words."""
    touched = page.locator(
        ":is(a.button, button, input[type=file], select, .pick, summary):visible"
    )
    found = [(each.inner_text(), each.bounding_box()["height"]) for each in touched.all()]
    assert len(found) > 40
    return [words for words, height in found if height < 48]


def test_a_report_with_a_photo_needs_no_script_and_reaches_the_nurse(doors, tmp_path):
    picture = tmp_path / "rash.jpg"
    picture.write_bytes(jpeg())
    cookie = doors.signed_in(doors.house.ana).cookies["diary"]
    mailbox = Mailbox()
    with mail_server(mailbox) as port, served(doors) as address, browsing() as browser:
        context = browser.new_context(java_script_enabled=False, **SCREEN)
        context.add_cookies([{"name": "diary", "value": cookie, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/now")
        small = too_small(page)
        page.get_by_text("Sores in the mouth or on the lips", exact=True).tap()
        field = page.get_by_label("What is your temperature?")
        field.fill("385")
        field.press("Enter")
        after_enter = page.url, doors.rows(Entry)
        page.get_by_label("Where did you measure?").select_option(label="In the ear")
        page.get_by_label("How bad was your worst itch").select_option("4")
        page.get_by_role("group", name="Do you have a rash today?").get_by_text("Yes").tap()
        page.get_by_label("In your own words").fill("It burns since noon.")
        page.get_by_label("Take or choose photos").set_input_files(picture)
        page.get_by_role("button", name="Send").tap()
        page.get_by_text("Not sent yet").wait_for()
        page.get_by_text("Yes, 38.5 °C").tap()
        page.get_by_role("button", name="Send").tap()
        page.get_by_text("Saved 20:04 · received by the clinic").wait_for()
        told = page.get_by_role("heading", level=1).inner_text()
        worker_to(doors.house, port, doors.clock).run_once()

    assert small == []
    assert after_enter == (f"{address}/now", [])
    assert told == "Call the clinic now, day or night"
    [row] = doors.rows(Entry)
    assert (row.temperature_value, row.temperature_text, row.temperature_site) == (
        38.5,
        "38.5",
        "tympanic",
    )
    assert (row.red_flags, row.itch_nrs, row.rash_present) == (["mouth_sores"], 4, True)
    assert row.words == "It burns since noon."
    assert [photo.draft_id for photo in doors.rows(Photo, col(Photo.removed_at).is_(None))] == [
        row.id
    ]
    assert mailbox.recipients == ["ben@north.example"]
    letter = mailbox.raw[0].decode()
    assert "Urgent symptom alert" in letter
    for secret in ("Ana", "38.5", "burns", "mouth"):
        assert secret not in letter
