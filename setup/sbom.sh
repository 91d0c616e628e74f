#!/bin/sh
# Writes what Engage is made of, as CycloneDX: sbom/python.cdx.json from the hash-locked list of the runtime, and
# sbom/browser.cdx.json from package-lock.json. Run from the project's folder by `make sbom`.

set -eu

export UV_SYSTEM_CERTS=1
if [ "$(cat .tools/sbom/made-from 2>/dev/null)" != "$(cksum <requirements/sbom.txt)" ]; then
    rm -rf .tools/sbom
    .tools/bin/uv venv --quiet --no-project --python .tools/bin/python .tools/sbom
    .tools/bin/uv pip sync --quiet --python .tools/sbom/bin/python --require-hashes --no-build requirements/sbom.txt
    cksum <requirements/sbom.txt >.tools/sbom/made-from
fi

mkdir -p sbom
.tools/sbom/bin/cyclonedx-py requirements requirements/runtime.txt --output-format JSON --output-reproducible \
    --output-file sbom/python.cdx.json
.tools/bin/python -m setup.assets.parts sbom/browser.cdx.json
echo "sbom/python.cdx.json and sbom/browser.cdx.json are written."
