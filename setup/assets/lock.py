"""Writes package-lock.json anew: python -m setup.assets.lock. With --upgrade, as new as package.json allows."""

import sys

from setup.assets import packages
from setup.assets.files import PROJECT, CannotBuild

if __name__ == "__main__":
    try:
        packages.run_npm(
            "update" if "--upgrade" in sys.argv[1:] else "install", "--package-lock-only", folder=PROJECT
        )
    except CannotBuild as problem:
        sys.exit(str(problem))
