"""Brings the demo's database up to date and loads the made-up data, in one process: each start of Django costs a second."""

import os
import sys

import django
from django.core.management import call_command
from django.db import OperationalError

from config.environment import SettingIsWrong
from config.startup.keys import look_at_the_keys
from config.time_limits import COMMANDS, this_process_does
from engage.sealing.key_marks import KeysDoNotFit


def prepare() -> None:
    """Migrate as the owner, then load what is missing. Both change nothing where they ran before."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        this_process_does(COMMANDS)
        look_at_the_keys(owner=True)
        django.setup()
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        call_command("load_demo")
    except (KeysDoNotFit, SettingIsWrong) as wrong:
        sys.exit(str(wrong))
    except OperationalError as error:
        sys.exit(f"The database did not answer: {str(error).strip().splitlines()[0]}")


if __name__ == "__main__":
    prepare()
