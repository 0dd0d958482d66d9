"""A report on the light page: plain HTML, the same rows and the same advice as in the app."""

import io
import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from PIL import Image
from sqlmodel import col

from db.models import Assessment, Draft, Entry, Photo
from diary_app.services.diary import PatientDiary
from tests.diary_app.doors.house import ORIGIN, served

FROM_HERE = {"Origin": ORIGIN}
FEVER = {
    "signs": ["mouth_sores", "rigors"],
    "temperature": "38,6",
    "unit": "C",
    "site": "oral",
    "medicine": "no",
    "itch": "5",
    "sleep": "some",
    "rash": "yes",
    "size": "3",
    "looks": ["macules_papules"],
    "adl": "none",
    "words": "Since <b>noon</b>",
}
NONE = {"no_signs": "yes"}


def jpeg(shade=120):
    """A small synthetic picture."""
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (200, shade, 90)).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def ana(doors):
    """Ana's browser."""
    doors.heartbeat(doors.clock())
    return doors.signed_in(doors.house.ana)


def report_of(page):
    return re.search(r'name="report" value="([0-9a-f-]{36})"', page.text)[1]


def photos(*contents):
    return [("photos", (f"{n}.jpg", each, "image/jpeg")) for n, each in enumerate(contents)]


def send(browser, report, files=(), **typed):
    """Send the form as a browser does: multipart, with an empty file where none was chosen."""
    return browser.ask(
        "POST",
        "/now",
        data={"report": report, "unit": "C"} | typed,
        files=files or [("photos", ("", b"", "application/octet-stream"))],
        headers=FROM_HERE,
    )


def opened_and_sent(browser, files=(), **typed):
    return send(browser, report_of(browser.get("/now")), files, **typed)


def said(row):
    """What an entry says, without ids and instants."""
    return {
        name: value
        for name, value in row.model_dump().items()
        if name not in {"id", "first_id", "written_at", "received_at", "local_time"}
    }


def test_the_same_answers_give_the_same_rows_and_level_as_in_the_app(doors, ana):
    first = opened_and_sent(ana, **FEVER)
    diary = PatientDiary(doors.kit, doors.house.otto)
    draft = diary.begin("full")
    in_app = {
        "red_flags": ["mouth_sores", "rigors"],
        "chills": "rigors",
        "temperature_text": "38,6",
        "temperature_unit": "C",
        "temperature_value": 38.6,
        "temperature_site": "oral",
        "antipyretic_within_6h": False,
        "itch_nrs": 5,
        "sleep_loss": "some",
        "rash_present": True,
        "handprints": 3.0,
        "morphology": ["macules_papules"],
        "adl": "none",
        "words": "Since <b>noon</b>",
    }
    kept = diary.save_answers(draft.id, draft.revision, in_app)
    diary.send(draft.id, kept.revision)

    assert first.status_code == 303
    by_hand, by_app = (
        doors.rows(Entry, col(Entry.patient_id) == who.actor_id)[0]
        for who in (doors.house.ana, doors.house.otto)
    )
    differing = {"clinic_id", "patient_id", "imatinib_mg_prescribed"}
    assert {k: v for k, v in said(by_hand).items() if k not in differing} == {
        k: v for k, v in said(by_app).items() if k not in differing
    }
    assessed = {row.entry_id: row for row in doors.rows(Assessment)}
    mine, theirs = assessed[by_hand.id], assessed[by_app.id]
    assert (mine.level, mine.grades) == (theirs.level, theirs.grades)
    # Shaking chills, and sores in the mouth with a rash: urgent by R1.
    assert mine.level == "urgent"
    assert "worker" in doors.published


def test_the_next_page_says_what_to_do_and_what_was_received(doors, ana):
    answer = opened_and_sent(ana, **FEVER)
    page = ana.get(answer.headers["location"]).text

    assert "Call the clinic now, day or night" in page
    assert 'href="tel:+49305550100"' in page
    assert 'href="tel:112"' in page
    assert "Saved 20:04 · received by the clinic" in page
    assert "Why am I told this?" in page
    assert "38,6 °C" in page
    assert "Since &lt;b&gt;noon&lt;/b&gt;" in page
    assert doors.rows(Entry)[0].kind == "full"


def test_an_emergency_sign_calls_for_the_emergency_number(ana):
    answer = opened_and_sent(ana, signs=["breathing_difficulty"])

    assert "Call 112 now" in ana.get(answer.headers["location"]).text


def test_what_is_left_out_stays_unknown(doors, ana):
    opened_and_sent(ana, itch="2")

    row = doors.rows(Entry)[0]
    known = {"itch_nrs": 2, "words": "", "imatinib_mg_prescribed": 400.0}
    answered = {
        name: value
        for name, value in said(row).items()
        if value is not None
        and name not in {"clinic_id", "patient_id", "version", "kind", "author", "diary_on"}
        and name != "time_zone"
    }
    assert answered == known


def test_none_of_these_is_an_answer(doors, ana):
    opened_and_sent(ana, **NONE)

    row = doors.rows(Entry)[0]
    assert (row.red_flags, row.chills) == ([], "none")


def test_a_ticked_sign_counts_more_than_none_of_these(doors, ana):
    opened_and_sent(ana, signs=["blisters"], **NONE)

    assert doors.rows(Entry)[0].red_flags == ["blisters"]
    assert doors.rows(Assessment)[0].level == "urgent"


def test_a_temperature_alone_is_a_reading_and_may_be_asked_for_again(doors, ana):
    answer = opened_and_sent(ana, temperature="37.6", site="oral", medicine="unknown")

    row = doors.rows(Entry)[0]
    assert (row.kind, row.temperature_value, row.antipyretic_within_6h) == ("reading", 37.6, None)
    # R4: 37.5 to 37.9 is measured again after four hours.
    assert "Take your temperature again at 00:04" in ana.get(answer.headers["location"]).text


def test_pressing_send_twice_is_one_entry(doors, ana):
    report = report_of(ana.get("/now"))

    answers = [send(ana, report, photos(jpeg()), **FEVER) for _ in range(2)]

    assert [answer.headers.get("location") for answer in answers] == [f"/now/sent/{report}"] * 2
    assert len(doors.rows(Entry)) == len(doors.rows(Photo)) == 1
    assert str(doors.rows(Entry)[0].id) == report


def test_pressing_send_many_times_at_once_is_one_entry(doors, ana):
    report = report_of(ana.get("/now"))
    cookie = ana.cookies["diary"]
    with served(doors) as address:

        def press(_):
            return httpx.post(
                f"{address}/now",
                data={"report": report, "unit": "C"} | FEVER,
                files=photos(jpeg()),
                headers={"Origin": address, "Cookie": f"diary={cookie}"},
                timeout=30,
            )

        with ThreadPoolExecutor(3) as fingers:
            answers = list(fingers.map(press, range(3)))

    assert [answer.headers.get("location") for answer in answers] == [f"/now/sent/{report}"] * 3
    assert len(doors.rows(Entry)) == len(doors.rows(Photo)) == 1


def test_a_change_after_sending_is_never_taken_for_sent(doors, ana):
    report = report_of(ana.get("/now"))
    send(ana, report, itch="2")

    changed = send(ana, report, itch="9")
    again = send(ana, report_of(changed), itch="9")

    assert changed.status_code == 400
    assert "Not sent yet" in changed.text
    assert "Your report of 20:04 was sent." in changed.text
    assert again.status_code == 303
    assert sorted(row.itch_nrs for row in doors.rows(Entry)) == [2, 9]


def test_a_bad_temperature_keeps_the_rest_and_the_photos(doors, ana):
    refused = opened_and_sent(
        ana, photos(jpeg()), **(FEVER | {"temperature": "101", "signs": ["confusion"]})
    )

    assert refused.status_code == 400
    assert doors.rows(Entry) == []
    assert "Not sent yet" in refused.text
    assert "101 °C is not possible. Did you mean 101 °F?" in refused.text
    assert "You ticked a sign that cannot wait. Call now" in refused.text
    assert "Photos that arrived: 1." in refused.text
    assert 'value="confusion" checked' in refused.text
    assert "Since &lt;b&gt;noon&lt;/b&gt;</textarea>" in refused.text
    for chosen in ('value="oral" selected', 'value="5" selected', 'value="yes" checked'):
        assert chosen in refused.text
    # The browser was closed meanwhile: the report is opened again as it was.
    opened = ana.get("/now")
    assert report_of(opened) == report_of(refused)
    assert "You began this report at 20:04. It was not sent." in opened.text

    fixed = send(
        ana,
        report_of(opened),
        **(FEVER | {"temperature": "101", "fix": "other_unit", "fix_for": "101 C"}),
    )

    row = doors.rows(Entry)[0]
    assert fixed.status_code == 303
    assert (row.temperature_value, row.temperature_unit) == (101, "F")
    assert [photo.draft_id for photo in doors.rows(Photo)] == [row.id]
    assert report_of(ana.get("/now")) != str(row.id)


def test_a_number_that_cannot_be_is_kept_as_typed_and_judged(doors, ana):
    opened_and_sent(ana, temperature="101", fix="as_typed", fix_for="101 C")

    # R4: 101 as typed with the wrong unit may be 38.3 degrees Celsius.
    codes = {reason["code"] for reason in doors.rows(Assessment)[0].reasons}
    assert "R4_FAILSAFE_FEVER_IF_OTHER_UNIT" in codes


def test_a_correction_never_corrects_another_number(doors, ana):
    answer = opened_and_sent(ana, temperature="385", fix="as_typed", fix_for="101 C")

    assert "Did you mean 38.5 °C?" in answer.text
    assert doors.rows(Entry) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Please answer at least one question or add a photo."),
        ({"medicine": "yes"}, "Please answer at least one question or add a photo."),
        ({"temperature": "warm"}, "Please type a number only"),
        ({"site": "oral"}, "Please type the number too"),
        ({"rash": "no", "size": "3"}, "You described a rash below."),
        ({"looks": ["hives"]}, "You described a rash below."),
        ({"itch": "2", "sleep": "major"}, "The itch cost you sleep."),
        ({"adl": "self_care"}, "Please also say above how bad the itch is"),
        ({"words": "x" * 2001}, "at most 2000 characters"),
        ({"itch": "11"}, "Please choose one of the answers shown here."),
        ({"signs": ["moon"]}, "Please choose one of the answers shown here."),
    ],
)
def test_what_does_not_fit_gets_one_sentence_and_is_not_sent(doors, ana, typed, sentence):
    answer = opened_and_sent(ana, **typed)

    assert answer.status_code == 400
    assert sentence in answer.text
    assert "Not sent yet" in answer.text
    assert doors.rows(Entry) == []


def test_a_broken_photo_never_holds_a_report_up(doors, ana):
    answer = opened_and_sent(ana, photos(b"notes, not a photo", jpeg()), **FEVER)
    page = ana.get(answer.headers["location"]).text

    assert len(doors.rows(Entry)) == len(doors.rows(Photo)) == 1
    assert "Photos that were not received: 1" in page
    assert "not a photo the diary can read" in page


def test_a_broken_photo_alone_is_told_beside_the_field(doors, ana):
    answer = opened_and_sent(ana, photos(b"notes, not a photo"))

    assert answer.status_code == 400
    assert "Photos that were not added" in answer.text
    assert doors.rows(Entry) == []


def test_too_many_photos_cost_nothing_that_was_typed(doors, ana):
    answer = opened_and_sent(ana, photos(*[jpeg()] * 13), **FEVER)

    assert answer.status_code == 400
    assert "please choose at most 12" in answer.text
    assert "Since &lt;b&gt;noon&lt;/b&gt;</textarea>" in answer.text
    assert doors.rows(Entry) == []


def test_a_photo_that_arrived_can_be_left_out(doors, ana):
    refused = opened_and_sent(ana, photos(jpeg(), jpeg(90)), temperature="warm")
    first = re.search(r'name="leave_out" value="([0-9a-f-]{36})"', refused.text)[1]

    send(ana, report_of(refused), leave_out=first, itch="1")

    [kept] = doors.rows(Photo, col(Photo.removed_at).is_(None))
    assert str(kept.id) != first


def test_the_entry_begun_in_the_app_is_kept_beside_it(doors, ana):
    diary = PatientDiary(doors.kit, doors.house.ana)
    begun = diary.begin("full")
    kept = diary.save_answers(begun.id, begun.revision, {"itch_nrs": 7})

    opened = ana.get("/now")
    refused = send(ana, report_of(opened), photos(jpeg()), temperature="warm")
    still = diary.open_draft()
    sent = ana.get(send(ana, report_of(refused), **FEVER).headers["location"])
    diary.send(begun.id, kept.revision)

    assert "The entry you began in the app is kept as it is." in opened.text
    assert still.id == begun.id
    assert "Nothing of it was sent" in sent.text
    assert sorted(row.itch_nrs for row in doors.rows(Entry)) == [5, 7]
    # The other way round: an entry begun in the app leaves a report that waits alone.
    waiting = opened_and_sent(ana, temperature="warm", itch="4")
    PatientDiary(doors.kit, doors.house.ana).begin("reading")
    assert report_of(ana.get("/now")) == report_of(waiting)


def test_who_is_not_signed_in_is_told_whom_to_call_and_that_nothing_was_sent(doors):
    stranger = doors.browser()

    opened = stranger.get("/now")
    tried = send(stranger, "0" * 8, temperature="39.1", words="I shiver", rash="yes")

    # Two clinics share the emergency number; whose patient it is, nobody knows.
    assert opened.status_code == 200
    assert 'href="tel:112"' in opened.text
    assert "blisters, skin coming off" in opened.text
    assert 'href="/welcome"' in opened.text
    assert "<form" not in opened.text
    assert tried.status_code == 401
    assert "Your report was not sent" in tried.text
    for words in ("39.1 °C", "I shiver"):
        assert words in tried.text
    assert "Saved" not in tried.text
    assert doors.rows(Draft) == doors.rows(Entry) == []


def locked(doors, ana):
    ana.post("/pin/choose", pin="2580", again="2580")
    doors.clock.pass_(minutes=16)


def test_a_locked_device_shows_the_numbers_and_the_pin_leads_back(doors, ana):
    locked(doors, ana)

    opened = ana.get("/now").text
    wrong = ana.post("/pin", pin="9999", next="/now")
    unlocked = ana.post("/pin", pin="2580", next="/now")

    assert 'href="tel:112"' in opened
    assert 'href="tel:+49305550100"' in opened
    assert 'name="next" value="/now"' in opened
    assert 'name="next" value="/now"' in wrong.text
    assert unlocked.headers["location"] == "/now"
    assert 'name="temperature"' in ana.get("/now").text


def test_the_pin_page_never_leads_to_another_site(doors, ana):
    locked(doors, ana)

    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example"):
        assert 'name="next" value="/"' in ana.get("/pin", params={"next": elsewhere}).text


def test_a_device_that_locked_meanwhile_loses_nothing(doors, ana):
    report = report_of(ana.get("/now"))
    locked(doors, ana)

    surprised = send(ana, report, **FEVER)
    refused = send(ana, report_of(surprised), pin="9999", **FEVER)
    sent = send(ana, report_of(refused), pin="2580", **FEVER)

    assert "Your diary was locked meanwhile." in surprised.text
    assert "You have 4 tries left" in refused.text
    assert report_of(surprised) == report_of(refused) == report
    assert refused.status_code == 401
    assert "Not sent yet" in refused.text
    assert "Since &lt;b&gt;noon&lt;/b&gt;</textarea>" in refused.text
    assert sent.status_code == 303
    assert len(doors.rows(Entry)) == 1


def test_reports_are_the_own_ones(doors, ana):
    otto, ben = doors.signed_in(doors.house.otto), doors.signed_in(doors.house.ben)
    sent = opened_and_sent(ana, **FEVER).headers["location"]
    in_app = PatientDiary(doors.kit, doors.house.ana).begin("full").id

    assert otto.get(sent).status_code == 404
    assert send(otto, sent.rsplit("/", 1)[1], **NONE).status_code == 404
    assert send(ana, str(in_app), **NONE).status_code == 404
    assert ben.get("/now").status_code == ben.get(sent).status_code == 403
    assert doors.browser().get(sent).headers["location"] == "/now"
    assert len(doors.rows(Entry)) == 1


def test_a_form_from_elsewhere_is_refused(doors, ana):
    report = report_of(ana.get("/now"))

    answer = ana.ask("POST", "/now", data={"report": report, "itch": "3"}, files=photos(jpeg()))

    assert answer.status_code == 403
    assert doors.rows(Draft) == []


def test_when_the_diary_cannot_take_it_it_says_so(doors, ana, monkeypatch, caplog):
    report = report_of(ana.get("/now"))

    def breaks(*_, **__):
        raise RuntimeError("database is locked: I shiver")

    monkeypatch.setattr("diary_app.services.light_report.become_entry", breaks)
    answer = send(ana, report, temperature="39.1", words="I shiver")

    assert answer.status_code == 503
    assert "Your report was not sent" in answer.text
    assert "I shiver" in answer.text
    assert "shiver" not in caplog.text


def test_the_page_with_all_that_it_loads_is_light_and_has_no_script(doors, ana):
    fullest = opened_and_sent(ana, photos(jpeg(), jpeg(90)), **(FEVER | {"temperature": "101"}))

    for page in (ana.get("/now"), fullest, doors.browser().get("/now")):
        loaded = set(re.findall(r'(?:src|href)="(/[^"]+\.\w+|/photos[^"]*thumb)"', page.text))
        assert loaded == {"/static/pages.css"}
        weight = len(page.content) + len(ana.get("/static/pages.css").content)
        assert weight <= 170 * 1024
        assert "<script" not in page.text


def test_the_light_page_is_found_from_the_doors(doors, ana):
    welcome = doors.browser().get("/welcome").text
    locked(doors, ana)

    assert 'href="/now"' in welcome
    assert 'href="/now"' in ana.get("/pin").text
