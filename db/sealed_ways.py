"""What of people is sealed with the master key itself, so that it works for every clinic alike.

Addresses of contact ways (e-mail addresses, tokens, telephone numbers), and the secrets of
authenticator apps, which `diary_app.services.totp` seals. `db.renewing` seals both anew.
"""

from uuid import UUID

from db.keys import MasterKey

PURPOSE = b"contact way"
TOTP_PURPOSE = b"totp"


def seal_address(key: MasterKey, way_id: UUID, address: str) -> bytes:
    """Return an address as the row of this way keeps it."""
    return key.seal(PURPOSE, address.encode(), way_id.bytes)


def open_address(key: MasterKey, way_id: UUID, sealed: bytes) -> str:
    """Return the address that a way's row keeps.

    Raises:
        TamperedError: If it was sealed for another way or with another key.
    """
    return key.open(PURPOSE, sealed, way_id.bytes).decode()
