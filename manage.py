#!/usr/bin/env python
"""Run one of the project's commands: ``manage.py help`` lists them."""

import os
import sys


def main() -> None:
    # Before anything is imported that asks for a zone: the rules are the tzdata package's (config/settings.py).
    os.environ["PYTHONTZPATH"] = ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.environment import SettingIsWrong
    from config.startup.keys import end_command_if_keys_are_wrong
    from config.startup.refusing import end, fit_for_command
    from config.time_limits import COMMANDS, this_process_does

    try:
        this_process_does(COMMANDS)
        fit_for_command(sys.argv)
        end_command_if_keys_are_wrong(sys.argv)
        execute_from_command_line(sys.argv)
    except SettingIsWrong as wrong:
        end(str(wrong))


if __name__ == "__main__":
    main()
