"""What a patient agrees to before the first entry: versioned, and hashed as it was shown."""

import hashlib
from dataclasses import dataclass

from diary_app.text import _, language

VERSION = "2026-11"


@dataclass(frozen=True)
class Section:
    """One heading and its sentences."""

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class ConsentText:
    """The whole text as one patient saw it.

    Attributes:
        version: Changes whenever the meaning changes; older consents keep theirs.
        language: Language tag of the sentences.
    """

    version: str
    language: str
    sections: tuple[Section, ...]

    @property
    def plain(self) -> str:
        """The very words, one paragraph a line; this is what is hashed."""
        lines = [f"{self.version} {self.language}"]
        for section in self.sections:
            lines.extend((section.heading, *section.sentences))
        return "\n".join(lines)

    @property
    def sha256(self) -> str:
        """64 hex digits over `plain` in UTF-8."""
        return hashlib.sha256(self.plain.encode()).hexdigest()


def clinic_text(
    version: str,
    tag: str,
    wording: str,
    *,
    clinic: str,
    phone: str,
    emergency_number: str,
    hours: str = "",
) -> ConsentText:
    """Return a clinic's own text; what it is not for comes first, whatever the clinic wrote.

    Args:
        version: Of the clinic's text.
        tag: Language of the wording.
        wording: Lines that begin with "# " are headings, others sentences; {clinic}, {phone},
            {number} and {hours} stand for the clinic's.
    """
    standard = consent_text(
        clinic=clinic, phone=phone, emergency_number=emergency_number, hours=hours
    )
    values = {"clinic": clinic, "phone": phone, "number": emergency_number, "hours": hours}
    for name, value in values.items():
        wording = wording.replace("{" + name + "}", value)
    sections: list[Section] = [standard.sections[0]]
    for line in filter(None, map(str.strip, wording.splitlines())):
        if line.startswith("# "):
            sections.append(Section(line.removeprefix("# ").strip(), ()))
        else:
            last = sections.pop()
            sections.append(Section(last.heading, (*last.sentences, line)))
    return ConsentText(version, tag, tuple(sections))


def standard_wording() -> str:
    """Return the standard text as a clinic can change it, without what always stands first."""
    text = consent_text(clinic="{clinic}", phone="{phone}", emergency_number="{number}")
    return "\n\n".join(
        "\n".join((f"# {section.heading}", *section.sentences)) for section in text.sections[1:]
    )


def consent_text(*, clinic: str, phone: str, emergency_number: str, hours: str = "") -> ConsentText:
    """Return the text with one clinic's name and numbers filled in.

    Args:
        clinic: Name of the clinic.
        phone: Its helpline.
        emergency_number: Such as 112 or 911.
        hours: When the team reads entries, such as "8:00 to 16:00"; empty when not said.
    """
    read = (
        _("Your team usually reads entries on working days, {hours}.").format(hours=hours)
        if hours
        else _("Your team usually reads entries on working days.")
    )
    return ConsentText(
        VERSION,
        language(),
        (
            Section(
                _("Not for emergencies"),
                (
                    _("This diary is not for emergencies and is not watched around the clock."),
                    read,
                    _(
                        "If you have trouble breathing, swelling of lips or tongue, confusion or "
                        "chest pain, or feel very ill: call {number} now."
                    ).format(number=emergency_number),
                    _("Your clinic's helpline is {phone}.").format(phone=phone),
                ),
            ),
            Section(
                _("What is recorded"),
                (
                    _(
                        "What you enter: your medicine, skin, itch, temperature, other symptoms "
                        "and your own words, with day and time."
                    ),
                    _("Photos, only if you add them."),
                    _(
                        "The diary also records what its rules estimate from your answers, and "
                        "who at the clinic opened them."
                    ),
                ),
            ),
            Section(
                _("Who sees it"),
                (
                    _("The care team of {clinic} sees your entries and photos.").format(
                        clinic=clinic
                    ),
                    _(
                        "When an answer needs attention, the team gets a message without your "
                        "name and without your answers."
                    ),
                ),
            ),
            Section(
                _("Photos"),
                (
                    _("Photos are kept encrypted; place and camera details are taken out first."),
                    _("Please leave out your face and private areas where you can."),
                ),
            ),
            Section(
                _("Your medicine"),
                (_("Do not stop or change your medicine unless your team tells you."),),
            ),
            Section(
                _("How to leave"),
                (
                    _(
                        "Taking part is your choice. Call {phone} to stop at any time; your "
                        "treatment does not depend on it."
                    ).format(phone=phone),
                    _("What you sent until then stays in your medical record at the clinic."),
                ),
            ),
        ),
    )
