"""docs/access.md says what the program does."""

from pathlib import Path

from db.access import ROLE_VERBS
from tests.access_page import MEANINGS, ROLES, page

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "access.md"


def test_the_page_is_what_the_program_holds():
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "python -m tests.access_page > docs/access.md"
    )


def test_every_verb_of_every_role_is_explained_and_asked_for_somewhere():
    held = set().union(*ROLE_VERBS.values())

    assert set(ROLE_VERBS) == set(ROLES)
    assert set(MEANINGS) == held
    asking = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("db/stores", "db/photos", "alerts", "diary_app")
        for file in (ROOT / folder).rglob("*.py")
    )
    assert [verb for verb in held if f'"{verb}"' not in asking] == []
