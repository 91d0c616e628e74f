#!/usr/bin/env python
"""Run one of the project's commands: ``manage.py help`` lists them."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.environment import SettingIsWrong
    from config.time_limits import COMMANDS, this_process_does

    try:
        this_process_does(COMMANDS)
        execute_from_command_line(sys.argv)
    except SettingIsWrong as wrong:
        sys.exit(f"Engage did not start: {wrong}")


if __name__ == "__main__":
    main()
