"""In which language a person reads the diary: kept with the person, changed at once."""

from uuid import UUID

from db.access import Viewer
from db.stores import people
from diary_app.services.kit import Kit
from diary_app.text import voices
from diary_app.text.languages import known


def language_topic(person_id: UUID) -> str:
    """Return the name of the bell that rings when a person's language changed."""
    return f"language:{person_id}"


def choose_language(kit: Kit, viewer: Viewer, tag: str) -> None:
    """Keep the viewer's language and let their open screens speak it; unknown tags do nothing."""
    language = known(tag)
    if language is None:
        return
    with kit.database.writing(viewer.clinic_id) as session:
        people.set_language(session, viewer, language, kit.clock())
    voices.change(str(viewer.actor_id), language)
    kit.publish(language_topic(viewer.actor_id))


class OwnLanguage:
    """The language of the person who is signed in.

    Args:
        kit: Database, clock and bells.
        viewer: The person.
    """

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @property
    def topic(self) -> str:
        """Name of the bell that rings when it changed."""
        return language_topic(self._viewer.actor_id)

    def choose(self, tag: str) -> None:
        """Keep another language, such as ``"ko"``."""
        choose_language(self._kit, self._viewer, tag)
