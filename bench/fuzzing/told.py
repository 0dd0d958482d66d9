"""What a run of made-up cases came to, and how much memory it took."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Told:
    """Outcomes by kind, and faults: what must never happen.

    Attributes:
        outcomes: (kind of case, what came of it) -> how often.
        logged: What the server said to its log -> how often.
        faults: One line for each fault, with what repeats it.
    """

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    logged: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, outcome: str) -> None:
        """Count one case."""
        self.outcomes[kind, outcome] += 1

    def fault(self, kind: str, sentence: str) -> None:
        """Keep one thing that must not happen."""
        self.outcomes[kind, "FAULT"] += 1
        self.faults.append(f"{kind}: {sentence}")

    @property
    def cases(self) -> int:
        """How many cases were tried."""
        return sum(self.outcomes.values())

    def join(self, other: "Told") -> None:
        """Add what another part came to."""
        self.outcomes.update(other.outcomes)
        self.faults.extend(other.faults)
        self.logged.update(other.logged)


def resident_mib(pid: int | str = "self") -> float:
    """Return the memory a process holds now, in MiB; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))
