"""Photos come in, are shown, and are taken out again."""

import io

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD
from sqlmodel import col

from db.models import Photo, UploadTicket
from diary_app.services.photos import MOST_PHOTOS, issue_ticket
from tests.diary_app.doors.house import ORIGIN

FROM_HERE = {"Origin": ORIGIN}


def jpeg(shade=120, *, gps=False):
    """A small synthetic picture; with a place in its metadata when asked."""
    picture, file = Image.new("RGB", (64, 48), (200, shade, 90)), io.BytesIO()
    exif = Image.Exif()
    if gps:
        exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitudeRef] = "N"
        exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (52.0, 31.0, 12.0)
    picture.save(file, "JPEG", exif=exif)
    return file.getvalue()


@pytest.fixture
def ana(doors):
    """Ana's browser, in which she asked to see her photos."""
    return doors.showing_photos(doors.house.ana)


def ticket(doors, draft_id, viewer=None):
    return issue_ticket(doors.kit, viewer or doors.house.ana, draft_id, doors.clock())


def put(browser, token, content, **headers):
    return browser.ask("PUT", f"/api/photos/{token}", content=content, headers=FROM_HERE | headers)


def sent_photo(doors, ana):
    """The id of a photo in an entry that ana sent."""
    draft_id = doors.draft(doors.house.ana)
    photo_id = put(ana, ticket(doors, draft_id), jpeg()).json()["photo_id"]
    doors.send(doors.house.ana, draft_id)
    return photo_id


def test_keeps_an_uploaded_photo_without_its_place(doors, ana):
    draft_id = doors.draft(doors.house.ana)
    received = jpeg(gps=True)

    answer = put(ana, ticket(doors, draft_id), received)
    shown = ana.get(f"/photos/{answer.json()['photo_id']}")

    assert answer.status_code == 200
    assert Image.open(io.BytesIO(received)).getexif().get_ifd(IFD.GPSInfo)
    assert not Image.open(io.BytesIO(shown.content)).getexif()
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["cache-control"] == "private, no-store"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert f"patient:{doors.house.ana.actor_id}" in doors.published


def test_a_ticket_works_once(doors, ana):
    token = ticket(doors, doors.draft(doors.house.ana))

    first, second = put(ana, token, jpeg()), put(ana, token, jpeg(121))

    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json() == {
        "sentence": "This upload is no longer valid. Please choose the photo again."
    }
    assert len(doors.rows(Photo)) == 1


def test_a_ticket_runs_out_after_ten_minutes(doors, ana):
    token = ticket(doors, doors.draft(doors.house.ana))
    doors.clock.pass_(minutes=10)

    assert put(ana, token, jpeg()).status_code == 409


def test_a_ticket_is_worth_nothing_to_anybody_else(doors):
    token = ticket(doors, doors.draft(doors.house.ana))
    statuses = [
        put(doors.signed_in(doors.house.otto), token, jpeg()).status_code,
        put(doors.signed_in(doors.house.ben), token, jpeg()).status_code,
        put(doors.browser(), token, jpeg()).status_code,
    ]

    assert statuses == [409, 409, 401]
    assert doors.rows(UploadTicket)[0].used_at is None


def test_an_upload_from_another_site_is_refused(doors, ana):
    token = ticket(doors, doors.draft(doors.house.ana))

    answer = put(ana, token, jpeg(), Origin="https://evil.example")

    assert answer.status_code == 403
    assert doors.rows(UploadTicket)[0].used_at is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Dear diary, this is a text file named .jpg", "not a photo the diary can read"),
        (b"", "This file is empty."),
        (jpeg()[:200], "damaged or did not arrive completely"),
    ],
)
def test_what_is_no_photo_gets_a_sentence(doors, ana, content, sentence):
    answer = put(ana, ticket(doors, doors.draft(doors.house.ana)), content)

    assert answer.status_code in (409, 413)
    assert sentence in answer.json()["sentence"]
    assert doors.rows(Photo) == []
    assert list(doors.kit.vault.photo_ids()) == []


def test_the_same_file_twice_is_one_photo(doors, ana):
    draft_id = doors.draft(doors.house.ana)
    ids = {put(ana, ticket(doors, draft_id), jpeg()).json()["photo_id"] for _ in range(2)}

    assert len(ids) == len(doors.rows(Photo)) == len(list(doors.kit.vault.photo_ids())) == 1


def test_an_entry_holds_twelve_photos(doors, ana):
    draft_id = doors.draft(doors.house.ana)
    spare = ticket(doors, draft_id)
    with doors.kit.database.writing() as session:
        for number in range(MOST_PHOTOS):
            session.add(
                Photo(
                    clinic_id=doors.house.clinic_id,
                    patient_id=doors.house.ana.actor_id,
                    draft_id=draft_id,
                    width=1,
                    height=1,
                    sha256_received=str(number),
                    sha256_kept="",
                    received_bytes=1,
                    received_at=doors.clock(),
                )
            )

    answer = put(ana, spare, jpeg())

    assert answer.status_code == 409
    assert "at most 12 photos" in answer.json()["sentence"]
    assert "Take one out" in ana.get("/photos/add").text


def test_a_sent_entry_takes_no_more_photos(doors, ana):
    draft_id = doors.draft(doors.house.ana)
    spare = ticket(doors, draft_id)
    doors.send(doors.house.ana, draft_id)

    answer = put(ana, spare, jpeg())
    page = ana.get(f"/photos/add?draft={draft_id}")

    assert "sent already" in answer.json()["sentence"]
    assert page.status_code == 409
    assert "sent already" in page.text


def test_a_full_disk_gets_a_sentence(doors, ana, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(doors.kit.vault), "put", full)

    answer = put(ana, ticket(doors, doors.draft(doors.house.ana)), jpeg())

    assert answer.status_code == 409
    assert "no room for this photo" in answer.json()["sentence"]
    assert doors.rows(Photo) == []


def test_the_care_team_sees_photos_of_sent_entries_and_that_is_written_down(doors, ana):
    photo_id = sent_photo(doors, ana)
    ben = doors.signed_in(doors.house.ben)

    thumb = ben.get(f"/photos/{photo_id}/thumb")
    quiet = doors.audit("photo.read")
    full = ben.get(f"/photos/{photo_id}")

    assert (thumb.status_code, full.status_code) == (200, 200)
    assert quiet == []
    [event] = doors.audit("photo.read")
    assert (event.actor_id, str(event.subject_id)) == (doors.house.ben.actor_id, photo_id)
    assert event.patient_id == doors.house.ana.actor_id


def test_nobody_else_sees_a_photo(doors, ana):
    photo_id = sent_photo(doors, ana)
    unsent = put(ana, ticket(doors, doors.draft(doors.house.ana)), jpeg(90)).json()["photo_id"]
    cases = [
        (doors.signed_in(doors.house.cleo), photo_id, 404),
        (doors.showing_photos(doors.house.otto), photo_id, 404),
        (doors.signed_in(doors.house.admin), photo_id, 403),
        (doors.browser(), photo_id, 401),
        (doors.signed_in(doors.house.ben), unsent, 404),
        (ana, "nonsense", 404),
    ]

    for browser, wanted, status in cases:
        for path in (f"/photos/{wanted}", f"/photos/{wanted}/thumb"):
            answer = browser.get(path)
            assert answer.status_code == status
            assert answer.headers["content-type"].startswith("text/html")
    assert doors.audit("photo.read") == []


def test_a_changed_picture_file_gets_a_sentence(doors, ana, tmp_path):
    photo_id = sent_photo(doors, ana)
    [file] = (tmp_path / "photos").rglob("*.photo")
    file.write_bytes(file.read_bytes()[:-1] + b"!")

    answer = ana.get(f"/photos/{photo_id}")

    assert answer.status_code == 503
    assert "This photo cannot be shown" in answer.text


def test_the_plain_form_keeps_the_good_and_names_the_bad(doors, ana):
    draft_id = doors.draft(doors.house.ana)
    files = [
        ("photos", ("arm <b>.jpg", jpeg(), "image/jpeg")),
        ("photos", ("notes.jpg", b"only words", "image/jpeg")),
    ]

    answer = ana.ask(
        "POST",
        f"/photos/add?draft={draft_id}",
        files=files,
        data={"region": "left_hand", "description": "since <i>today</i>"},
        headers=FROM_HERE,
    )

    [photo] = doors.rows(Photo)
    assert (photo.region, photo.description) == ("left_hand", "since <i>today</i>")
    assert answer.status_code == 400
    assert "notes.jpg" in answer.text
    assert "not a photo the diary can read" in answer.text
    assert f"/photos/{photo.id}/thumb" in answer.text
    assert "<i>today" not in answer.text
    assert "notes.jpg" not in repr(doors.rows(Photo))


def test_the_plain_form_comes_back_after_success(doors, ana):
    draft_id = doors.draft(doors.house.ana)

    answer = ana.ask(
        "POST",
        "/photos/add",
        files=[("photos", ("a.jpg", jpeg(), "image/jpeg"))],
        headers=FROM_HERE,
    )

    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/photos/add?draft={draft_id}",
    )
    assert "Photos in this entry: 1" in ana.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    ("more", "status", "sentence"),
    [
        ({"data": {"region": "left_hand"}, "files": [("other", b"")]}, 400, "choose a photo first"),
        ({"content": b"rubbish"}, 400, "The photos did not arrive"),
        ({"data": {"x": "y"}}, 400, "The photos did not arrive"),
        (
            {"data": {"region": "moon"}, "files": [("photos", ("a.jpg", b"x"))]},
            400,
            "choose a part of the body from the list",
        ),
        (
            {"data": {"description": "x" * 501}, "files": [("photos", ("a.jpg", b"x"))]},
            400,
            "at most 500 characters",
        ),
        ({"files": [("photos", (f"{n}.jpg", b"x")) for n in range(13)]}, 400, "at most 12"),
    ],
)
def test_the_plain_form_refuses_with_a_sentence(doors, ana, more, status, sentence):
    doors.draft(doors.house.ana)

    answer = ana.ask("POST", "/photos/add", headers=FROM_HERE, **more)

    assert answer.status_code == status
    assert sentence in answer.text
    assert doors.rows(Photo) == []


def test_the_plain_form_is_for_the_patient_and_their_own_draft(doors, ana):
    otto = doors.signed_in(doors.house.otto)
    ottos = doors.draft(doors.house.otto)

    assert ana.get(f"/photos/add?draft={ottos}").status_code == 404
    assert ana.get("/photos/add?draft=nonsense").status_code == 404
    assert ana.get("/photos/add").status_code == 409
    assert otto.get("/photos/add").status_code == 200
    assert doors.signed_in(doors.house.ben).get("/photos/add").status_code == 403
    assert doors.browser().get("/photos/add").headers["location"] == "/welcome"


def test_takes_a_photo_out_of_the_own_unsent_entry_alone(doors, ana):
    photo_id = sent_photo(doors, ana)
    unsent = put(ana, ticket(doors, doors.draft(doors.house.ana)), jpeg(90)).json()["photo_id"]
    otto = doors.signed_in(doors.house.otto)

    refused = [otto.post(f"/photos/{unsent}/remove"), ana.post(f"/photos/{photo_id}/remove")]
    taken_out = ana.post(f"/photos/{unsent}/remove")

    assert [answer.status_code for answer in refused] == [404, 404]
    assert taken_out.status_code == 303
    removed = doors.rows(Photo, col(Photo.removed_at).is_not(None))
    assert [str(row.id) for row in removed] == [unsent]
