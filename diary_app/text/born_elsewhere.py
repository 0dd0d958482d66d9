"""Sentences for patients that are written below the screens: by the rules, the mails, the photos.

They are stored or sent in English there and translated where they are shown.
"""

from collections.abc import Iterator

from alerts.calendar import DISCREET, PLAIN
from alerts.delivery.message import REMINDER_SENTENCES
from alerts.grading.body_surface import REGIONS
from alerts.grading.catalogue import CATALOGUE
from db.photos import sentences as of_photos
from diary_app.text.phrases import known_phrases


def born_elsewhere() -> Iterator[tuple[str, str]]:
    """Yield every such sentence with the source it comes from."""
    for wording in CATALOGUE.values():
        yield wording.patient_sentence, "alerts/grading/catalogue.py"
        yield wording.advice, "alerts/grading/reasons.py"
    for words in (*known_phrases(), " and {words}", "Call at once if {conditions}."):
        yield words, "diary_app/text/phrases.py"
    for region in REGIONS:
        yield region.label, "alerts/grading/body_surface.py"
    for sentence in REMINDER_SENTENCES:
        yield sentence, "alerts/delivery/message.py"
    for sentence in sorted(of_photos.SENTENCES):
        yield sentence, "db/photos/sentences.py"
    for calendar in (DISCREET, PLAIN):
        for words in (
            calendar.name,
            calendar.entry,
            calendar.dose,
            calendar.imatinib,
            calendar.prednisolone,
            calendar.stopped,
        ):
            if words:
                yield words, "alerts/calendar.py"
