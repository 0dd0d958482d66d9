"""The patient's photos as the screens ask for them: dated, doubted, beside the one before."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.grading.body_surface import PERCENT_BY_REGION
from db.access import Viewer
from db.models import Draft, Entry, Photo, PlanStep
from db.stores import diary as entries
from db.stores import drafts, people, treatment
from diary_app.services import photo_cover
from diary_app.services.doses import step_up_by
from diary_app.services.kit import Kit
from diary_app.services.photos import keep_as_it_is
from diary_app.services.readable import readable
from diary_app.services.telling import told
from diary_app.state.entry_draft import EntryDraft
from diary_app.state.pictures import Cover, Dated, Picture, SinceStep, Tray


class PatientPictures:
    """The photos of the patient who is signed in, on this device.

    Args:
        kit: Database, clock and bells.
        viewer: The signed-in patient.
        sign_in_id: Of the device; empty = an unknown one, which shows no photo.
    """

    def __init__(self, kit: Kit, viewer: Viewer, sign_in_id: str) -> None:
        viewer.require("photo.read", viewer.patient_id)
        self._kit = kit
        self._viewer = viewer
        self._sign_in_id = sign_in_id

    @told
    def cover(self) -> Cover:
        """Return whether photos are shown now."""
        return photo_cover.cover(self._kit, self._viewer, self._sign_in_id, self._kit.clock())

    @told
    def show(self, pin: str) -> Cover:
        """Show photos on this device for ten minutes.

        Raises:
            AnswerRefusedError: The PIN is wrong, or was tried too often.
        """
        return photo_cover.show(self._kit, self._viewer, self._sign_in_id, pin, self._kit.clock())

    @told
    def hide(self) -> Cover:
        """Cover them again."""
        return photo_cover.hide(self._kit, self._viewer, self._sign_in_id, self._kit.clock())

    @told
    def tray(self, draft_id: UUID) -> Tray:
        """Return the photos of a draft, oldest first, and the last ones of other entries."""
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            draft = drafts.draft(session, self._viewer, draft_id)
            past = _Past(session, self._viewer)
            correcting = None
            if draft.correcting_id is not None:
                correcting = entries.entry(session, self._viewer, draft.correcting_id).first_id
            rows = drafts.draft_photos(session, self._viewer, draft_id)
            on = past.day_of(draft)
            return Tray(
                pictures=tuple(past.picture(row, on, apart_from=correcting) for row in rows),
                last=past.last(apart_from=correcting),
                marked=marked_regions(draft),
                is_first=not rows and not past.rows,
            )

    @told
    def of_entry(self, entry_id: UUID) -> tuple[Picture, ...]:
        """Return the photos of a sent entry and its earlier versions, oldest first."""
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            asked = entries.entry(session, self._viewer, entry_id)
            past = _Past(session, self._viewer)
            return tuple(
                past.picture(row, past.entry(row).diary_on, apart_from=asked.first_id)
                for row in past.rows
                if past.entry(row).first_id == asked.first_id
                and past.entry(row).version <= asked.version
            )

    @told
    def keep(self, photo_id: UUID) -> None:
        """Keep a photo of an unsaved entry as it is, whatever it seems to lack."""
        keep_as_it_is(self._kit, self._viewer, photo_id)


def only_marked(kit: Kit, viewer: Viewer, draft_id: UUID) -> str | None:
    """Return the one region marked on a draft's body map; None when there are none or several."""
    with kit.database.reading(viewer.clinic_id) as session:
        marked = marked_regions(drafts.draft(session, viewer, draft_id))
    return marked[0] if len(marked) == 1 else None


def marked_regions(draft: Draft) -> tuple[str, ...]:
    """Return the regions marked on a draft's body map."""
    drawn = draft.content.get("regions")
    if not isinstance(drawn, dict):
        return ()
    return tuple(
        region for region in PERCENT_BY_REGION if drawn.get(region, "none") not in (None, "none")
    )


class _Past:
    """The photos of all sent entries in one look.

    Attributes:
        rows: Oldest first.
    """

    def __init__(self, session: Session, viewer: Viewer) -> None:
        self._session, self._viewer = session, viewer
        self.rows: Sequence[Photo] = entries.photos(session, viewer, viewer.actor_id)
        self._steps: Sequence[PlanStep] = treatment.plan(session, viewer, viewer.actor_id)
        self._entries: dict[UUID, Entry] = {}

    def entry(self, row: Photo) -> Entry:
        """Return the entry of a sent photo."""
        if row.draft_id not in self._entries:
            found = entries.entry(self._session, self._viewer, row.draft_id)
            self._entries[row.draft_id] = found
        return self._entries[row.draft_id]

    def day_of(self, draft: Draft) -> date:
        """Return the day that an unsent entry is about."""
        day = EntryDraft.from_content(draft.content).day
        zone = people.patient(self._session, self._viewer, self._viewer.actor_id).time_zone
        if day:
            return date.fromisoformat(day)
        return draft.created_at.astimezone(ZoneInfo(zone)).date()

    def picture(self, row: Photo, on: date, *, apart_from: UUID | None) -> Picture:
        """Return one photo beside the newest of its region before it.

        Args:
            row: The photo.
            on: Its day.
            apart_from: ``Entry.first_id`` whose own photos are no earlier ones; None = of none.
        """
        earlier = None
        if row.region is not None:
            place = (row.received_at, row.id)
            before = [one for one in self.rows if (one.received_at, one.id) < place]
            earlier = self._newest(before, row.region, apart_from)
        return Picture(
            self._dated(row, on), row.region, readable(row.description), row.doubt, earlier
        )

    def last(self, *, apart_from: UUID | None) -> dict[str, Dated]:
        """Return the newest photo of every region that was ever photographed."""
        regions = dict.fromkeys(row.region for row in self.rows if row.region is not None)
        found = {region: self._newest(self.rows, region, apart_from) for region in regions}
        return {region: photo for region, photo in found.items() if photo is not None}

    def _newest(self, rows: Sequence[Photo], region: str, apart_from: UUID | None) -> Dated | None:
        for row in reversed(rows):
            if row.region == region and self.entry(row).first_id != apart_from:
                return self._dated(row, self.entry(row).diary_on)
        return None

    def _dated(self, row: Photo, on: date) -> Dated:
        step = step_up_by(self._steps, on)
        return Dated(row.id, on, None if step is None else SinceStep(step.days, step.to_mg))
