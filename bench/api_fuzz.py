"""The JSON API against whatever its own description allows and forbids (schemathesis).

    python -m bench.api_fuzz --examples 300 --seed 1

A demo-like clinic is served on a port of its own, over real HTTP. For every operation that
OpenAPI describes, requests are made up that fit the description and that do not; half of them name
a patient, an entry or an alert that is there. No answer may be a 5xx, and each must be described:
its status, its media type and its shape. Exit status 1 when one was not.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def fuzz(
    url: str, token: str, known: Mapping[str, UUID], *, examples: int, number: int
) -> Counter[tuple[str, int]]:
    """Try every operation and return how often each answered with which status.

    Args:
        url: Of the server, without a slash at the end.
        token: With every scope.
        known: Parameter name -> the id of a row that is there.
        examples: Made-up requests per operation and kind (fitting and not fitting).
        number: Seed.

    Raises:
        Exception: An answer was a 5xx or is not described; the text says how to repeat it.
    """
    schema = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json")
    told: Counter[tuple[str, int]] = Counter()
    for each in schema.get_all_operations():
        operation = each.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @seed(number)
            @settings(
                max_examples=examples,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(
                case=operation.as_strategy(generation_mode=mode),
                meant=st.booleans(),
            )
            def try_it(case: schemathesis.Case, meant: bool) -> None:
                if meant:
                    name_known(case, known)
                answer = case.call(headers={"Authorization": f"Bearer {token}"})
                told[case.operation.label, answer.status_code] += 1
                case.validate_response(answer, checks=CHECKS)

            try_it()
    return told


def name_known(case: schemathesis.Case, known: Mapping[str, UUID]) -> None:
    """Let a request name rows that are there, where it names rows at all."""
    for values in (case.path_parameters, case.query, case.body):
        if isinstance(values, dict):
            for name in known.keys() & values.keys():
                values[name] = str(known[name])
    if case.operation.label in {"GET /api/v1/entries", "GET /api/v1/plans"}:
        case.query = {**(case.query or {}), "patient_id": str(known["patient_id"])}
        case.query.pop("after", None)


def main() -> int:
    """Serve a clinic, try it, print what came back."""
    from tests.diary_app.doors.fuzzed import fuzzed  # noqa: PLC0415  the house of the tests

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, fuzzed(Path(folder)) as (url, token, known):
        told = fuzz(url, token, known, examples=chosen.examples, number=chosen.seed)
    for (operation, status), count in sorted(told.items()):
        print(f"{operation:45} {status} {count:6}")
    print(f"{sum(told.values())} requests, no 5xx, every answer as it is described.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
