#!/bin/sh
# Sees to a Chromium for tests/browser: the one that is there, the browser tool's own download, or Debian's package.
# Run from the project's folder by `make test`. Where none can be had it says so, and the tests say it again in their last
# line; it fails only where CI is set.

set -u
here=.browsers
without=${CI:+1}
without=${without:-0}

found() { .venv/bin/python -m tests.browser.chromium >/dev/null 2>&1; }

found && exit 0

# Somebody who named one wants that one and no other.
if [ -n "${CHROMIUM:-}" ]; then
    echo "CHROMIUM names a program that does not start: $CHROMIUM" >&2
    exit "$without"
fi

# On a closed network a try costs seconds, and the next one would cost them again: one try a day is enough.
if [ -z "${CI:-}" ] && [ -n "$(find "$here/tried" -mtime -1 2>/dev/null)" ]; then
    exit 0
fi

mkdir -p "$here"
echo "Looking for a Chromium that can drive the browser tests." >&2
PLAYWRIGHT_BROWSERS_PATH="$PWD/$here" PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT=10000 \
    .venv/bin/python -m playwright install --no-shell chromium >"$here/log" 2>&1
if found; then
    rm -f "$here/tried"
    exit 0
fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } \
        >>"$here/log" 2>&1 </dev/null
    if found; then
        rm -f "$here/tried"
        exit 0
    fi
fi

touch "$here/tried"
echo "No Chromium could be installed ($here/log says why)." >&2
exit "$without"
