#!/bin/sh
# Runs every check, says which ones failed, and exits 1 when any did.

set -u
failed=""

check() {
    name=$1
    shift
    "$@" || failed="$failed $name"
}

check ruff .venv/bin/python -m ruff check --quiet .
check format .venv/bin/python -m ruff format --check --quiet .
check templates .venv/bin/djangofmt --check --quiet api/templates outreach/templates web/templates
check mypy .venv/bin/python -m mypy
check layers .venv/bin/lint-imports --no-logo
check bandit .venv/bin/python -m bandit -q -c pyproject.toml -r api bench config demo engage events outreach servers setup tools web

if [ -n "$failed" ]; then
    echo "Failed:$failed" >&2
    exit 1
fi
