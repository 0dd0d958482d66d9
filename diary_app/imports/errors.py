"""What a reader of an exchanged diary refuses."""

# Larger than ten years of daily entries with photos; a file that is larger is not ours.
MOST_BYTES = 512 * 1024**2
MOST_ROWS = 50_000


class UnreadableError(Exception):
    """The file is no diary that can be read; the message is one sentence, without patient data."""
