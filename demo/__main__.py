"""`make demo`: reads what the user set, says in one sentence what is wrong with it, or runs the demo."""

import os
import signal
import sys
from pathlib import Path

from config.environment import SettingIsWrong, choice, whole_number
from demo.environment_making import demo_environment, is_set
from demo.port_choosing import PortIsTaken, open_port, port_of
from demo.running import Demo, DemoDidNotStart, last_words
from demo.secret_keeping import SecretsAreUnreadable, kept_secrets
from servers.folder_keeping import FolderIsTaken, keep
from servers.parent_death import end_with_parent
from servers.postgres import DataFolderIsWrong, Postgres
from servers.programs import ProgramIsMissing
from servers.stepping_down import CannotStepDown
from servers.supervising import StepFailed, Stopping, Supervisor
from servers.valkey import Valkey

_PROJECT = Path(__file__).resolve().parents[1]
# What a wrong setting, a taken port or a machine without servers end as: one sentence, no traceback.
_REFUSALS = (
    CannotStepDown,
    DataFolderIsWrong,
    DemoDidNotStart,
    PortIsTaken,
    ProgramIsMissing,
    SecretsAreUnreadable,
    SettingIsWrong,
)


def main() -> int:
    """Run the demo until it is stopped. Returns the exit status."""
    end_with_parent(signal.SIGTERM)
    os.chdir(_PROJECT)
    os.umask(0o077)
    supervisor = Supervisor(say=_say)
    supervisor.listen()
    # A second demo, or a test's, keeps its data beside the first's: DEMO_FOLDER=/path make demo.
    folder = Path(os.environ.get("DEMO_FOLDER") or ".demo")
    try:
        _refuse_production()
        with keep(folder):
            return _run(supervisor, folder)
    except FolderIsTaken as taken:
        return _refuse(f"a demo over {folder} is running already (process {taken.holder}).")
    except _REFUSALS as refusal:
        return _refuse(str(refusal))
    except OSError as error:
        if not error.filename:
            raise
        return _refuse(
            f"{error.filename} cannot be used ({error.strerror}); DEMO_FOLDER names another folder."
        )


def _refuse_production() -> None:
    if choice("ENGAGE_ENV", ("production", "demo", "test"), "demo") == "production":
        raise SettingIsWrong(
            "ENGAGE_ENV is production, and the demo is made-up people; leave ENGAGE_ENV out."
        )


def _run(supervisor: Supervisor, folder: Path) -> int:
    demo = _set_up(supervisor, folder)
    try:
        demo.run()
    except Stopping:
        return 0
    except StepFailed as failed:
        log = folder / "log" / f"{failed}.log"
        return _refuse(f"{last_words(log)} ({log} has more.)")
    finally:
        demo.stop()
    return 0


def _set_up(supervisor: Supervisor, folder: Path) -> Demo:
    (folder / "log").mkdir(exist_ok=True)
    # Tokens are issued anew at each start; whoever waits for this file must not read the last one's.
    (folder / "credentials.json").unlink(missing_ok=True)
    given = os.environ
    port = whole_number("PORT", 8000, least=1, most=65_535)
    web = open_port(port, only_this=bool(given.get("PORT")))
    own_mailbox = not is_set(given, "EMAIL_URL")
    smtp = open_port(2525, only_this=False) if own_mailbox else []
    mailbox = open_port(8025, only_this=False) if own_mailbox else []
    postgres = None if is_set(given, "DATABASE_URL") else Postgres(folder, folder / "log" / "postgres.log")
    valkey = None if is_set(given, "REDIS_URL") else Valkey(folder, folder / "log" / "valkey.log")
    environment = demo_environment(
        given,
        port=port_of(web),
        mail_port=port_of(smtp) if smtp else None,
        postgres=postgres,
        valkey=valkey,
        secrets=kept_secrets(folder / "secrets.json", given, data=postgres.data if postgres else None),
    )
    _refuse_wrong_settings(environment)
    return Demo(supervisor, folder, environment, postgres, valkey, web, smtp, mailbox)


def _refuse_wrong_settings(environment: dict[str, str]) -> None:
    # The settings read themselves here, before anything is started, and raise SettingIsWrong.
    os.environ.update(environment)
    import config.settings  # noqa: F401


def _say(line: str) -> None:
    # The terminal may be gone while we are still stopping.
    try:
        print(line, flush=True)
    except OSError:
        return


def _refuse(sentence: str) -> int:
    print(f"Engage did not start: {sentence}", file=sys.stderr, flush=True)
    return 2


if __name__ == "__main__":
    sys.exit(main())
