"""What the screens ask about the language of the person in front of them."""

from typing import Protocol


class Speech(Protocol):
    """The person's language; `diary_app.text.language` tells which it is now."""

    @property
    def topic(self) -> str:
        """Name of the bell that rings when it changed."""
        ...

    def choose(self, tag: str) -> None:
        """Keep another language and let all open screens speak it."""
        ...
