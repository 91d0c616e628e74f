"""What the documents forbid the start refuses: one sentence that names the setting, status 2, nothing touched."""

from __future__ import annotations

import base64
import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.environment import SettingIsWrong
from tests.makers.dkim import ED25519, LOCKED, PUBLIC, SMALL, pem
from tests.setup.production import composed, example, key

_PROJECT = Path(__file__).resolve().parents[2]


def _good(**settings: str) -> dict[str, str]:
    return composed("migrate", example()) | settings


def _read(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    """Read the project's settings anew, as a process with this environment does."""
    for name in list(os.environ):
        if name.isupper() and name != "PATH":
            monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    spec = importlib.util.spec_from_file_location("settings_read_anew", _PROJECT / "config" / "settings.py")
    assert spec
    assert spec.loader
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _signing(**changed: str) -> dict[str, str]:
    return {"DKIM_SELECTOR": "engage", "DKIM_DOMAIN": "example.gov", "DKIM_KEY": pem()} | changed


def _bouncing(url: str) -> dict[str, str]:
    return {"BOUNCE_ADDRESS": "bounces@example.gov", "BOUNCES_URL": url}


_SAME = key()
_WEAK = {
    "zeros": _written(bytes(32)),
    "one byte": _written(b"\x9f" * 32),
    "two bytes": _written(b"\x9f\x01" * 16),
    "a half twice": _written(bytes(range(7, 250, 16))[:16] * 2),
    "a sequence": _written(bytes(range(100, 132))),
    "a sequence downwards": _written(bytes(range(255, 223, -1))),
    "steps of seven": _written(bytes(n * 7 % 256 for n in range(32))),
    "typed letters": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq",
    "typed text": _written(b"correct horse battery staple 123"),
    "hardly any letters": "changemechangemechangemechangemechangemechA",
}


def test_what_the_documents_name_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    _read(monkeypatch, _good())
    for mail in (
        "smtp+starttls://user:password@mail.example.gov:587",
        "smtps://mail.example.gov",
        "smtp://127.0.0.1:25",
    ):
        _read(monkeypatch, _good(EMAIL_URL=mail, EMAIL_IN_CLEAR_TO=""))
    _read(
        monkeypatch,
        _good(ALLOWED_HOSTS="engage.example.gov,meet.example.gov", TRUSTED_PROXIES="10.0.0.0/8,fd00::/8"),
    )
    # Keys as settings.md makes them are never taken for weak ones.
    for _ in range(300):
        _read(monkeypatch, _good(CONTACT_KEYS=f"2:{key()},1:{key()}"))


@pytest.mark.parametrize("what", _WEAK)
@pytest.mark.parametrize("name", ["CONTACT_KEYS", "LINK_KEYS", "FINGERPRINT_KEY"])
def test_a_key_that_no_dice_made_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, what: str) -> None:
    # Also where it is an old one, kept beside a good one.
    value = _WEAK[what] if name == "FINGERPRINT_KEY" else f"2:{key()},1:{_WEAK[what]}"
    with pytest.raises(SettingIsWrong, match=name):
        _read(monkeypatch, _good(**{name: value}))


_WRONG = {
    "a short key": ("SECRET_KEY", {"SECRET_KEY": "x7Gq2kPz9"}),
    "one letter": ("SECRET_KEY", {"SECRET_KEY": "a" * 60}),
    "a word over and over": ("SECRET_KEY", {"SECRET_KEY": "change-me-please-now-" * 4}),
    "the alphabet": ("SECRET_KEY", {"SECRET_KEY": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"}),
    "the framework's own": ("SECRET_KEY", {"SECRET_KEY": "django-insecure-h3$x_q9w8e7r6t5y4u3i2o1p0a9s8d7f6g5h4j3k2l1"}),
    "no secret key": ("SECRET_KEY", {"SECRET_KEY": ""}),
    "no contact keys": ("CONTACT_KEYS", {"CONTACT_KEYS": ""}),
    "no link keys": ("LINK_KEYS", {"LINK_KEYS": ""}),
    "no fingerprint key": ("FINGERPRINT_KEY", {"FINGERPRINT_KEY": ""}),
    "two purposes, one key": ("same key", {"CONTACT_KEYS": f"1:{_SAME}", "LINK_KEYS": f"1:{_SAME}"}),
    "a number's key again": ("same key", {"CONTACT_KEYS": f"1:{_SAME},2:{_SAME}"}),
    "a number's key for another purpose": ("same key", {"CONTACT_KEYS": f"1:{key()},2:{_SAME}", "FINGERPRINT_KEY": _SAME}),
    "the secret key is a key": ("same key", {"SECRET_KEY": f"{_SAME}{_SAME[::-1]}", "FINGERPRINT_KEY": _SAME}),
    "any host": ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": "*"}),
    "any host beside a name": ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": "engage.example.gov,*"}),
    "any host below": ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": "engage.example.gov,.example.gov"}),
    "a star below": ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": "engage.example.gov,*.example.gov"}),
    "a port": ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": "engage.example.gov:443"}),
    "not the public host": ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": "other.example.gov"}),
    "mail in clear": ("EMAIL_URL", {"EMAIL_URL": "smtp://mail.example.gov", "EMAIL_IN_CLEAR_TO": "mail"}),
    "mail in clear by number": ("EMAIL_URL", {"EMAIL_URL": "smtp://10.0.0.9:25", "EMAIL_IN_CLEAR_TO": ""}),
    "the trial's catcher, not named": ("EMAIL_URL", {"EMAIL_IN_CLEAR_TO": ""}),
    "pages in clear": ("PUBLIC_URL", {"PUBLIC_URL": "http://engage.example.gov"}),
    "no public address": ("PUBLIC_URL", {"PUBLIC_URL": ""}),
    "everybody is a proxy": ("TRUSTED_PROXIES", {"TRUSTED_PROXIES": "0.0.0.0/0"}),
    "half the world is a proxy": ("TRUSTED_PROXIES", {"TRUSTED_PROXIES": "10.0.0.0/8,128.0.0.0/1"}),
    "every newer address is a proxy": ("TRUSTED_PROXIES", {"TRUSTED_PROXIES": "::/0"}),
    "no limits": ("THROTTLES", {"THROTTLES": "off"}),
    "a number of a key that no seal can hold": ("CONTACT_KEYS", {"CONTACT_KEYS": f"02551:{key()}"}),
    "no number of threads": ("WEB_THREADS", {"WEB_THREADS": "--5"}),
    "a name before the sender": ("MAIL_FROM", {"MAIL_FROM": "Meetings <meetings@example.gov>"}),
    "no sender": ("MAIL_FROM", {"MAIL_FROM": ""}),
    "a signature without a key": ("DKIM_KEY is not set", {"DKIM_SELECTOR": "engage", "DKIM_DOMAIN": "example.gov"}),
    "a key of nobody's": ("DKIM_SELECTOR is not set", {"DKIM_KEY": "-----BEGIN"}),
    "a key that is none": ("DKIM_KEY is not a private key", _signing(DKIM_KEY="-----BEGIN PRIVATE KEY-----\nAAAA")),
    "a key of letters": ("DKIM_KEY is not a private key", _signing(DKIM_KEY="MIIEvQIBADANBg")),
    "a public key": ("DKIM_KEY is not a private key", _signing(DKIM_KEY=pem(PUBLIC))),
    "a locked key": ("DKIM_KEY is locked", _signing(DKIM_KEY=pem(LOCKED))),
    "a small key": ("DKIM_KEY has 1024 bits", _signing(DKIM_KEY=pem(SMALL))),
    "a key of another kind": ("DKIM_KEY is not an RSA key", _signing(DKIM_KEY=pem(ED25519))),
    "another domain signs": ("DKIM_DOMAIN is example.com", _signing(DKIM_DOMAIN="example.com")),
    "a domain that only ends alike": ("DKIM_DOMAIN is ample.gov", _signing(DKIM_DOMAIN="ample.gov")),
    "bounces at a long name": ("BOUNCE_ADDRESS needs a short name", {"BOUNCE_ADDRESS": f"{'b' * 24}@example.gov"}),
    "bounces at a name with a plus": ("BOUNCE_ADDRESS needs a short name", {"BOUNCE_ADDRESS": "a+b@example.gov"}),
    "bounces that go nowhere": ("without BOUNCE_ADDRESS", {"BOUNCES_URL": "maildir:///var/mail/bounces"}),
    "bounces over the web": ("BOUNCES_URL must look like", _bouncing("https://u:p@mail.example.gov")),
    "bounces of nobody": ("BOUNCES_URL must look like", _bouncing("imaps://mail.example.gov/INBOX")),
    "bounces in clear": ("BOUNCES_URL would read mail", _bouncing("imap://u:p@mail.example.gov/INBOX")),
    "a selector that is no name": ("DKIM_SELECTOR must be a name", _signing(DKIM_SELECTOR="a b; d=x")),
}  # fmt: skip


@pytest.mark.parametrize("what", _WRONG)
def test_a_setting_that_the_documents_forbid_is_refused(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    said, changed = _WRONG[what]
    with pytest.raises(SettingIsWrong, match=said) as refusal:
        _read(monkeypatch, _good(**changed))
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("domain", ["example.gov", "Mail.Example.gov"])
def test_mail_is_signed_by_the_domain_it_comes_from_or_one_below_or_above(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, domain: str
) -> None:
    mounted = tmp_path / "dkim.pem"
    mounted.write_text(pem(), encoding="ascii")
    on_one_line = "".join(pem().splitlines()[1:-1])
    for where in ({"DKIM_KEY_FILE": str(mounted)}, {"DKIM_KEY": on_one_line}):
        who = {"DKIM_SELECTOR": "s1", "DKIM_DOMAIN": domain, "MAIL_FROM": "a@town.mail.example.gov"}
        _read(monkeypatch, _good(**who, **where))
    _read(monkeypatch, _good(**_bouncing("imap://u:p%40ss@127.0.0.1:1143")))
    _read(monkeypatch, _good(**_bouncing("maildir:///var/mail/bounces")))


@pytest.mark.parametrize(
    ("public", "host"),
    [
        ("https://engage.example.gov", "engage.example.gov"),
        ("https://engage.example.gov:8443", "engage.example.gov"),
        ("https://Engage.Example.gov/", "engage.example.gov"),
        ("https://[2001:db8::7]", "[2001:db8::7]"),
        ("https://192.0.2.7:8443/meetings", "192.0.2.7"),
    ],
)
def test_the_host_of_the_public_address_is_the_one_answered(public: str, host: str) -> None:
    from config.setting_rules import host_of

    assert host_of(public) == host


@pytest.fixture
def never_reached() -> Iterator[tuple[dict[str, str], socket.socket]]:
    """An address for database, broker and mail at which somebody listens and counts who comes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        at = f"127.0.0.1:{listening.getsockname()[1]}"
        database = dict.fromkeys(("DATABASE_URL", "DATABASE_OWNER_URL"), f"postgres://engage:x@{at}/engage")
        yield database | {"REDIS_URL": f"redis://{at}/0", "EMAIL_URL": f"smtp://{at}"}, listening


_STARTS = {
    "web": ["-m", "gunicorn", "-c", "python:config.web_serving", "--bind", "127.0.0.1:0", "config.asgi:application"],
    "worker": ["-m", "celery", "--app", "config", "worker"],
    "clock": ["-m", "celery", "--app", "config", "beat"],
    "migrate": ["manage.py", "migrate", "--database", "owner", "--no-input"],
    "create_agency": ["manage.py", "create_agency", "harbor-falls", "--name", "Harbor Falls"],
    "another server": ["-c", "import config.asgi"],
}  # fmt: skip


@pytest.mark.parametrize("what", _STARTS)
def test_nothing_starts_with_it_and_nothing_is_touched(
    never_reached: tuple[dict[str, str], socket.socket], what: str
) -> None:
    servers, listening = never_reached
    weak = _good(**servers, LINK_KEYS=f"1:{_WEAK['zeros']}", PATH=os.environ["PATH"])
    without = {name: value for name, value in weak.items() if not name.startswith("DATABASE_")}
    for environment, named in ((weak, "LINK_KEYS"), (without, "DATABASE_URL")):
        ended = subprocess.run(
            [sys.executable, *_STARTS[what]], cwd=_PROJECT, env=environment, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
        assert ended.returncode == 2, ended.stderr
        [sentence] = ended.stderr.strip().splitlines()
        assert sentence.startswith("Engage did not start: ")
        assert named in sentence
        assert not ended.stdout
    listening.setblocking(False)
    with pytest.raises(BlockingIOError):
        listening.accept()
