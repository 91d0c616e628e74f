"""setup/find-python.sh: which Python `make` builds with."""

import os
import subprocess
import sys
from pathlib import Path

_SCRIPT = Path(__file__).resolve().parents[2] / "setup" / "find-python.sh"


def _found(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", _SCRIPT], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def _python_at(path: Path, *, real: bool) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n' if real else "#!/bin/sh\nexit 127\n")
    path.chmod(0o755)
    return path


def _without_pythons(folder: Path) -> str:
    """A PATH with what the script itself needs, and no Python."""
    folder.mkdir()
    for name in ("sh", "awk", "sort", "head", "cut", "id", "dirname", "readlink", "cat"):
        real = next(Path(part) / name for part in ("/usr/bin", "/bin") if (Path(part) / name).exists())
        (folder / name).symlink_to(real)
    return str(folder)


def test_the_python_that_was_named_is_taken_and_nothing_else() -> None:
    assert _found(PYTHON=sys.executable, PATH="/usr/bin:/bin").stdout.strip() == sys.executable


def test_a_named_python_that_does_not_fit_is_refused_in_one_sentence(tmp_path: Path) -> None:
    broken = _python_at(tmp_path / "python3", real=False)
    answer = _found(PYTHON=str(broken), PATH=os.environ["PATH"])
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert len(answer.stderr.strip().splitlines()) == 1


def test_a_shim_that_does_not_run_is_passed_over(tmp_path: Path) -> None:
    shims = tmp_path / "pyenv" / "shims"
    _python_at(shims / "python3.14", real=False)
    _python_at(tmp_path / "pyenv" / "versions" / "3.13.0" / "bin" / "python3", real=True)
    # The versions beside the shims are found by the shims' place alone: no pyenv, no HOME, no PYENV_ROOT.
    answer = _found(PATH=f"{shims}:{_without_pythons(tmp_path / 'bin')}")
    assert answer.stdout.strip() == sys.executable, answer.stderr


def test_pyenvs_own_folder_is_searched(tmp_path: Path) -> None:
    _python_at(tmp_path / "pyenv" / "versions" / "3.12.9" / "bin" / "python3", real=True)
    answer = _found(PATH=_without_pythons(tmp_path / "bin"), PYENV_ROOT=str(tmp_path / "pyenv"))
    assert answer.stdout.strip() == sys.executable, answer.stderr


def test_where_there_is_none_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    answer = _found(PATH=_without_pythons(tmp_path / "bin"), HOME=str(tmp_path))
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "make PYTHON=" in answer.stderr
