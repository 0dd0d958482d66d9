"""The translated sentences, read from the .po files and compiled in memory, once a process.

No compiled file is kept anywhere, so none can be missing or older than its source. A sentence that
has no translation yet, or a doubtful one (fuzzy), is shown in English.
"""

from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "locale"
DOMAINS = ("staff", "patient")
"""One file each; of a sentence in both, the later counts."""


def po_file(language: str, domain: str) -> Path:
    """Return where the translations of one language and domain lie."""
    return FOLDER / language / "LC_MESSAGES" / f"{domain}.po"


def read_catalog(language: str, domain: str) -> Catalog:
    """Return the translations of one domain; empty when there is no file yet."""
    file = po_file(language, domain)
    if not file.is_file():
        return Catalog(locale=language, domain=domain)
    with file.open("rb") as lines:
        return read_po(lines, locale=language, domain=domain)


@cache
def catalogue(language: str) -> GNUTranslations:
    """Return all sentences of a language other than English."""
    whole = Catalog(locale=language)
    for domain in DOMAINS:
        for message in read_catalog(language, domain):
            if message.id and message.string and not message.fuzzy:
                whole.add(message.id, message.string)
    compiled = BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return GNUTranslations(compiled)
