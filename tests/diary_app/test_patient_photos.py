"""The photo step without a browser: covered, compared, several at once with one failing."""

import io
from pathlib import Path
from typing import Any
from uuid import UUID

import flet as ft
import pytest
from PIL import Image, ImageEnhance, ImageFilter
from sqlmodel import select

from db.models import Photo
from db.photos import clean_photo
from db.photos.doubts import doubt_of
from db.photos.parcel import pack, unpack
from db.stores import doors, drafts
from diary_app.demo.pictures import rash_photo
from diary_app.services.doors import open_sign_in, visitor_of
from diary_app.services.photos import keep_photo
from diary_app.services.pin import set_pin
from diary_app.state.faults import AnswerRefusedError
from diary_app.state.pictures import SinceStep, doubt_words, since_words
from tests.diary_app.patient_house import Desk, desk_for, save, save_only
from tests.diary_app.test_patient_screens import Phone, on_phone
from tests.people import House

RASH = {"rash_present": True, "regions": {"trunk_front": "half"}, "at": "photos"}


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    """Ana's diary on a phone she is signed in on."""
    built = desk_for(house, tmp_path)
    built.beat()
    with house.database.writing() as session:
        opened = open_sign_in(session, house.ana, "Chrome on Android", built.clock())
    built.sign_in_id = str(opened.sign_in_id)
    return built


def add(desk: Desk, draft_id: UUID, *, region: str | None, seed: int = 1) -> UUID:
    """A photo that came into a draft a minute later; nothing is decoded here."""
    desk.clock.pass_(minutes=1)
    ana = desk.house.ana
    photo = Photo(
        clinic_id=ana.clinic_id,
        patient_id=ana.actor_id,
        draft_id=draft_id,
        region=region,
        width=640,
        height=480,
        sha256_received=str(seed),
        sha256_kept="",
        received_bytes=9000,
        received_at=desk.clock(),
    )
    with desk.kit.database.writing() as session:
        drafts.add_photo(session, ana, photo)
        return photo.id


def sent_with_photo(desk: Desk, region: str, seed: int) -> UUID:
    """A photo in an entry that was sent; the next entry is another day's."""
    draft = desk.diary().begin("full")
    photo_id = add(desk, draft.id, region=region, seed=seed)
    save(desk.diary(), draft)
    desk.clock.pass_(days=1)
    return photo_id


def drawn(phone: Phone) -> str:
    """All addresses of pictures on the screen."""
    return " ".join(str(image.src) for image in phone.screen.find(ft.Image))


def test_photos_are_covered_until_the_patient_asks_for_them(desk: Desk) -> None:
    old = sent_with_photo(desk, "trunk_front", 1)
    draft_id, _ = save_only(desk.diary(), **RASH)
    new = add(desk, draft_id, region="trunk_front", seed=2)

    async def story(phone: Phone) -> None:
        await phone.shows("Photos hidden")
        await phone.shows("Photo 1: hidden")
        assert drawn(phone) == ""
        assert str(old).encode() not in phone.screen.connection.wire
        await phone.tap("photos-show")
        await phone.screen.until(lambda: f"/photos/{new}/thumb" in drawn(phone))
        assert f"/photos/{old}/thumb" in drawn(phone)
        await phone.tap("photos-hide")
        await phone.shows("Photo 1: hidden")
        assert drawn(phone) == ""

    on_phone(desk, story, route="/entry")


def test_with_a_pin_a_wrong_one_shows_nothing(desk: Desk) -> None:
    with desk.kit.database.reading() as session:
        sign_in = doors.sign_in(session, UUID(desk.sign_in_id))
        assert sign_in is not None
        visitor = visitor_of(session, sign_in, desk.clock())
    assert visitor is not None
    set_pin(desk.kit, visitor, current="", pin="2580", again="2580", now=desk.clock())
    desk.diary().pictures.hide()
    draft_id, _ = save_only(desk.diary(), **RASH)
    new = add(desk, draft_id, region="trunk_front")

    async def story(phone: Phone) -> None:
        await phone.type("photos-pin-field", "2581")
        await phone.tap("photos-show")
        await phone.shows("This PIN is not right.")
        assert drawn(phone) == ""
        await phone.type("photos-pin-field", "2580")
        await phone.tap("photos-show")
        await phone.screen.until(lambda: f"/photos/{new}/thumb" in drawn(phone))

    on_phone(desk, story, route="/entry")


def test_an_unknown_device_shows_no_photo(desk: Desk) -> None:
    desk.sign_in_id = ""

    assert not desk.diary().pictures.cover().shown
    with pytest.raises(AnswerRefusedError, match="open your diary again"):
        desk.diary().pictures.show("")


def test_the_ghost_is_the_newest_earlier_photo_of_the_same_region(desk: Desk) -> None:
    sent_with_photo(desk, "trunk_front", 1)
    newest = sent_with_photo(desk, "trunk_front", 2)
    hand = sent_with_photo(desk, "hand_left_front", 3)
    draft_id, _ = save_only(desk.diary(), **RASH)
    add(desk, draft_id, region="trunk_front", seed=4)
    add(desk, draft_id, region="trunk_front", seed=5)
    add(desk, draft_id, region="foot_left_front", seed=6)

    tray = desk.diary().pictures.tray(draft_id)

    # The two of today are not each other's ghost, and a foot has none.
    assert [one.earlier and one.earlier.id for one in tray.pictures] == [newest, newest, None]
    assert {region: photo.id for region, photo in tray.last.items()} == {
        "trunk_front": newest,
        "hand_left_front": hand,
    }

    async def story(phone: Phone) -> None:
        await phone.tap("photos-show")
        await phone.tap("overlay-1")
        ghost = phone.screen.key("ghost-1")
        assert isinstance(ghost, ft.Container)
        assert ghost.opacity == 0.4
        assert isinstance(ghost.content, ft.Image)
        assert ghost.content.src == f"/photos/{newest}/thumb"
        (strength,) = phone.screen.find(ft.SegmentedButton, key="strength-1")
        await phone.screen.fire(strength, "change", selected=["80"])
        again = phone.screen.key("ghost-1")
        assert isinstance(again, ft.Container)
        assert again.opacity == 0.8
        await phone.tap("side-by-side-1")
        assert "ghost-1" not in set(phone.screen.keys())

    on_phone(desk, story, route="/entry")


def test_the_last_photo_of_a_marked_region_is_the_pose_to_hold(desk: Desk) -> None:
    trunk = sent_with_photo(desk, "trunk_front", 1)
    sent_with_photo(desk, "foot_left_front", 2)
    save_only(desk.diary(), **RASH)

    async def story(phone: Phone) -> None:
        await phone.tap("photos-show")
        await phone.shows("Your last photos: hold the same pose")
        assert drawn(phone) == f"/photos/{trunk}/thumb"

    on_phone(desk, story, route="/entry")


def test_history_shows_an_entry_beside_the_one_before(desk: Desk) -> None:
    first = sent_with_photo(desk, "trunk_front", 1)
    second = sent_with_photo(desk, "trunk_front", 2)
    newest, older = desk.diary().history()

    (picture,) = desk.diary().pictures.of_entry(newest.id)
    (alone,) = desk.diary().pictures.of_entry(older.id)
    assert (picture.photo.id, alone.photo.id) == (second, first)
    assert picture.earlier is not None
    assert (picture.earlier.id, alone.earlier) == (first, None)
    assert (picture.earlier.on, picture.photo.on) == (older.on, newest.on)

    async def story(phone: Phone) -> None:
        await phone.shows("Photo 1: hidden")
        await phone.tap("photos-show")
        await phone.screen.until(lambda: f"/photos/{first}/thumb" in drawn(phone))
        await phone.tap(f"photo-{second}")
        await phone.screen.until(lambda: f"/photos/{second}?size=whole" in drawn(phone))

    on_phone(desk, story, route=f"/history/{newest.id}")


def test_of_several_photos_one_fails_and_can_be_sent_again(desk: Desk) -> None:
    draft_id, _ = save_only(desk.diary(), **RASH)
    asked: list[dict[str, Any]] = []

    async def story(phone: Phone) -> None:
        screen = phone.screen
        await screen.until(lambda: "pick-photos" in set(screen.keys()))
        await phone.shows("Daylight, no flash.")
        (picker,) = screen.find(ft.FilePicker)

        async def sent(event: dict[str, Any]) -> None:
            await screen.fire(picker, "upload", event)

        def uploads() -> list[dict[str, Any]]:
            return [
                {"name": file.name, "id": file.id}
                for name, args in screen.connection.calls
                if name == "upload"
                for file in args["files"]
            ]

        files = [{"id": n, "name": "image.jpg", "size": 9000} for n in (0, 1)]
        await screen.fire(picker, "result", {"files": [*files, {"id": 2, "name": "x", "size": 0}]})
        await screen.until(lambda: len(uploads()) == 2)
        # Two of one name: the last goes first, so that none takes another's place.
        asked.extend(uploads())
        await phone.shows("This file is empty. Please choose the photo again.")
        await sent({"file_name": "image.jpg", "progress": 0.5, "error": None})
        await phone.shows("image.jpg: 50 % sent")
        await phone.shows("image.jpg: 0 % sent")
        await sent({"file_name": "image.jpg", "progress": None, "error": "Connection closed"})
        await phone.shows("This photo was not sent. Please try again.")
        add(desk, draft_id, region="trunk_front")
        await sent({"file_name": "image.jpg", "progress": 1.0, "error": None})
        await phone.shows("Photo 1: hidden")
        await phone.shows("image.jpg was not added")
        (again,) = [key for key in set(screen.keys()) if str(key).startswith("again-")]
        await phone.tap(str(again))
        await screen.until(lambda: len(uploads()) == 3)
        await sent({"file_name": "image.jpg", "progress": 1.0, "error": None})
        await screen.until(lambda: not screen.shows("image.jpg"))
        await phone.shows("x was not added")

    on_phone(desk, story, route="/entry")

    assert asked == [{"name": "image.jpg", "id": 1}, {"name": "image.jpg", "id": 0}]


def test_a_photo_that_looks_dark_can_be_kept(desk: Desk, tmp_path: Path) -> None:
    draft_id, _ = save_only(desk.diary(), **RASH)
    dark = tmp_path / "dark.jpg"
    Image.new("RGB", (640, 480), (20, 16, 12)).save(dark)
    keep_photo(desk.kit, desk.house.ana, draft_id, dark, desk.clock())

    async def story(phone: Phone) -> None:
        await phone.shows("This photo looks dark. Keep it or take it again?")
        assert phone.has("photo-again-1")
        await phone.tap("photo-keep-1")
        await phone.screen.until(lambda: not phone.screen.shows("Keep it or take it again?"))

    on_phone(desk, story, route="/entry")

    with desk.kit.database.reading() as session:
        (row,) = session.exec(select(Photo)).all()
    assert (row.removed_at, row.doubt) == (None, None)


def test_what_a_photo_seems_to_lack_is_measured() -> None:
    sharp = Image.open(io.BytesIO(rash_photo(7))).convert("RGB")
    cases = {
        None: sharp,
        "blurred": sharp.filter(ImageFilter.GaussianBlur(8)),
        "dark": ImageEnhance.Brightness(sharp).enhance(0.2),
        "small": sharp.resize((400, 300)),
    }

    assert {doubt: doubt_of(picture) for doubt, picture in cases.items()} == {
        doubt: doubt for doubt in cases
    }
    # An even surface is not blurred, and dark skin in good light is not a dark photo.
    assert doubt_of(Image.new("RGB", (800, 600), (205, 120, 110))) is None
    assert doubt_of(Image.new("RGB", (800, 600), (90, 60, 45))) is None
    assert doubt_words("dark") == "This photo looks dark. Keep it or take it again?"


def test_the_doubt_comes_out_of_the_decoder_as_one_of_three_words() -> None:
    file = io.BytesIO()
    Image.new("RGB", (64, 48)).save(file, "PNG")
    parcel = pack(clean_photo(file.getvalue()))

    honest, forged = unpack(parcel), unpack(parcel.replace(b'"small"', b'"<b>ad"'))

    assert getattr(honest, "doubt", "") == "small"
    assert getattr(forged, "doubt", "") is None


def test_a_photo_is_dated_from_the_dose_step() -> None:
    assert since_words(SinceStep(0, 200)) == "First day of 200 mg"
    assert since_words(SinceStep(1, 200)) == "1 day after the step to 200 mg"
    assert since_words(SinceStep(4, 100)) == "4 days after the step to 100 mg"
    assert since_words(None) == ""


def test_a_photo_taken_again_keeps_the_place_and_the_words(desk: Desk) -> None:
    draft_id, _ = save_only(desk.diary(), **RASH)
    old = add(desk, draft_id, region="hand_left_front", seed=1)
    desk.diary().describe_photo(old, "hand_left_front", "Since today")
    added: list[UUID] = []

    async def story(phone: Phone) -> None:
        await phone.screen.until(lambda: phone.has("photo-again-1"))
        action = getattr(phone.screen.key("photo-again-1"), "action", None)
        assert isinstance(action, ft.PickFiles)
        picker = action.file_picker
        await phone.screen.fire(
            picker, "result", {"files": [{"id": 0, "name": "image.jpg", "size": 9000}]}
        )
        await phone.shows("image.jpg: 0 % sent")
        added.append(add(desk, draft_id, region="trunk_front", seed=2))
        await phone.screen.fire(
            picker, "upload", {"file_name": "image.jpg", "progress": 1.0, "error": None}
        )
        await phone.screen.until(lambda: len(desk.diary().photos(draft_id)) == 1)

    on_phone(desk, story, route="/entry")

    (photo,) = desk.diary().photos(draft_id)
    assert (photo.id, photo.region, photo.description) == (
        added[0],
        "hand_left_front",
        "Since today",
    )
