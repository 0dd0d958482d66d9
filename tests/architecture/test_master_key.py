"""Whatever is made with the master key: what becomes of it when the key is changed is known."""

import ast
from pathlib import Path

from sqlalchemy import LargeBinary

from db.models import METADATA
from db.renewing import SEALED

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "keys.md").read_text(encoding="utf-8")

# Where the master key seals, signs or makes another key, and what a new one means for it.
KNOWN = {
    "db/keyring.py seal": "sealed anew: data keys",
    "db/sealed_ways.py seal": "sealed anew: addresses of ways out",
    "diary_app/services/totp.py seal": "sealed anew: secrets of authenticator apps",
    "db/photos/vault.py seal": "refused until `diary keys encrypt`: photos from before data keys",
    "db/backup_key.py derive": "older backups open with the former key",
    "db/keys.py mac": "the fingerprint inside a backup, sealed with it",
    "diary_app/services/acknowledge_links.py mac": "links in mails from before lead to the inbox",
    "diary_app/services/attempts.py mac": "wrong tries are counted anew",
    "diary_app/services/known_devices.py mac": "browsers count as new until the next sign-in",
    "diary_app/services/signed_state.py mac": "a page that was open begins again",
    "diary_app/services/authenticator.py seal": "a page that was open begins again",
    "diary_app/services/staff_invitations.py seal": "a page that was open begins again",
    "diary_app/services/inviting.py seal": "sheets that were not printed are made again",
    "diary_app/services/hospital_sign_in.py seal": "a sign-in at the hospital begins again",
}
NAMES = {"key", "_key", "master", "_master", "self"}  # what a master key is called where it is used


def uses() -> set[str]:
    """Every call of seal, mac or derive on something that is called like a key."""
    found = set()
    for package in ("alerts", "db", "diary_app"):
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                    continue
                whose = ast.unparse(node.func.value).rpartition(".")[2]
                if node.func.attr in {"seal", "mac", "derive"} and whose in NAMES:
                    found.add(f"{file.relative_to(ROOT)} {node.func.attr}")
    return found


def test_every_use_of_the_master_key_is_known_and_told():
    # It seals anew what it opened, whatever that is.
    assert uses() - {"db/renewing.py seal"} == set(KNOWN)


def test_every_column_of_bytes_is_sealed_anew_or_is_public():
    columns = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.c
        if isinstance(column.type, LargeBinary)
    }
    anew = {f"{each.table.name}.{each.column}" for each in SEALED}

    assert columns - anew == {"passkey.public_key"}
    assert len(anew) == len(SEALED)


def test_the_page_for_the_security_officer_says_what_stops_working():
    for words in (
        "Links in mails from before",
        "Backups from before",
        "Wrong tries",
        "A page that was open",
    ):
        assert words in DOCS
