"""Bring the catalogues up to date: ``python -m diary_app.text.extract``.

Sentences that are new get an empty translation, those that are gone are dropped, and what is
translated stays. Run it after sentences were changed and commit the files.
"""

from datetime import UTC, datetime

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from diary_app.text.catalogues import DOMAINS, po_file, read_catalog
from diary_app.text.domains import PATIENT
from diary_app.text.languages import ENGLISH, LANGUAGES
from diary_app.text.sources import Found, all_found

# A date that never changes: the history of the files is the repository's.
_STILL = datetime(2026, 11, 25, tzinfo=UTC)
_HEADER = """\
# The symptom diary in {name}, for {domain}s.
# Not yet checked by a native clinician.
#"""


def domains_of(found: list[Found]) -> dict[str | tuple[str, str], str]:
    """Return the domain of every message; one that a patient may read is for patients."""
    domains: dict[str | tuple[str, str], str] = {}
    for each in found:
        if domains.get(each.key) != PATIENT:
            domains[each.key] = each.domain
    return domains


def updated(language: str, domain: str, found: list[Found]) -> Catalog:
    """Return the catalogue of one language and domain with the sentences of today.

    A translation is taken from the other domain when its sentence moved there.
    """
    before = {
        message.id if isinstance(message.id, str) else tuple(message.id): message
        for other in DOMAINS
        for message in read_catalog(language, other)
        if message.id
    }
    catalog = Catalog(
        locale=language,
        domain=domain,
        project="symptom-diary",
        version="1",
        msgid_bugs_address="see README",
        last_translator="not yet checked by a native clinician",
        language_team="none yet",
        header_comment=_HEADER.format(name=LANGUAGES[language], domain=domain),
        fuzzy=False,
    )
    domains = domains_of(found)
    for each in found:
        if domains[each.key] == domain:
            old = before.get(each.key)
            catalog.add(
                each.key,
                old.string if old is not None else None,
                locations=[(each.path, 0)],
                flags={"fuzzy"} if old is not None and old.fuzzy else set(),
                user_comments=old.user_comments if old is not None else (),
            )
    for message in catalog:
        message.flags -= {"python-format"}
    return catalog


def update() -> dict[str, tuple[int, int]]:
    """Write all catalogues; returns language/domain -> (translated, all)."""
    found = all_found()
    counts = {}
    for language in LANGUAGES:
        if language == ENGLISH:
            continue
        for domain in DOMAINS:
            catalog = updated(language, domain, found)
            catalog.creation_date = catalog.revision_date = _STILL
            file = po_file(language, domain)
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("wb") as lines:
                write_po(lines, catalog, width=100, include_lineno=False, sort_by_file=True)
            messages = [message for message in catalog if message.id]
            done = sum(1 for message in messages if message.string and all(message.string))
            counts[f"{language}/{domain}"] = (done, len(messages))
    return counts


def main() -> None:
    """Update the catalogues and say how far each is."""
    for name, (done, every) in update().items():
        print(f"{name}: {done} of {every} translated")  # noqa: T201


if __name__ == "__main__":
    main()
