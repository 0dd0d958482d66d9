"""Patients from a list: the dry run line by line, and all of it or nothing."""

from pathlib import Path

import pytest

from db.errors import AccessDeniedError
from db.stores import audit, people
from diary_app.services.patient_list import PatientLists
from diary_app.services.refusals import RefusedError
from tests.diary_app.care_house import kit_for
from tests.people import House

GOOD = (
    "code,name,born_on,phone,language\n"
    'P-002,"Nova, Eva",1960-02-29,+49 30 1,ko\n'
    "P-003,Jon Ruiz,1948-11-05,,\n"
)


def lists(house: House, folder: Path) -> PatientLists:
    return PatientLists(kit_for(house, folder), house.ben)


def codes(house: House) -> list[str]:
    with house.database.reading() as session:
        return [row.code for row in people.patients(session, house.ben)]


def test_a_dry_run_tells_every_line_and_changes_nothing(house: House, tmp_path: Path) -> None:
    text = GOOD + (
        "P-001,Ana Quiet,1955-06-01,,\n"
        "p-001,Ben Loud,1950-01-01,,\n"
        "P-009,Ana  quiet,1955-06-01,,\n"
        "P-004,,1960-01-01,,\n"
        "P-005,Ida Lund,31.03.1958,,\n"
        "P-003,Other Ruiz,1948-11-06,,\n"
        "P-006,Kim Vu\n"
        "P-007,Kai Ito,1970-01-01,,fr\n"
    )

    check = lists(house, tmp_path).check(text.encode())

    assert [(line.number, line.outcome, line.sentence) for line in check.lines] == [
        (2, "new", ""),
        (3, "new", ""),
        (4, "there", ""),
        (5, "refused", "Another patient of the clinic already has this code."),
        (6, "refused", "This name and birth date are in the list already, with another code."),
        (7, "refused", "Give the patient's name."),
        (8, "refused", "Type the birth date as YYYY-MM-DD, such as 1958-03-31."),
        (9, "refused", "Line 3 has the same code or the same person."),
        (10, "refused", "This line has 2 columns, but the first line has 5."),
        (11, "refused", "Give the language as one of en, ko, es."),
    ]
    assert codes(house) == ["P-001"]


def test_one_bad_line_and_nobody_is_added(house: House, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"^Line 4: Give the patient's name\. Nobody was added"):
        lists(house, tmp_path).keep((GOOD + "P-004,,1960-01-01,,\n").encode())
    assert codes(house) == ["P-001"]


def test_a_good_list_is_kept_whole_and_audited_and_twice_is_once(
    house: House, tmp_path: Path
) -> None:
    service = lists(house, tmp_path)

    kept = service.keep(GOOD.encode())
    again = service.keep(GOOD.encode())

    assert codes(house) == ["P-001", "P-002", "P-003"]
    assert (len(kept.added), kept.there, again.added, again.there) == (2, 0, (), 2)
    with house.database.reading() as session:
        eva = people.by_code(session, house.ben, "P-002")
        acts = audit.events(session, house.admin)
    assert (eva.name, eva.language, eva.phone, eva.time_zone) == (
        "Nova, Eva",
        "ko",
        "+49 30 1",
        "Europe/Berlin",
    )
    assert {act.patient_id for act in acts if act.verb == "patient.enroll"} == set(kept.added)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffName;Code;Date of birth;Ward\nEva Nova;P-002;1960-02-29;7\n",
        "birth date\tpatient\tcode\n\n1960-02-29\tEva Nova\tP-002\n",
    ],
    ids=["semicolons of Excel", "copied from a sheet"],
)
def test_reads_what_spreadsheets_write(house: House, tmp_path: Path, text: str) -> None:
    check = lists(house, tmp_path).check(text.encode())
    assert [(line.code, line.name, line.outcome) for line in check.lines] == [
        ("P-002", "Eva Nova", "new")
    ]
    assert check.unread == (("Ward",) if "Ward" in text else ())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The list is empty"),
        (b"code,name,born_on\n", "no patient below it"),
        (b"code,name\nP-2,Eva\n", "born_on is missing"),
        (b"code,name,born_on,dob\nP-2,Eva,1960-01-01,\n", "Two columns are named born_on"),
        ("code,name,born_on\nP-2,Zoë,1960-01-01".encode("latin-1"), "CSV UTF-8"),
        ("code,name,born_on\nP-2,Eva,1960-01-01".encode("utf-16"), "CSV UTF-8"),
        (b'code,name,born_on\nP-2,"Eva,1960-01-01\n', "Line 2 cannot be read"),
        (b"code,name,born_on\n" + b"P,E,1960-01-01\n" * 501, "501 lines"),
        (b"x" * 600_000, "too large"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_sentence(
    house: House, tmp_path: Path, content: bytes, sentence: str
) -> None:
    with pytest.raises(RefusedError, match=sentence):
        lists(house, tmp_path).check(content)


def test_whoever_may_not_enroll_may_not_try_a_list(house: House, tmp_path: Path) -> None:
    with pytest.raises(AccessDeniedError):
        PatientLists(kit_for(house, tmp_path), house.ana).check(GOOD.encode())
