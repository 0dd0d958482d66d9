"""A diary from elsewhere into an empty clinic: all of it or nothing, and written down."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from pydantic import ValidationError

from db.access import Viewer
from db.errors import PhotoRefusedError, StorageError
from db.models import Patient
from db.photos import CleanPhoto, clean_photo_apart
from db.stores import importing, people
from diary_app.exports.bundle import PhotoLine, VisitBundle
from diary_app.services.importing_alerts import alert_rows
from diary_app.services.importing_checks import check
from diary_app.services.importing_rows import Newcomers, rows_of
from diary_app.services.kit import Kit
from diary_app.services.refusals import RefusedError
from diary_app.text import _
from diary_app.text import said as translated

logger = logging.getLogger(__name__)

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Imported:
    """What was kept.

    Attributes:
        counts: Rows by kind: entries, versions, doses, steps, labs, alerts, photos, weeks and more.
        open_alerts: Alerts that are open here now and that somebody must take.
    """

    patient_id: UUID
    counts: dict[str, int]
    open_alerts: int


def import_diary(
    kit: Kit,
    viewer: Viewer,
    bundle: VisitBundle,
    now: datetime,
    *,
    source: str,
    progress: Progress | None = None,
) -> Imported:
    """Keep the diary of a bundle as the first patient of the viewer's clinic.

    Ids, times, versions, grades and outcomes stay as they were; nobody is alerted again of what
    was closed, and what was open is open here and follows this clinic's policy from now on.

    Args:
        source: ``fhir`` or ``tables``, for the audit row.
        progress: Called with a share from 0.0 to 1.0 and words for the person waiting.

    Raises:
        AccessDeniedError: The viewer may not import.
        RefusedError: The clinic has patients, or something in the bundle cannot be kept.
    """
    viewer.require("diary.import")
    tell = progress or (lambda _share, _words: None)
    check(bundle, now)
    _require_empty(kit, viewer)
    with ExitStack() as undo, TemporaryDirectory(prefix="import-") as folder:
        photos: dict[UUID, CleanPhoto] = {}
        kept = [photo for photo in bundle.photos if photo.picture and photo.is_kept]
        for number, photo in enumerate(kept):
            tell(0.8 * number / len(kept), _("Keeping the photos"))
            photos[photo.id] = keep_photo(kit, viewer.clinic_id, photo, Path(folder), undo)
        tell(0.8, _("Keeping the diary"))
        done = _keep(kit, viewer, bundle, photos, now, source)
        undo.pop_all()
    kit.changed(viewer.clinic_id, done.patient_id)
    tell(1.0, _("The diary is kept"))
    return done


def _require_empty(kit: Kit, viewer: Viewer) -> None:
    with kit.database.reading(viewer.clinic_id) as session:
        if people.how_many(session, viewer):
            raise _not_empty()


def _not_empty() -> RefusedError:
    return RefusedError(
        _("This clinic has patients already; a diary is imported into an empty clinic only.")
    )


def keep_photo(
    kit: Kit, clinic_id: UUID, photo: PhotoLine, folder: Path, undo: ExitStack
) -> CleanPhoto:
    """Put a photo into the vault under its id; ``undo`` takes it out again.

    Raises:
        RefusedError: It is no photo, or one of this id is kept already.
    """
    received = folder / f"{photo.id}.jpg"
    received.write_bytes(photo.picture)
    try:
        clean = clean_photo_apart(received)
    except PhotoRefusedError as refused:
        raise RefusedError(
            _("A photo of this file cannot be kept: {why} Nothing was imported.").format(
                why=translated(refused.sentence).format(**refused.values)
            )
        ) from refused
    finally:
        received.unlink()
    # Never over a photo of another diary: a file that claims its id must not replace it.
    if photo.id in set(kit.vault.photo_ids()):
        raise RefusedError(_("This diary is in this installation already; nothing was imported."))
    undo.callback(kit.vault.remove, photo.id)
    kit.vault.put(photo.id, clean, clinic_id)
    return clean


def _keep(
    kit: Kit,
    viewer: Viewer,
    bundle: VisitBundle,
    photos: dict[UUID, CleanPhoto],
    now: datetime,
    source: str,
) -> Imported:
    try:
        with kit.database.writing(viewer.clinic_id) as session:
            if people.how_many(session, viewer):
                raise _not_empty()
            clinic = people.own_clinic(session, viewer)
            newcomers = Newcomers(
                clinic.id,
                people.staff(session, viewer),
                now,
                taken=people.staff_names(session, viewer),
            )
            patient = _patient(clinic.id, bundle, now)
            rows, counts = rows_of(bundle, patient, photos, newcomers)
            alerts, still_open = alert_rows(bundle, patient, clinic.policy, newcomers, now)
            counts["alerts"] = len(bundle.alerts)
            importing.keep_diary(
                session,
                viewer,
                patient,
                [*newcomers.rows, *rows, *alerts],
                now,
                {"source": source, **counts},
            )
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise RefusedError(
            _("A value of this file cannot be kept ({name}); nothing was imported.").format(
                name=where
            )
        ) from None
    except (ValueError, OverflowError):
        raise RefusedError(
            _("A value of this file cannot be kept; nothing was imported.")
        ) from None
    except StorageError as error:
        raise RefusedError(f"{error} " + _("Nothing was imported.")) from error
    return Imported(patient.id, counts, still_open)


def _patient(clinic_id: UUID, bundle: VisitBundle, now: datetime) -> Patient:
    person = bundle.person
    known = (
        {}
        if person is None
        else dict(vars(person)) | {"baseline_grades": dict(person.baseline_grades)}
    )
    return Patient.model_validate(
        {
            "clinic_id": clinic_id,
            "code": bundle.patient_code,
            "name": bundle.patient_name,
            "born_on": bundle.born_on,
            "time_zone": bundle.time_zone,
            "created_at": now,
            **known,
        }
    )
