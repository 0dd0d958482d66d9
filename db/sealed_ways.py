"""Addresses of contact ways, sealed: they hold e-mail addresses, tokens and telephone numbers."""

from uuid import UUID

from db.keys import MasterKey

PURPOSE = b"contact way"


def seal_address(key: MasterKey, way_id: UUID, address: str) -> bytes:
    """Return an address as the row of this way keeps it."""
    return key.seal(PURPOSE, address.encode(), way_id.bytes)


def open_address(key: MasterKey, way_id: UUID, sealed: bytes) -> str:
    """Return the address that a way's row keeps.

    Raises:
        TamperedError: If it was sealed for another way or with another key.
    """
    return key.open(PURPOSE, sealed, way_id.bytes).decode()
