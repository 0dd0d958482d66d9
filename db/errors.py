"""What can go wrong with what is kept, each told in one plain sentence.

StorageError
├── AccessDeniedError       the role does not grant the verb, or another clinic owns the row
├── NotFoundError           there is no such row or photo
├── ConflictError           what is kept already says something else
├── PhotoRefusedError       a received file cannot become a photo of the diary
├── KeyMissingError         the master key is absent, or its file cannot be trusted
├── TamperedError           what is sealed was changed, or was sealed with another key
├── BackupError             a backup cannot be made, opened or trusted
├── CopyError               a diary cannot be copied into another database
├── UnreachableError        the database does not answer
├── NaiveTimeError          an instant came without its time zone
└── ImpossibleValueError    a value lies outside what its field can hold
"""


class StorageError(Exception):
    """Base of everything that `db` raises on purpose; its text may be shown to people."""


class AccessDeniedError(StorageError):
    """The viewer may not do this, or not with this row."""


class NotFoundError(StorageError):
    """What was asked for is not kept here."""


class ConflictError(StorageError):
    """The change contradicts what is kept, so nothing was changed."""


class PhotoRefusedError(StorageError):
    """A received file cannot become a photo; the sentence says what the patient can do.

    Args:
        sentence: What is wrong and what to do, with a ``{name}`` for each of ``values``. It stays
            as it is in `sentence`, so that a screen can look up its translation.
        values: What the names stand for, already written for people.
    """

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
        self.sentence = sentence
        self.values = values


class KeyMissingError(StorageError):
    """The master key is not there, or its file must not be used as it is."""


class TamperedError(StorageError):
    """What is sealed does not open: it was changed, or it was sealed with another key."""


class BackupError(StorageError):
    """A backup cannot be written, does not open, or does not hold what it was made of."""


class CopyError(StorageError):
    """A diary cannot be copied into another database, or the copy is not what it was made of."""


class UnreachableError(StorageError):
    """The database does not answer, or lacks its tables."""


class NaiveTimeError(StorageError, ValueError):
    """An instant came without a time zone, so nobody can say when it was."""


class ImpossibleValueError(StorageError, ValueError):
    """A value lies outside what its field can hold."""
