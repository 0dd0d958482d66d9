"""The short name of an alert, safe to say aloud, to mail and to write on paper."""

ALPHABET = "CDFGHJKMNPQRTVWXY34679"
"""No letter or digit that looks like another (0 O, 1 I L, 2 Z, 5 S, 8 B, U V), and no vowels,
so that no code spells a word.
"""

LEAST_BYTES = 8


def alert_code(random_bytes: bytes) -> str:
    """Return the code these random bytes stand for, such as ``K7Q-4T``.

    There are 22 ** 5 (5.2 million) codes, so two alerts may meet; the caller draws again when
    the code is taken.

    Args:
        random_bytes: 8 bytes or more; with fewer, some codes would come up more often.

    Raises:
        ValueError: With fewer than 8 bytes.
    """
    if len(random_bytes) < LEAST_BYTES:
        raise ValueError(f"An alert code needs {LEAST_BYTES} random bytes, got {len(random_bytes)}")
    number = int.from_bytes(random_bytes, "big")
    letters = ""
    for _ in range(5):
        number, index = divmod(number, len(ALPHABET))
        letters += ALPHABET[index]
    return f"{letters[:3]}-{letters[3:]}"
