"""Patients added from a list: first what would happen, line by line, then all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from db.access import Viewer
from db.models import Clinic, Patient
from db.stores import people
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.enrolling import NewPatient, checked
from diary_app.services.kit import Kit
from diary_app.services.patient_list_file import FileLine, ListFile, read_list
from diary_app.services.refusals import RefusedError
from diary_app.text import _


@dataclass(frozen=True)
class ListLine:
    """What would happen with one line.

    Attributes:
        number: Of the line in the file.
        outcome: ``new`` (would be added), ``there`` (is in the list already, nothing happens) or
            ``refused``.
        sentence: Why, when refused; empty otherwise.
    """

    number: int
    code: str
    name: str
    born_on: str
    outcome: str
    sentence: str = ""


@dataclass(frozen=True)
class ListCheck:
    """A dry run. ``unread`` are columns of the file that nothing is read from."""

    lines: tuple[ListLine, ...]
    unread: tuple[str, ...]

    def count(self, outcome: str) -> int:
        """Return how many lines have an outcome."""
        return sum(line.outcome == outcome for line in self.lines)


@dataclass(frozen=True)
class ListKept:
    """What was added: the new patients in the order of the list; how many were there before."""

    added: tuple[UUID, ...]
    there: int


class PatientLists:
    """Adds patients of a list to the viewer's clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def check(self, content: bytes) -> ListCheck:
        """Return what an import would do; changes nothing.

        Raises:
            RefusedError: If the file as a whole cannot be read.
        """
        self._viewer.require("patient.enroll")
        file = read_list(content)
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            lines, _rows = _plan(session, self._viewer, file, self._kit.clock())
        return ListCheck(lines, file.unread)

    def keep(self, content: bytes) -> ListKept:
        """Add every new patient of the list, or none.

        Raises:
            RefusedError: If a line cannot be kept; it names the line, and nobody was added.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("patient.enroll")
        file = read_list(content)
        with self._kit.database.writing(viewer.clinic_id) as session:
            lines, rows = _plan(session, viewer, file, now)
            bad = next((line for line in lines if line.outcome == "refused"), None)
            if bad is not None:
                raise RefusedError(
                    _("Line {n}: {sentence} Nobody was added.").format(
                        n=bad.number, sentence=bad.sentence
                    )
                )
            for row in rows:
                people.enroll(session, viewer, row, now)
        self._kit.changed(viewer.clinic_id)
        return ListKept(tuple(row.id for row in rows), len(lines) - len(rows))


def _plan(
    session: Session, viewer: Viewer, file: ListFile, now: datetime
) -> tuple[tuple[ListLine, ...], list[Patient]]:
    known = _Known(people.own_clinic(session, viewer), people.everybody(session, viewer))
    lines, rows = [], []
    for line in file.lines:
        try:
            row = known.judged(line, now)
        except UnusableAnswerError as error:
            lines.append(_told(line, "refused", str(error)))
            continue
        lines.append(_told(line, "there" if row is None else "new"))
        if row is not None:
            rows.append(row)
    return tuple(lines), rows


class _Known:
    """Who is there already: in the clinic, and in the lines before."""

    def __init__(self, clinic: Clinic, known: Sequence[Patient]) -> None:
        self._clinic = clinic
        self._by_code = {row.code.casefold(): row for row in known}
        self._by_person = {_person(row): row for row in known}
        self._lines: dict[object, int] = {}

    def judged(self, line: FileLine, now: datetime) -> Patient | None:
        """Return the new patient of a line; None when this very patient is there already.

        Raises:
            UnusableAnswerError: If the line cannot be kept.
        """
        if line.problem:
            raise UnusableAnswerError(line.problem, "line")
        row = checked(NewPatient(**line.cells), self._clinic, now)
        code, person = row.code.casefold(), _person(row)
        same_code, same_person = self._by_code.get(code), self._by_person.get(person)
        if same_code is not None and same_code is not same_person:
            raise UnusableAnswerError(
                _("Another patient of the clinic already has this code."), "code"
            )
        if same_code is not same_person:
            raise UnusableAnswerError(
                _("This name and birth date are in the list already, with another code."), "name"
            )
        before = self._lines.get(code) or self._lines.get(person)
        if before is not None:
            raise UnusableAnswerError(
                _("Line {n} has the same code or the same person.").format(n=before), "code"
            )
        self._lines[code] = self._lines[person] = line.number
        return row if same_code is None else None


def _told(line: FileLine, outcome: str, sentence: str = "") -> ListLine:
    cells = line.cells
    return ListLine(
        number=line.number,
        code=cells.get("code", ""),
        name=cells.get("name", ""),
        born_on=cells.get("born_on", ""),
        outcome=outcome,
        sentence=sentence,
    )


def _person(row: Patient) -> tuple[str, date]:
    return " ".join(row.name.casefold().split()), row.born_on
