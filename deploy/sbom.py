"""Write the list of what the program is made of (SBOM, CycloneDX 1.5 JSON) from the pinned list.

    python3 deploy/sbom.py > sbom.json            what runs in a clinic
    python3 deploy/sbom.py requirements-test.txt  the tests' tools too

The same list gives the same file, byte for byte. It names no host and no machine.
"""

import json
import re
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)\s*(?:;\s*([^\\]+))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def sbom(requirements: str, project: dict[str, Any]) -> dict[str, Any]:
    """Return the SBOM of a pinned list.

    Args:
        requirements: What the file holds: name==version with the hashes below it.
        project: The ``project`` table of pyproject.toml.

    Raises:
        ValueError: A line is no pin.
    """
    components: list[dict[str, Any]] = []
    for line in requirements.splitlines():
        if line[:1] in {"", "#"}:
            continue
        if line[0].isspace():
            components[-1]["hashes"] += [
                {"alg": "SHA-256", "content": found} for found in _HASH.findall(line)
            ]
            continue
        pin = _PIN.match(line)
        if pin is None:
            raise ValueError(f"This line pins nothing: {line}")
        components.append(_component(*pin.groups()))
    name, version = project["name"], project["version"]
    whole: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": uuid.uuid5(uuid.NAMESPACE_OID, f"{name} {version} {requirements}").urn,
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": name,
                "name": name,
                "version": version,
                "description": project["description"],
            }
        },
        "components": components,
        "dependencies": [{"ref": name, "dependsOn": [each["bom-ref"] for each in components]}],
    }
    return whole


def _component(name: str, version: str, marker: str | None) -> dict[str, Any]:
    purl = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "hashes": [],
    }
    if marker:
        found["properties"] = [{"name": "python:marker", "value": marker.strip()}]
    return found


if __name__ == "__main__":
    listed = ROOT / (sys.argv[1] if len(sys.argv) > 1 else "requirements.txt")
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    json.dump(sbom(listed.read_text(encoding="utf-8"), about), sys.stdout, indent=1)
    sys.stdout.write("\n")
