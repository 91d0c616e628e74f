"""However a commitment stands: pages, desk, table, API, summary and letter give it one word, in both languages."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from engage.agencies.models import Agency
from engage.commitments.figures import follow_through
from engage.commitments.models import Commitment
from engage.commitments.standing import Standing, public_day, staff_day, standing_on
from engage.commitments.tracking import update
from engage.commitments.words import public_word, word_of
from engage.people.models import Person
from outreach.subscriptions import subscribing
from outreach.worker.rounds import go_round
from tests.makers.agencies import an_agency
from tests.makers.api_clients import api_of, the_public
from tests.makers.commitments import a_commitment, today_of
from tests.makers.letters import links_in, text_of
from tests.makers.mail_server import Post, a_mail_server
from tests.makers.summaries import a_published_summary, an_event_that_is_over
from tests.web.staff_clients import staff

DAY = dt.timedelta(days=1)
LONG_AGO = timezone.now() - 90 * DAY
LINK = [{"url": "https://city.example/x"}]
HEARD = [{"title": "Tell us the reason", "count": 12, "text": "Many asked why.", "quotes": []}]
ENDS: dict[Standing, dict[str, Any]] = {
    Standing.KEPT: {"evidence": LINK},
    Standing.KEPT_IN_PART: {"evidence": LINK, "reason": "Fridays are missing."},
    Standing.NOT_KEPT: {"reason": "No money."},
    Standing.WILL_NOT_DO: {"reason": "A law does the same."},
}
CONFIRMED = [each for each in Standing if each is not Standing.DRAFT]
TONGUES = ["en", "es"]


def one_that_is(standing: Standing, agency: Agency) -> Commitment:
    today = today_of(agency)
    due = {Standing.LATE: -24, Standing.MOVED: -24, Standing.AT_RISK: 5}.get(standing, 60)
    made = a_commitment(agency, due_on=today + due * DAY, now=LONG_AGO, title="Mend the lamp")
    if standing is Standing.MOVED:
        update(
            made, actor=None, now=timezone.now() - DAY, due_on=today + 10 * DAY, reason="The pole is rusted."
        )
    elif standing in ENDS:
        update(made, actor=None, now=timezone.now() - DAY, status=standing.value, **ENDS[standing])
    made.refresh_from_db()
    made.agency = agency
    assert standing_on(made, staff_day(agency, today)) is standing
    return made


def words_in(answer: Any) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", answer.content.decode())))


def the_word(made: Commitment, tongue: str, *, of_staff: bool = False) -> str:
    today = today_of(made.agency)
    day = staff_day(made.agency, today) if of_staff else public_day(today)
    with translation.override(tongue):
        return word_of(made, standing_on(made, day), today)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("standing", CONFIRMED)
def test_every_page_and_answer_says_the_word(standing: Standing) -> None:
    event = an_event_that_is_over(an_agency(languages=["en", "es"]))
    agency = event.agency
    made = one_that_is(standing, agency)
    a_published_summary(event, heard=HEARD, will_do=[made.pk])
    desk = staff(agency, "leader")
    for tongue, before in (("en", ""), ("es", "/es")):
        word = the_word(made, tongue)
        for path in ("promises/", f"promises/{made.number}/"):
            assert word in words_in(Client().get(f"{before}/agencies/{agency.slug}/{path}")), (tongue, path)
        assert word in words_in(Client().get(f"{before}/events/{event.pk}/summary"))
        Person.objects.filter(roles__agency=agency).update(language=tongue)
        own = the_word(made, tongue, of_staff=True)
        for path in (f"commitments/{made.pk}/", "commitments/?show=all"):
            assert own in words_in(desk.get(f"/desk/{agency.slug}/{path}")), (tongue, path)
    rows = csv.DictReader(
        io.StringIO(
            b"".join(Client().get(f"/agencies/{agency.slug}/promises.csv").streaming_content).decode(
                "utf-8-sig"
            )
        )
    )
    for_all = standing_on(made, public_day(today_of(agency)))
    assert [row["standing"] for row in rows] == [for_all]
    assert the_public().get(f"/commitments/{made.pk}/").json()["standing"] == for_all
    assert api_of(agency, "leader").get(f"/commitments/{made.pk}/").json()["standing"] == standing
    counts = follow_through(agency=agency, today=today_of(agency), public=False)["counts"]
    assert (counts["total"], counts[standing]) == (1, 1)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("standing", CONFIRMED)
def test_the_leaders_page_shows_its_mark_and_puts_it_into_its_column(standing: Standing) -> None:
    agency = an_agency(offices=["Traffic Unit"])
    one_that_is(standing, agency)
    page = staff(agency, "leader").get(f"/desk/{agency.slug}/follow-through/").content.decode()
    offices = page[page.index('class="table offices"') :]
    numbers = [
        int(each)
        for each in re.findall(r'<td class="n[^"]*">\D*?(\d+)', offices[: offices.index("</table>")])
    ]
    assert len(numbers) == len(CONFIRMED) + 1
    assert sum(numbers[:-1]) == numbers[-1] == 1
    if standing in {Standing.LATE, Standing.AT_RISK, Standing.MOVED}:
        made = Commitment.objects.get(agency=agency)
        assert the_word(made, "en", of_staff=True) in words_in_text(page)


def words_in_text(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", page)))


@pytest.mark.django_db(databases=["default", "owner"])
def test_what_was_late_on_its_first_day_says_both_days_and_never_that_it_is_on_track() -> None:
    agency = an_agency(languages=["en", "es"])
    made = a_commitment(agency, now=dt.datetime(2026, 9, 1, tzinfo=dt.UTC), due_on=dt.date(2026, 11, 4))
    made.due_on = dt.date(2026, 12, 4)
    today = dt.date(2026, 11, 28)
    assert public_word(made, today) == "Late on its first date (November 4). New date December 4."
    with translation.override("es"):
        said = public_word(made, today)
    assert said == "Atrasada en su primera fecha (4 de noviembre). Nueva fecha: 4 de diciembre."


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
@pytest.mark.parametrize("tongue", TONGUES)
def test_the_letter_says_the_word_of_the_page(settings: Any, tongue: str) -> None:
    with a_mail_server() as post:
        settings.MAIL_SERVER, settings.MAIL_FROM = post.server, "meetings@harbor.example"
        settings.PUBLIC_URL = "https://engage.example"
        agency = an_agency(languages=["en", "es"])
        for standing in CONFIRMED:
            made = one_that_is(standing, agency)
            go_round()
            _follow(post, made, tongue)
            update(made, actor=None, now=timezone.now(), note="We go on.")
            go_round()
            assert the_word(made, tongue) in " ".join(text_of(post.letters[-1]).split()), standing


def _follow(post: Post, made: Commitment, tongue: str) -> None:
    subscribing.subscribe(
        agency=made.agency, target="commitment", target_id=made.pk, email=f"r{made.number}@mail.example",
        language=tongue, now=timezone.now(),
    )  # fmt: skip
    go_round()
    (token,) = links_in(post.letters[-1], "/confirm")
    subscribing.confirm(token, now=timezone.now())
