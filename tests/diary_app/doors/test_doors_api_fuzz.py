"""Requests that nobody thought of are answered as the API's own description says."""

from collections import Counter

from bench.api_fuzz import fuzz
from tests.diary_app.doors.fuzzed import fuzzed


def test_no_request_made_from_the_description_ends_in_a_fault_of_ours(tmp_path):
    with fuzzed(tmp_path) as (url, token, known):
        told = fuzz(url, token, known, examples=2, number=20261126)

    by_operation = Counter(operation for operation, _status in told.elements())
    assert len(by_operation) == 10
    assert {status // 100 for _operation, status in told} == {2, 4}
