"""Files that somebody else wrote: what the readers take, changed in ways that hypothesis picks."""

import copy
import csv
import io
import json
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from alerts.errors import AlertsError
from bench.fuzzing.told import Told
from db.access import Viewer, viewer_for
from db.engine import open_database
from db.errors import StorageError
from db.stores import people
from diary_app.commands.grading import UnreadableFileError, graded_vignettes
from diary_app.exports.bundle import VisitBundle
from diary_app.exports.fhir import fhir_json
from diary_app.exports.table import archive
from diary_app.exports.workbook import workbook
from diary_app.imports.errors import UnreadableError
from diary_app.imports.fhir import read_bundle
from diary_app.imports.tables import read_tables
from diary_app.services.importing import import_diary
from diary_app.services.kit import Kit
from diary_app.services.patient_list import PatientLists
from diary_app.services.refusals import RefusedError

LONGEST_SECONDS = 20.0
PART = 1000

NASTY_TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ("", "\0", "\ud800", "=1+1", "NaN", "Infinity", "9" * 5000, "2026-02-30", "0001-01-01",
         "9999-12-31T23:59:59+14:00", "2026-03-02T19:04:00-25:00", "urn:uuid:", "1e400", "-0",
         "a" * 20_000, "\r\n", '"', "\u202e", "Europe/../../etc/passwd", "<svg onload=x>")
    ),
)  # fmt: skip
NASTY: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from((0, -1, 2**31, 2**63, -(2**70), 10**400)),
        st.floats(),
        NASTY_TEXT,
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@dataclass(frozen=True)
class Desk:
    """Where the files arrive: a clinic without patients, and one with its patients.

    Attributes:
        kit: Over a database of its own.
        importer: An administrator of the clinic that has no patients.
        nurse: Of a clinic with patients, for lists.
    """

    kit: Kit
    importer: Viewer
    nurse: Viewer


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths to every value of a JSON document."""
    found = [path] if path else []
    if isinstance(document, dict):
        for key, value in document.items():
            found += places(value, (*path, key))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            found += places(value, (*path, index))
    return found


@st.composite
def changed_json(draw: st.DrawFn, whole: Any, paths: list[tuple[Any, ...]]) -> bytes:
    """A document with some values replaced, taken away or exchanged; now and then cut off."""
    document = copy.deepcopy(whole)
    for _ in range(draw(st.integers(1, 3))):
        *before, last = draw(st.sampled_from(paths))
        at = document
        try:
            for step in before:
                at = at[step]
            match draw(st.integers(0, 4)):
                case 0:
                    del at[last]
                case 1:
                    other = whole
                    for step in draw(st.sampled_from(paths)):
                        other = other[step]
                    at[last] = copy.deepcopy(other)
                case 2 if isinstance(at, list):
                    at.append(copy.deepcopy(at[last]))
                case _:
                    at[last] = draw(NASTY)
        except (KeyError, IndexError, TypeError):
            continue
    content = json.dumps(document).encode("ascii")
    if draw(st.integers(0, 30)) == 0:
        content = content[: draw(st.integers(0, len(content)))]
    return content


@st.composite
def changed_table(draw: st.DrawFn, whole: str) -> str:
    """A CSV table with cells, rows or columns changed, or with stray quotation marks."""
    rows = list(csv.reader(io.StringIO(whole, newline="")))
    for _ in range(draw(st.integers(1, 3))):
        row = rows[draw(st.integers(0, len(rows) - 1))] if rows else []
        match draw(st.integers(0, 6)):
            case 0 if rows:
                rows.append(list(row))
            case 1 if row:
                del row[draw(st.integers(0, len(row) - 1))]
            case 2:
                row.append(draw(NASTY_TEXT))
            case 3 if rows:
                rows.remove(row)
            case _ if row:
                row[draw(st.integers(0, len(row) - 1))] = draw(NASTY_TEXT)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    text = out.getvalue()
    if draw(st.integers(0, 10)) == 0:
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(('"', "\0", ";", "\t", "\r", '""'))) + text[at:]
    return text


@st.composite
def changed_archive(draw: st.DrawFn, whole: bytes, *, tables: bool) -> bytes:
    """A zip archive with a member changed, renamed or missing, or with bytes changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as read, zipfile.ZipFile(packed, "w") as write:
        names = [name for name in read.namelist() if name.endswith((".csv", ".xml"))]
        chosen = draw(st.sampled_from(names))
        for name in read.namelist():
            content = read.read(name)
            if name == chosen:
                if tables:
                    table = draw(changed_table(content.decode("utf-8-sig")))
                    content = table.encode("utf-8", "surrogatepass")
                else:
                    content = draw(changed_bytes(content))
            renamed = name == chosen and draw(st.integers(0, 8)) == 0
            write.writestr(f"../{name}" if renamed else name, content)
    content = packed.getvalue()
    return draw(changed_bytes(content)) if draw(st.integers(0, 15)) == 0 else content


@st.composite
def changed_bytes(draw: st.DrawFn, whole: bytes) -> bytes:
    """Bytes with some of them replaced, inserted or cut off."""
    content = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        match draw(st.integers(0, 3)):
            case 0:
                content[at : at + 1] = draw(st.binary(min_size=1, max_size=4))
            case 1:
                content[at:at] = draw(st.binary(max_size=8))
            case 2:
                del content[at : at + draw(st.integers(1, 40))]
            case 3:
                content[at:at] = draw(NASTY_TEXT).encode("utf-8", "surrogatepass")[:2000]
    return bytes(content)


def run(
    folder: Path,
    bundle: VisitBundle,
    vignettes: list[Any],
    counts: Mapping[str, int],
    number: int,
    deadline: float,
) -> Told:
    """Try every kind of file.

    Args:
        folder: For databases and files of this run.
        bundle: A diary without pictures, to export and to change.
        vignettes: Whole vignettes.
        counts: Kind -> how many cases: vignettes, list, tables, workbook, fhir.
        number: Seed.
        deadline: Of the monotonic clock, in seconds; what is left then is not tried.
    """
    told = Told()
    desks = Desks(folder)
    person = json.loads(fhir_json(bundle, pictures=False))
    listed = "code,name,born_on,phone,time_zone,language\n" + "".join(
        f"P-1{n:02},Nova {n},1960-02-{n + 1:02},+49 30 {n},Europe/Berlin,en\n" for n in range(12)
    )
    kinds: dict[str, tuple[st.SearchStrategy[bytes], Callable[[bytes], str]]] = {
        "vignettes": (
            st.sampled_from(vignettes).flatmap(lambda one: changed_json([one], places([one]))),
            lambda content: graded(folder, content),
        ),
        "list": (
            changed_table(listed).map(lambda text: text.encode("utf-8", "surrogatepass")),
            desks.listed,
        ),
        "tables": (
            changed_archive(archive(bundle), tables=True),
            lambda content: desks.taken_over(content, read_tables, "tables"),
        ),
        "workbook": (
            changed_archive(workbook(bundle), tables=False),
            lambda content: desks.taken_over(content, read_tables, "tables"),
        ),
        "fhir": (
            changed_json(person, places(person)),
            lambda content: desks.taken_over(content, read_bundle, "fhir"),
        ),
    }
    for kind, (strategy, judge) in kinds.items():
        _try(told, kind, strategy, judge, counts.get(kind, 0), number, deadline)
    desks.close()
    return told


def _try(
    told: Told,
    kind: str,
    strategy: st.SearchStrategy[bytes],
    judge: Callable[[bytes], str],
    count: int,
    number: int,
    deadline: float,
) -> None:
    # In parts: hypothesis remembers all that it drew, which would be taken for our memory.
    for part, begin in enumerate(range(0, count, PART)):
        if time.monotonic() > deadline:
            return
        _try_some(told, kind, strategy, judge, min(PART, count - begin), number + part, deadline)


def _try_some(
    told: Told,
    kind: str,
    strategy: st.SearchStrategy[bytes],
    judge: Callable[[bytes], str],
    count: int,
    number: int,
    deadline: float,
) -> None:
    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(content=strategy)
    def one(content: bytes) -> None:
        if time.monotonic() > deadline:
            return
        begun, worked = time.monotonic(), time.process_time()
        try:
            outcome = judge(content)
        except Exception as error:  # what a person would have met as a traceback
            kept = Path(tempfile.gettempdir()) / f"fuzz-{kind}-{len(told.faults)}"
            kept.write_bytes(content)
            told.fault(kind, f"{type(error).__name__}: {str(error)[:200]!r}, see {kept}")
            return
        spent = time.monotonic() - begun
        if spent > LONGEST_SECONDS:
            used = time.process_time() - worked
            told.fault(kind, f"took {spent:.0f} s ({used:.1f} of processor), {len(content)} bytes")
        else:
            told.note(kind, outcome)

    one()


def graded(folder: Path, content: bytes) -> str:
    """Grade a document as `diary grade` does."""
    file = folder / "vignettes.json"
    file.write_bytes(content)
    try:
        json.loads(graded_vignettes(str(file)))
    except (AlertsError, UnreadableFileError):
        return "refused"
    return "graded"


class Desks:
    """A desk that is as it was before each case."""

    def __init__(self, folder: Path) -> None:
        from tests.people import build_house, clinic_row, user_row  # noqa: PLC0415

        self._folder = folder / "desk"
        self._folder.mkdir()
        self._file = self._folder / "diary.db"
        house = build_house(self._folder)
        with house.database.writing() as session:
            east = clinic_row("East clinic")
            session.add(east)
            session.flush()
            erin = user_row(east, "Erin", "administrator")
            session.add(erin)
            session.flush()
            self._importer = viewer_for(
                "administrator", clinic_id=east.id, actor_id=erin.id, name="Erin"
            )
        self._nurse = house.ben
        house.database.close()
        self._whole = folder / "whole.db"
        shutil.copy(self._file, self._whole)
        self.desk = self._opened()

    def _opened(self) -> Desk:
        from tests.diary_app.care_house import kit_for  # noqa: PLC0415
        from tests.people import House  # noqa: PLC0415

        for leftover in self._folder.glob("diary.db*"):
            leftover.unlink()
        shutil.copy(self._whole, self._file)
        nobody: Any = None
        house = House(open_database(f"sqlite:///{self._file}"), *[nobody] * 8)
        return Desk(kit_for(house, self._folder), self._importer, self._nurse)

    def close(self) -> None:
        """Close the database."""
        self.desk.kit.database.close()

    def anew(self) -> None:
        """Forget what was kept."""
        self.close()
        self.desk = self._opened()

    def taken_over(self, content: bytes, read: Callable[[bytes], VisitBundle], source: str) -> str:
        """Import a diary: all of it, or nothing and one sentence."""
        kit = self.desk.kit
        try:
            bundle = read(content)
        except UnreadableError as error:
            return _sentence(str(error)) or "refused to read"
        try:
            import_diary(kit, self._importer, bundle, kit.clock(), source=source)
        except RefusedError as error:
            with kit.database.reading(self._importer.clinic_id) as session:
                left = people.how_many(session, self._importer)
            return _sentence(error.sentence) or ("LEFT SOMETHING" if left else "refused to keep")
        self.anew()
        return "kept"

    def listed(self, content: bytes) -> str:
        """Try a list of patients dry; keep it when every line is good."""
        lists = PatientLists(self.desk.kit, self._nurse)
        try:
            check = lists.check(content)
        except RefusedError as error:
            return _sentence(error.sentence) or "refused"
        with self.desk.kit.database.reading(self._nurse.clinic_id) as session:
            before = people.how_many(session, self._nurse)
        try:
            kept = lists.keep(content)
        except (RefusedError, StorageError):
            with self.desk.kit.database.reading(self._nurse.clinic_id) as session:
                if people.how_many(session, self._nurse) != before:
                    raise AssertionError("a refused list left somebody behind") from None
            if not check.count("refused"):
                raise AssertionError("the dry run said yes and the list was refused") from None
            return "refused a line"
        if kept.added:
            self.anew()
        return "kept"


def _sentence(text: str) -> str:
    """Raise when this is not one sentence for a person; return nothing."""
    if not text.strip() or "Traceback" in text or len(text) > 2000:
        raise AssertionError(f"not a sentence: {text[:100]!r}")
    return ""
