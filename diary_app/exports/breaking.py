"""Long words of people, given places to break at a line's end."""

# Longer words are given places to break, so that they stay inside their cell.
_LONGEST_WORD = 24
_BREAK = "\N{ZERO WIDTH SPACE}"


def breakable(text: str) -> str:
    """Return a text whose overlong words can be broken at a line's end."""
    return " ".join(
        _BREAK.join(word[at : at + _LONGEST_WORD] for at in range(0, len(word), _LONGEST_WORD))
        for word in text.split(" ")
    )
