"""Weekly answers of two of the demo's patients, invented; the newest week is due again today."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from alerts.grading.pro_ctcae_week import codes_of

# Days ago -> what was answered otherwise than "not at all"; None = the week was skipped.
_WEEKS: Mapping[str, Mapping[int, Mapping[str, int | None] | None]] = MappingProxyType(
    {
        "P-001": {
            42: {"PROCTCAE_28A_SCL": 1, "PROCTCAE_25A_SCL": 2, "PROCTCAE_53A_SCL": 2},
            35: {"PROCTCAE_28A_SCL": 1, "PROCTCAE_25A_SCL": 1, "PROCTCAE_53A_SCL": None},
            28: None,
            21: {"PROCTCAE_28A_SCL": 1, "PROCTCAE_9A_SCL": 2, "PROCTCAE_9B_SCL": 1},
            14: {"PROCTCAE_28A_SCL": 2, "PROCTCAE_25A_SCL": 2, "PROCTCAE_24A_IND": None},
            7: {
                "PROCTCAE_24A_IND": 1,
                "PROCTCAE_28A_SCL": 3,
                "PROCTCAE_25A_SCL": 2,
                "PROCTCAE_53A_SCL": 2,
                "PROCTCAE_53B_SCL": 2,
            },
        },
        "P-004": {
            21: {"PROCTCAE_22A_SCL": 2, "PROCTCAE_22B_SCL": 1},
            14: {"PROCTCAE_22A_SCL": 3, "PROCTCAE_22B_SCL": 2, "PROCTCAE_22C_SCL": 1},
            7: {"PROCTCAE_16A_SCL": 3, "PROCTCAE_17A_SCL": 2, "PROCTCAE_17B_SCL": 1},
        },
    }
)


def weeks_of(patient_code: str) -> Iterator[tuple[int, dict[str, int | None]]]:
    """Yield how many days ago each week ended, and its answers, oldest first."""
    for days_ago, told in _WEEKS.get(patient_code, {}).items():
        if told is None:
            yield days_ago, dict.fromkeys(codes_of(None))
        else:
            yield days_ago, {code: told.get(code, 0) for code in codes_of(None)}
