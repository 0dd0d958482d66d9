"""The key that backups are sealed with: made from the master key, so there is one thing to keep.

Written as an age identity (age-encryption.org/v1), so that the `age` program opens a backup without
this one. Bech32 is the spelling of such a key (BIP 173).
"""

from pyrage.x25519 import Identity

from db.keys import MasterKey

PURPOSE = b"backup"
_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def backup_identity(key: MasterKey) -> Identity:
    """Return what opens the backups of an installation; ``to_public()`` of it seals them."""
    return Identity.from_str(bech32("age-secret-key-", key.derive(PURPOSE)).upper())


def bech32(prefix: str, content: bytes) -> str:
    """Return bytes in Bech32 with its checksum.

    Args:
        prefix: Lower-case letters that say what it is.
    """
    bits = int.from_bytes(content, "big") << (-8 * len(content) % 5)
    length = -(-8 * len(content) // 5)
    words = [bits >> 5 * (length - 1 - at) & 31 for at in range(length)]
    spread = [*(ord(x) >> 5 for x in prefix), 0, *(ord(x) & 31 for x in prefix)]
    rest = _checksum([*spread, *words, 0, 0, 0, 0, 0, 0]) ^ 1
    seal = [rest >> 5 * (5 - at) & 31 for at in range(6)]
    return f"{prefix}1{''.join(_LETTERS[word] for word in [*words, *seal])}"


def _checksum(values: list[int]) -> int:
    total = 1
    for value in values:
        top = total >> 25
        total = (total & 0x1FFFFFF) << 5 ^ value
        for at, generator in enumerate(_GENERATORS):
            if top >> at & 1:
                total ^= generator
    return total
