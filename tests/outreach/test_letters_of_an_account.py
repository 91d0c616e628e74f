"""Letters to people who sign in: what was closed of theirs, and why."""

from __future__ import annotations

import pytest
from django.utils import timezone

from engage.roles.ending import Cause, end_access
from engage.roles.tokens import issue
from outreach.worker.rounds import go_round
from tests.makers.agencies import a_person, an_agency
from tests.makers.letters import text_of
from tests.makers.mail_server import Post

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def test_whoever_loses_what_was_open_is_told_why_and_how_much_in_their_language(post: Post) -> None:
    agency, now = an_agency(), timezone.now()
    dana, marta = (a_person(agency, email=f"{name}@staff.example") for name in ("dana", "marta"))
    marta.language = "es"
    marta.save()
    for person in (dana, marta):
        for _ in range(2):
            issue(person=person, agency=agency, scopes=["events:read"], label="", now=now)
        end_access(person, Cause.PASSWORD_CHANGED, now=now)
    go_round()
    (hers,), (theirs,) = post.to("dana@staff.example"), post.to("marta@staff.example")
    assert hers["Subject"] == "Your sign-in changed"
    assert "The password of your account was changed." in text_of(hers)
    assert "2 keys for programs ended." in text_of(hers)
    assert theirs["Subject"] == "Cambió su inicio de sesión"
    assert "Terminaron 2 claves de programas." in text_of(theirs)


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_its_sentence(cause: Cause, post: Post) -> None:
    person = a_person(an_agency(), email="dana@staff.example")
    end_access(person, cause, now=timezone.now())
    go_round()
    (letter,) = post.letters
    assert "you are signed out on every device" in " ".join(text_of(letter).split())
