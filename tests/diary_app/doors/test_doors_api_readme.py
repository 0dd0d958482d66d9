"""The README's curl commands do what they say, typed as they stand there, against a real server."""

import json
import re
import subprocess
from pathlib import Path

from tests.diary_app.doors.fuzzed import fuzzed

README = Path(__file__).parents[3] / "README.md"


def commands() -> list[str]:
    section = README.read_text(encoding="utf-8").split("## Let another program read or send")[1]
    block = section.split("```sh\n")[1].split("```")[0]
    joined = block.replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.startswith("curl ")]


def test_the_examples_of_the_readme_are_true(tmp_path):
    answers = []
    with fuzzed(tmp_path) as (url, token, known):
        typed = {"TOKEN": token, "SERVER": url, "PATIENT": str(known["patient_id"])}
        for command in [*commands(), commands()[3]]:
            done = subprocess.run(
                ["/bin/sh", "-c", command],
                check=False,
                env={"PATH": "/usr/bin:/bin"} | typed,
                cwd=tmp_path,
                capture_output=True,
                text=True,
                timeout=30,
            )
            assert (done.returncode, done.stderr) == (0, ""), command
            answers.append(json.loads(done.stdout) if done.stdout else None)

    alerts, entries, plan, sent, _file, again = answers
    assert [each["state"] for each in alerts["items"]] == ["open"]
    assert [each["answers"]["temperature_value"] for each in entries["items"]] == [38.6]
    assert [step["imatinib_mg"] for step in plan] == [400.0]
    assert sent["answers"]["temperature_value"] == 38.4
    assert sent["assessment"]["level"] == "urgent"
    assert again == sent
    bundle = json.loads((tmp_path / "visit.json").read_text(encoding="utf-8"))
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "document")


def test_every_scope_is_explained():
    from db.access import SCOPE_VERBS

    section = README.read_text(encoding="utf-8").split("## Let another program read or send")[1]
    assert set(re.findall(r"^\| `([a-z]+:[a-z]+)`", section, re.MULTILINE)) == set(SCOPE_VERBS)
