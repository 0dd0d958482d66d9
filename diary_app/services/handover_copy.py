"""A diary under new ids: the same words, grades and times, as rows that another clinic owns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from db.types import new_id
from diary_app.exports.bundle import AlertLine, DoseLine, EntryLine, VisitBundle


@dataclass
class NewIds:
    """Old id -> new id, each made when it is first met."""

    known: dict[UUID, UUID] = field(default_factory=dict)

    def of(self, old: UUID) -> UUID:
        """Return the new id that stands for an old one, always the same."""
        return self.known.setdefault(old, new_id())

    def maybe(self, old: UUID | None) -> UUID | None:
        """Return the same for an id that may be missing."""
        return None if old is None else self.of(old)


def copied(
    bundle: VisitBundle, code: str, ids: NewIds, new_alert_code: Callable[[], str]
) -> VisitBundle:
    """Return the bundle of the same diary in another clinic.

    Args:
        bundle: Completed, with all its versions and histories.
        code: The patient's code in the other clinic.
        ids: The new ids; what is there already is used again.
        new_alert_code: Gives a free code for each alert: codes are one in the installation.
    """
    entries = tuple(_entry(line, ids) for line in bundle.entries)
    return replace(
        bundle,
        patient_code=code,
        entries=entries,
        labs=tuple(replace(lab, id=ids.maybe(lab.id)) for lab in bundle.labs),
        alerts=tuple(_alert(line, ids, new_alert_code()) for line in bundle.alerts),
        photos=tuple(
            replace(
                photo,
                id=ids.of(photo.id),
                entry_id=ids.of(photo.entry_id),
                sent_with=ids.maybe(photo.sent_with),
            )
            for photo in bundle.photos
        ),
        doses=tuple(_dose(line, ids) for line in bundle.doses),
        dose_words=tuple(_dose(line, ids) for line in bundle.dose_words),
        weeks=tuple(replace(week, id=ids.maybe(week.id)) for week in bundle.weeks),
        findings=tuple(
            replace(finding, entry_id=ids.maybe(finding.entry_id)) for finding in bundle.findings
        ),
        medicines=tuple(replace(line, id=ids.of(line.id)) for line in bundle.medicines),
        questions=tuple(replace(line, id=ids.of(line.id)) for line in bundle.questions),
        # A visit ahead was agreed with the clinic that the patient leaves.
        visits=tuple(
            replace(line, id=ids.of(line.id))
            for line in bundle.visits
            if line.starts_at <= bundle.made_at
        ),
    )


def _entry(line: EntryLine, ids: NewIds) -> EntryLine:
    earlier = tuple(_entry(one, ids) for one in line.earlier)
    return replace(line, first_id=ids.maybe(line.first_id), id=ids.of(line.id), earlier=earlier)


def _dose(line: DoseLine, ids: NewIds) -> DoseLine:
    return replace(line, id=ids.maybe(line.id), entry_id=ids.maybe(line.entry_id))


def _alert(line: AlertLine, ids: NewIds, code: str) -> AlertLine:
    return replace(
        line,
        id=ids.maybe(line.id),
        entry_id=ids.maybe(line.entry_id),
        code=code,
        events=tuple(replace(event, detail=_renamed(event.detail, ids)) for event in line.events),
    )


def _renamed(detail: Mapping[str, object], ids: NewIds) -> dict[str, Any]:
    """Return what an event tells, its ids of entries replaced by the new ones."""
    names = {str(old): str(new) for old, new in ids.known.items()}
    return {name: names.get(str(value), value) for name, value in detail.items()}
