#!/bin/sh
# Prints the absolute path of the Python to build with, or one sentence on standard error and exits 1.
#
# $PYTHON, where set, is taken and nothing else is tried. Otherwise every candidate is run, since a pyenv shim on
# PATH may exist and still not start, and the highest final release of 3.12, 3.13 or 3.14 that has the modules we
# need wins. No uv discovery here: it gives up at the first shim that does not run.

set -u

accepted='
import sys
import ssl, sqlite3, venv
version = sys.version_info
if not ((3, 12) <= version[:2] <= (3, 14) and version.releaselevel == "final"):
    sys.exit(1)
print("%03d%03d%03d %s" % (version[0], version[1], version[2], sys.executable))
'

ask() {
    "$1" -I -c "$accepted" 2>/dev/null </dev/null
}

if [ -n "${PYTHON:-}" ]; then
    answer=$(ask "$PYTHON") || {
        echo "PYTHON=$PYTHON is not a final Python 3.12, 3.13 or 3.14 with ssl, sqlite3 and venv." >&2
        exit 1
    }
    echo "${answer#* }"
    exit 0
fi

pyenv_roots() {
    [ -n "${PYENV_ROOT:-}" ] && echo "$PYENV_ROOT"
    pyenv=$(command -v pyenv 2>/dev/null) && {
        pyenv root 2>/dev/null
        target=$(readlink -f "$pyenv" 2>/dev/null) && dirname "$(dirname "$target")"
    }
    old_ifs=$IFS
    IFS=:
    for entry in ${PATH:-}; do
        case $entry in
            */shims | */shims/) dirname "${entry%/}" ;;
        esac
    done
    IFS=$old_ifs
    [ -n "${HOME:-}" ] && echo "$HOME/.pyenv"
    # `pyenv root` and ~ follow HOME, which an emptied environment lacks; the passwd entry does not.
    home=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6)
    [ -n "$home" ] && echo "$home/.pyenv"
    return 0
}

candidates() {
    for name in python3.14 python3.13 python3.12 python3 python; do
        command -v "$name" 2>/dev/null
    done
    pyenv_roots | awk '!seen[$0]++' | while IFS= read -r root; do
        for python in "$root"/versions/3.1[2-4]*/bin/python3; do
            [ -x "$python" ] && echo "$python"
        done
    done
}

best=$(candidates | awk '!seen[$0]++' | while IFS= read -r python; do ask "$python"; done | sort -r | head -n 1)
if [ -n "$best" ]; then
    echo "${best#* }"
    exit 0
fi

# Nothing on this machine fits: uv, where there is one, may fetch a Python. Seconds, not minutes.
if command -v uv >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1; then
    if timeout 60 uv python install --quiet 3.13 >/dev/null 2>&1; then
        python=$(uv python find --managed-python 3.13 2>/dev/null) && answer=$(ask "$python") && {
            echo "${answer#* }"
            exit 0
        }
    fi
fi

echo "No Python 3.12, 3.13 or 3.14 was found; install one, or name it: make PYTHON=/path/to/python3" >&2
exit 1
