import json
import tempfile
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from diary_app.exports.pdf import ReportError, visit_report
from diary_app.exports.period_facts import adherence, current_plan, worst_grades
from tests.diary_app.visit_bundles import (
    DAY_0,
    alert,
    bundle,
    daily,
    day,
    empty,
    entry,
    hwang,
    photo,
    question,
    step,
)

HOSTILE = '#panic("x") $x^2$ *a* _b_ [c] \\ \\u{41} `raw` <label> @ref // no /* no */ #import "x"'


def pages(report: bytes) -> list[str]:
    return [
        " ".join(page.extract_text().replace("\N{ZERO WIDTH SPACE}", "").split())
        for page in PdfReader(BytesIO(report)).pages
    ]


def test_page_1_tells_the_published_course():
    first = pages(visit_report(hwang()))[0]

    for words in (
        "Min-jun Example",
        "Born 2 Mar 1938",
        "Patient code P-0042",
        "12 Jan 2009 to 11 Jun 2009",
        "Synthetic Sarcoma Clinic",
        "Imatinib: stopped since 7 Jun 2009.",
        "Prednisolone: 30 mg daily since 7 Jun 2009.",
        "100 → 200 mg",
        "eyelid swelling",
        "12 Apr 2009, day 90 after start 400 mg",
        "eyelid swelling 2 on day 4",
        "Entries on 11 of 151 days",
        "sent to emergency",
        "38.6",
    ):
        assert words in first


@pytest.mark.parametrize("made", [empty(), hwang(), daily(90)])
def test_identifiers_page_numbers_and_the_caution_stand_on_every_page(made):
    texts = pages(visit_report(made))

    for number, text in enumerate(texts, start=1):
        assert f"{made.patient_code}, Min-jun Example" in text
        assert f"Page {number} of {len(texts)}" in text
        assert "Estimated grades (CTCAE 5.0, rules 2026.1). Not a diagnosis." in text


def test_a_full_first_page_stays_one_page():
    steps = tuple(step(day(n * 12), 100 * (n + 1), prednisolone=30 - 5 * n) for n in range(6))
    symptoms = ("rash", "pruritus", "fever", "diarrhea", "nausea", "fatigue", "mucositis")
    made = replace(
        hwang(),
        plan=(step(day(-40), 0), *steps),
        entries=(entry(70, day(70), grades=dict.fromkeys(symptoms, 3), day_since_step=10),),
        alerts=tuple(alert(f"C{n}", "urgent", day(n), outcome="advice") for n in range(9)),
        questions=tuple(question(n, "May I take my tablet with milk? " * 8) for n in range(5)),
    )

    texts = pages(visit_report(made))

    assert "4 more in the table of alerts" in texts[0]
    assert "3 more in the table of questions" in texts[0]
    assert "not asked or not answered" in texts[1]
    assert "Entries on" not in texts[1]


def test_every_entry_stands_in_the_table_with_its_reasons_and_words():
    texts = " ".join(pages(visit_report(hwang()))[1:])

    for words in (
        "12 Apr 2009 19:30",
        "31 % of the skin",
        "dry scales",
        "disturbed sight",
        "Temperature 38.6 degrees C, 38.3 or higher.",
        "Patient: Cannot open my eyes since this morning.",
        "100 / 100 mg",
        "Neutrophils (ANC)",
        "below the limit",
        "M2X-9R",
        "face front: Face and neck",
    ):
        assert words in texts


def test_text_of_people_is_never_read_as_markup():
    made = replace(
        hwang(),
        patient_name=f"Name {HOSTILE}",
        entries=(entry(5, day(5), words=HOSTILE, red_flags=[HOSTILE]),),
        photos=(photo(5, day(5), HOSTILE, HOSTILE),),
    )

    text = " ".join(pages(visit_report(made)))

    for words in ('#panic("x")', "$x^2$", "*a* _b_ [c]", "`raw`", "<label>", "@ref", "/* no */"):
        assert text.count(words) >= 3


def test_korean_words_do_not_stop_the_report():
    made = replace(hwang(), entries=(entry(5, day(5), words="가려움이 심해요 #[ $"),))

    texts = pages(visit_report(made))

    assert texts[0].startswith("Symptom diary: visit report")
    warned = "Some characters could not be printed" in texts[0]
    assert warned or "가려움이 심해요" in texts[1]


def test_control_characters_and_endless_words_do_not_stop_the_report():
    made = bundle(DAY_0, day(6), entries=(entry(1, day(1), words="\x00\x0b\ud800a" + "w" * 5000),))

    assert "".join(pages(visit_report(made))).count("w") >= 5000


def test_the_report_is_tagged_and_marked_as_accessible_and_archivable():
    reader = PdfReader(BytesIO(visit_report(hwang())))

    catalog = reader.trailer["/Root"]
    metadata = catalog["/Metadata"].get_object().get_data().decode()

    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert catalog["/Lang"] == "en"
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert reader.metadata.title == "Symptom diary: visit report"


def test_the_period_lies_in_the_report_as_fhir_without_pictures():
    reader = PdfReader(BytesIO(visit_report(hwang())))

    (attached,) = reader.attachments["diary.fhir.json"]
    document = json.loads(attached)
    found = [one["resource"] for one in document["entry"]]
    (file,) = reader.trailer["/Root"]["/AF"]

    assert document["resourceType"] == "Bundle"
    assert {"8310-5"} & {
        code["code"]
        for one in found
        if one["resourceType"] == "Observation"
        for code in one["code"]["coding"]
    }
    photos = [one["content"] for one in found if one["resourceType"] == "Media"]
    assert len(photos) == 2
    assert not [one for one in photos if "data" in one]
    assert file.get_object()["/AFRelationship"] == "/Data"


def test_the_same_bundle_gives_the_same_report():
    made = hwang()

    assert pages(visit_report(made)) == pages(visit_report(made))


def test_nothing_is_left_on_disk_and_no_file_name_tells_of_the_patient(tmp_path, monkeypatch):
    seen: list[str] = []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    visit_report(
        hwang(),
        lambda _share, _words: seen.extend(str(path) for path in tmp_path.rglob("*")),
    )

    assert list(tmp_path.iterdir()) == []
    assert [name for name in seen if name.endswith("photo-0.jpg")]
    assert not [name for name in seen if "Example" in name or "P-0042" in name]


def test_progress_only_rises_and_ends_at_1():
    told: list[float] = []

    visit_report(empty(), lambda share, _words: told.append(share))

    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_photo_that_is_no_picture_is_named_and_does_not_stop_the_report():
    broken = replace(photo(1, day(1), "chest", "Chest"), thumbnail=b"no picture")
    made = replace(hwang(), photos=(broken,))

    assert "This photo could not be read." in pages(visit_report(made))[-1]


def test_a_failure_of_the_typesetter_names_no_patient(monkeypatch):
    monkeypatch.setattr("diary_app.exports.pdf._printable", lambda value: {"page": value["page"]})

    with pytest.raises(ReportError) as failure:
        visit_report(hwang())

    assert "Example" not in str(failure.value)
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__


def test_an_empty_period_claims_nothing():
    text = " ".join(pages(visit_report(empty())))

    assert "What was not asked is not known." in text
    assert "No plan is recorded for this period." in text
    assert "No entry in this period." in text
    assert "Entries on 0 of 7 days" in text


def test_adherence_keeps_missed_unreported_and_dose_free_days_apart():
    made = bundle(
        DAY_0,
        day(5),
        plan=(step(DAY_0, 100, every=2), step(day(4), 200)),
        entries=(
            entry(0, day(0), imatinib_mg_taken=100.0),
            entry(1, day(1), imatinib_mg_taken=0.0),
            entry(2, day(2), imatinib_mg_taken=0.0),
            entry(4, day(4), imatinib_mg_taken=100.0),
        ),
    )

    facts = adherence(made)

    # Planned on days 0 and 2 (every 2nd day), 4 and 5 (daily).
    assert (facts.planned, facts.taken, facts.missed, facts.unreported) == (4, 2, 1, 1)
    assert facts.other_amount == 1
    assert (facts.days, facts.days_with_entry, facts.longest_gap) == (6, 4, 1)


def test_the_current_plan_names_the_steroid_since_its_last_change():
    made = bundle(
        DAY_0,
        day(30),
        plan=(
            step(day(-20), 100, prednisolone=5),
            step(day(10), 200, prednisolone=5),
            step(day(60), 300, prednisolone=0),
        ),
    )

    assert current_plan(made) == [
        "Imatinib: 200 mg daily since 22 Jan 2009.",
        "Prednisolone: 5 mg daily since 23 Dec 2008.",
        "Last step up: 100 → 200 mg on 22 Jan 2009.",
        "Planned next: 300 mg daily from 13 Mar 2009.",
    ]


def test_the_worst_grades_of_the_published_course_are_those_of_the_crisis():
    found = [(item.grade, item.symptom) for item in worst_grades(hwang())]

    assert found[:2] == [(3, "rash_maculopapular"), (3, "periorbital_edema")]
    assert "rash" not in [symptom for _grade, symptom in found]
