"""Photos are covered on a shared phone: no byte leaves before the patient asks for them."""

from uuid import UUID

import pytest
from sqlmodel import col

from db.models import Draft, Photo
from db.stores import drafts
from tests.diary_app.doors.test_doors_photos import FROM_HERE, jpeg, put, ticket

JPEG = b"\xff\xd8\xff"


@pytest.fixture
def phone(doors):
    """Ana's phone as anybody may pick it up."""
    return doors.signed_in(doors.house.ana)


def add_photo(doors, browser, shade=120, region=None):
    """Ana's open entry, and the id of a photo just added to it."""
    draft_id = doors.draft(doors.house.ana)
    photo_id = put(browser, ticket(doors, draft_id), jpeg(shade)).json()["photo_id"]
    with doors.kit.database.writing() as session:
        drafts.describe_photo(
            session, doors.house.ana, UUID(photo_id), region=region, description=""
        )
    return draft_id, photo_id


def sent_photo(doors, browser, shade, region):
    """The id of a photo in an entry of ana's that was sent."""
    draft_id, photo_id = add_photo(doors, browser, shade, region)
    doors.send(doors.house.ana, draft_id)
    with doors.kit.database.writing() as session:
        session.add(doors.house.entry(id=draft_id, first_id=draft_id))
    doors.clock.pass_(minutes=1)
    return photo_id


def seen(browser, photo_id):
    """The answers to both sizes of a photo."""
    return [browser.get(f"/photos/{photo_id}{end}") for end in ("", "?size=whole", "/thumb")]


def test_no_byte_of_a_photo_leaves_before_it_is_asked_for(doors, phone):
    _draft, photo_id = add_photo(doors, phone)

    covered = seen(phone, photo_id)
    page = phone.get("/photos/add")
    phone.post("/photos/show", back="/photos/add")
    shown = seen(phone, photo_id)

    assert [answer.status_code for answer in covered] == [403, 403, 403]
    assert all(JPEG not in answer.content for answer in covered)
    assert "This photo is covered." in covered[0].text
    assert photo_id not in page.text.replace(f"/photos/{photo_id}/remove", "").replace(
        f"/photos/{photo_id}/keep", ""
    )
    assert "Photo 1: hidden" in page.text
    assert [answer.status_code for answer in shown] == [200, 200, 200]
    assert all(answer.headers["cache-control"] == "private, no-store" for answer in shown)
    assert f"/photos/{photo_id}/thumb" in phone.get("/photos/add").text


def test_with_a_pin_only_the_pin_shows_them_and_only_for_ten_minutes(doors, phone):
    _draft, photo_id = add_photo(doors, phone)
    phone.post("/pin/choose", pin="2580", again="2580")
    just_chosen = seen(phone, photo_id)
    doors.clock.pass_(minutes=10)

    run_out = seen(phone, photo_id)
    without = phone.post("/photos/show")
    wrong = phone.post("/photos/show", pin="2581")
    still_covered = seen(phone, photo_id)
    right = phone.post("/photos/show", pin="2580", back="/photos/add")

    assert {answer.status_code for answer in just_chosen} == {200}
    assert {answer.status_code for answer in run_out + still_covered} == {403}
    assert (without.status_code, wrong.status_code) == (400, 400)
    assert "This PIN is not right." in wrong.text
    assert (right.status_code, right.headers["location"]) == (303, "/photos/add")
    assert {answer.status_code for answer in seen(phone, photo_id)} == {200}
    phone.post("/photos/hide")
    assert {answer.status_code for answer in seen(phone, photo_id)} == {403}


def test_guessing_the_pin_ends_after_five_tries(doors, phone):
    _draft, photo_id = add_photo(doors, phone)
    phone.post("/pin/choose", pin="2580", again="2580")
    phone.post("/photos/hide")

    tries = [phone.post("/photos/show", pin=f"314{n}").status_code for n in range(6)]
    right = phone.post("/photos/show", pin="2580")

    assert tries == [400] * 5 + [429]
    assert right.status_code == 429
    assert {answer.status_code for answer in seen(phone, photo_id)} == {403}


def test_unlocking_the_diary_shows_them_on_this_device_alone(doors, phone):
    _draft, photo_id = add_photo(doors, phone)
    phone.post("/pin/choose", pin="2580", again="2580")
    other = doors.signed_in(doors.house.ana)
    doors.clock.pass_(minutes=16)

    phone.post("/pin", pin="2580")

    assert {answer.status_code for answer in seen(phone, photo_id)} == {200}
    assert {answer.status_code for answer in seen(other, photo_id)} == {401}


def test_what_one_device_shows_stays_covered_on_the_other(doors, phone):
    _draft, photo_id = add_photo(doors, phone)
    other = doors.signed_in(doors.house.ana)

    phone.post("/photos/show")

    assert {answer.status_code for answer in seen(phone, photo_id)} == {200}
    assert {answer.status_code for answer in seen(other, photo_id)} == {403}


def test_the_form_that_shows_photos_leads_to_no_other_site(doors, phone):
    answer = phone.post("/photos/show", back="//evil.example/")

    assert answer.headers["location"] == "/"
    assert doors.signed_in(doors.house.ben).post("/photos/show").status_code == 403
    assert doors.browser().post("/photos/show").headers["location"] == "/welcome"


def test_the_page_compares_with_the_newest_earlier_photo_of_the_same_part(doors, phone):
    phone.post("/photos/show")
    older = sent_photo(doors, phone, 100, "left_hand")
    newest = sent_photo(doors, phone, 110, "left_hand")
    elsewhere = sent_photo(doors, phone, 120, "trunk_front")
    draft_id = doors.draft(doors.house.ana)
    phone.ask(
        "POST",
        f"/photos/add?draft={draft_id}",
        files=[("photos", ("now.jpg", jpeg(90), "image/jpeg"))],
        data={"region": "left_hand"},
        headers=FROM_HERE,
    )

    tray = phone.get("/photos/add").text.split("Add photos</h1>")[0]

    assert f"/photos/{newest}/thumb" in tray
    assert older not in tray
    assert elsewhere not in tray


def test_a_small_photo_is_kept_and_asked_about_once(doors, phone):
    _draft, photo_id = add_photo(doors, phone)

    asked = phone.get("/photos/add").text
    answer = phone.post(f"/photos/{photo_id}/keep")
    again = phone.get("/photos/add").text

    assert "This photo is small, so details may be missing. Keep it or take it again?" in asked
    assert answer.status_code == 303
    assert "Keep it or take it again" not in again
    assert len(doors.rows(Photo, col(Photo.removed_at).is_(None))) == 1
    otto = doors.signed_in(doors.house.otto)
    assert otto.post(f"/photos/{photo_id}/keep").status_code == 404


def test_the_only_marked_part_is_filled_in(doors, phone):
    for marks, expected in (
        ({"trunk_front": "half"}, "trunk_front"),
        ({"trunk_front": "half", "head_front": "none"}, "trunk_front"),
        ({"trunk_front": "half", "head_front": "all"}, None),
        ({}, None),
    ):
        draft_id = doors.draft(doors.house.ana)
        with doors.kit.database.writing() as session:
            session.get(Draft, draft_id).content = {"regions": marks}
        photo_id = put(phone, ticket(doors, draft_id), jpeg()).json()["photo_id"]
        [row] = doors.rows(Photo, col(Photo.draft_id) == draft_id)
        assert (str(row.id), row.region) == (photo_id, expected)


def test_the_page_opens_the_camera_for_its_own_script_alone(doors, phone):
    doors.draft(doors.house.ana)

    page = phone.get("/photos/add")
    script = phone.get("/static/photo-camera.js")

    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "camera=(self)" in page.headers["permissions-policy"]
    assert "script-src" not in phone.get("/devices").headers["content-security-policy"]
    assert script.headers["content-type"].startswith("text/javascript")
