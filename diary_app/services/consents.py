"""Consent: what a patient is asked and answered, what a clinic writes, who has not answered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session

from db.access import Viewer, viewer_for
from db.models import Clinic, Consent, ConsentWording
from db.stores import consents, people
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.kit import Kit
from diary_app.services.refusals import RefusedError
from diary_app.services.signed_state import read, signed
from diary_app.text import _, language, spoken
from diary_app.text.consent import (
    VERSION,
    ConsentText,
    clinic_text,
    consent_text,
    standard_wording,
)
from diary_app.text.languages import LANGUAGES

Answer = Literal["agreed", "asked", "refused"]
LONGEST_TEXT = 4_000
LONGEST_CHANGE = 500
_PLACES = frozenset({"clinic", "phone", "number", "hours"})
_SHOWN = b"consent shown"


@dataclass(frozen=True)
class Answered:
    """One answer of the patient. ``agreed``: a yes."""

    version: str
    agreed: bool
    at: datetime


@dataclass(frozen=True)
class OwnConsent:
    """What the patient is asked, and what they answered before, newest first.

    Attributes:
        changes: What is new, in plain words; empty when nothing is said.
        state: Proof of the text that was shown, for the answer; valid for 30 minutes.
    """

    standing: Answer
    clinic: str
    phone: str
    emergency_number: str
    text: ConsentText
    changes: str
    answers: tuple[Answered, ...]
    state: str


@dataclass(frozen=True)
class PatientLine:
    """What one patient in follow-up answered; ``version`` and ``at`` None = nothing yet.

    ``answer``: refused, missing (nothing to the present text), agreed.
    """

    code: str
    name: str
    answer: Literal["refused", "missing", "agreed"]
    version: str | None
    at: datetime | None


@dataclass(frozen=True)
class Written:
    """One version that the clinic wrote."""

    number: int
    version: str
    texts: Mapping[str, str]
    changes: Mapping[str, str]
    by: str
    at: datetime


@dataclass(frozen=True)
class Wordings:
    """All versions, newest first, and the clinic's own language."""

    written: tuple[Written, ...]
    language: str
    time_zone: str


def current_text(session: Session, clinic: Clinic) -> ConsentText:
    """Return the text that is asked now, in the language that is spoken.

    A clinic's text that lacks this language is shown in the clinic's.
    """
    newest = _newest(session, clinic)
    numbers = {
        "clinic": clinic.name,
        "phone": clinic.phone,
        "emergency_number": clinic.emergency_number,
        "hours": clinic.hours,
    }
    if newest is None:
        return consent_text(**numbers)
    tag = language() if language() in newest.texts else _spare(newest, clinic)
    return clinic_text(newest.version, tag, newest.texts[tag], **numbers)


def standing(session: Session, viewer: Viewer) -> Answer:
    """Return how the patient stands to the present text.

    Whoever never answered is asked only once their clinic wrote a text of its own.
    """
    answers = consents.own(session, viewer)[:1]
    if answers and answers[0].answer == "refused":
        return "refused"
    written = consents.wordings(session, viewer)[:1]
    version = written[0].version if written else VERSION
    if answers:
        return "agreed" if answers[0].version == version else "asked"
    return "asked" if written else "agreed"


class OwnConsents:
    """The consent of the patient who is signed in."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def page(self) -> OwnConsent:
        """Return the present text and what was answered before."""
        viewer, now = self._viewer, self._kit.clock()
        with self._kit.database.reading(viewer.clinic_id) as session:
            clinic = people.own_clinic(session, viewer)
            text = current_text(session, clinic)
            newest = next(iter(consents.wordings(session, viewer)), None)
            answers = consents.own(session, viewer)
            changes = {} if newest is None else newest.changes
            return OwnConsent(
                standing=standing(session, viewer),
                clinic=clinic.name,
                phone=clinic.phone,
                emergency_number=clinic.emergency_number,
                text=text,
                changes=changes.get(text.language, ""),
                answers=tuple(
                    Answered(row.version, row.answer == "agreed", row.agreed_at) for row in answers
                ),
                state=signed(
                    self._kit.key,
                    _SHOWN,
                    {"patient": str(viewer.actor_id), "text": text.sha256},
                    now,
                ),
            )

    def answer(self, state: str, *, agrees: bool) -> None:
        """Keep a yes or a no to the text that was shown.

        Raises:
            RefusedError: The text was shown too long ago, or the clinic changed it meanwhile.
        """
        viewer, now = self._viewer, self._kit.clock()
        shown = read(self._kit.key, _SHOWN, state, now)
        with self._kit.database.writing(viewer.clinic_id) as session:
            text = current_text(session, people.own_clinic(session, viewer))
            expected = {"patient": str(viewer.actor_id), "text": text.sha256}
            if shown != expected:
                raise RefusedError(_("Please read the text once more, then answer."))
            consents.give(
                session,
                viewer,
                Consent(
                    clinic_id=viewer.clinic_id,
                    patient_id=viewer.actor_id,
                    version=text.version,
                    text_sha256=text.sha256,
                    language=text.language,
                    answer="agreed" if agrees else "refused",
                    agreed_at=now,
                ),
                now,
            )
        self._kit.changed(viewer.clinic_id, viewer.actor_id)


class ConsentDesk:
    """The consent texts of the viewer's clinic and who answered them."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def wordings(self) -> Wordings:
        """Return every version the clinic wrote, newest first."""
        viewer = self._viewer
        viewer.require("consent.read")
        with self._kit.database.reading(viewer.clinic_id) as session:
            clinic = people.own_clinic(session, viewer)
            names = people.staff_names(session, viewer)
            return Wordings(
                tuple(
                    Written(
                        row.number,
                        row.version,
                        row.texts,
                        row.changes,
                        names.get(row.written_by, ""),
                        row.written_at,
                    )
                    for row in consents.wordings(session, viewer)
                ),
                clinic.language,
                clinic.time_zone,
            )

    def begin(self) -> dict[str, str]:
        """Return what a new version starts from, by language: the newest text, or the standard."""
        self._viewer.require("consent.write")
        found = self.wordings()
        if found.written:
            return dict(found.written[0].texts)
        begun = {}
        for tag in LANGUAGES:
            with spoken(tag):
                begun[tag] = standard_wording()
        return begun

    def write(self, after: int, texts: Mapping[str, str], changes: Mapping[str, str]) -> str:
        """Keep a new version and ask every patient; return its name.

        Args:
            after: Number of the newest version when the form was opened; 0 = none.
            texts: Language tag -> text; an empty one is not offered.
            changes: Language tag -> what is new, in plain words.

        Raises:
            UnusableAnswerError: For the first field that cannot be used.
            ConflictError: A colleague wrote one meanwhile.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("consent.write")
        kept = {tag: text.strip() for tag, text in texts.items() if text.strip()}
        with self._kit.database.writing(viewer.clinic_id) as session:
            own = people.own_clinic(session, viewer).language
            if own not in kept:
                raise UnusableAnswerError(
                    _("Write the text in {language}, the language of your clinic.").format(
                        language=LANGUAGES[own]
                    ),
                    f"text-{own}",
                )
            for tag, text in kept.items():
                _check(tag, text, changes.get(tag, "").strip())
            told = {tag: changes.get(tag, "").strip() for tag in kept}
            version = consents.write(session, viewer, after, kept, told, now)
        self._kit.publish(f"clinic:{viewer.clinic_id}")
        return version

    def said_no(self) -> int:
        """Return how many patients in follow-up said no; 0 for whoever may not know."""
        if not self._viewer.may("consent.read"):
            return 0
        return sum(line.answer == "refused" for line in self.patients())

    def patients(self) -> tuple[PatientLine, ...]:
        """Return what every patient in follow-up answered: a no first, then who has not."""
        viewer = self._viewer
        viewer.require("consent.read")
        with self._kit.database.reading(viewer.clinic_id) as session:
            answers = consents.newest_answers(session, viewer)
            written = consents.wordings(session, viewer)[:1]
            version = written[0].version if written else VERSION
            lines = [
                _line(row.code, row.name, answers.get(row.id), version)
                for row in people.patients(session, viewer)
            ]
        order = ("refused", "missing", "agreed")
        return tuple(sorted(lines, key=lambda line: (order.index(line.answer), line.code)))


def _line(code: str, name: str, newest: Consent | None, version: str) -> PatientLine:
    if newest is None:
        return PatientLine(code, name, "missing", None, None)
    agreed: Literal["missing", "agreed"] = "agreed" if newest.version == version else "missing"
    answer: Literal["refused", "missing", "agreed"] = (
        "refused" if newest.answer == "refused" else agreed
    )
    return PatientLine(code, name, answer, newest.version, newest.agreed_at)


def _check(tag: str, text: str, change: str) -> None:
    """Pass for a text that people can be asked.

    Raises:
        UnusableAnswerError: With the field and what is wrong.
    """
    name, field = LANGUAGES[tag], f"text-{tag}"
    if len(text) > LONGEST_TEXT:
        sentence = _("The text in {language} is longer than {n} characters.")
        raise UnusableAnswerError(sentence.format(language=name, n=LONGEST_TEXT), field)
    if not text.startswith("# "):
        sentence = _("The text in {language} must begin with a heading: a line that starts with #.")
        raise UnusableAnswerError(sentence.format(language=name), field)
    unknown = sorted(set(re.findall(r"\{([^{}]*)\}", text)) - _PLACES)
    if unknown:
        sentence = _("{place} in the text in {language} stands for nothing.")
        raise UnusableAnswerError(
            sentence.format(place="{" + unknown[0] + "}", language=name), field
        )
    if not 0 < len(change) <= LONGEST_CHANGE:
        sentence = _("Say in {language} in plain words what is new, in up to {n} characters.")
        raise UnusableAnswerError(
            sentence.format(language=name, n=LONGEST_CHANGE), f"changes-{tag}"
        )


def _newest(session: Session, clinic: Clinic) -> ConsentWording | None:
    # Also asked for somebody who is not signed in yet: the text itself is no secret.
    reader = viewer_for("administrator", clinic_id=clinic.id, actor_id=clinic.id, name="")
    return next(iter(consents.wordings(session, reader)), None)


def _spare(newest: ConsentWording, clinic: Clinic) -> str:
    return clinic.language if clinic.language in newest.texts else min(newest.texts)
