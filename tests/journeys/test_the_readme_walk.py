"""The README promises that its walk works word for word; so its blocks are run, word for word."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from tests.journeys.running_demo import ROOT, Demo

pytestmark = pytest.mark.slow


def test_the_walk_in_the_readme_works_word_for_word(demo: Demo) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    walk = text.split("<!-- walk:begin")[1].split("<!-- walk:end -->")[0]
    script = "set -euo pipefail\n" + "\n".join(re.findall(r"```bash\n(.*?)```", walk, re.DOTALL))
    ran = subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT,
        env=os.environ | {"DEMO_FOLDER": str(demo.folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    said = ran.stdout
    for word in (
        "published",
        "confirmed",
        "live",
        "Tell me why I was stopped",
        "approved",
        "evidence_required",
        "kept",
    ):
        assert word in said, said
