"""What an agency's first page tells: what is ahead, how its promises stand, and what was heard last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engage.agency_time import local_day
from engage.models import Agency, Commitment, Community
from engage.promise_tally import PromiseTally, public_tally
from events.meeting_listing import Page, Search, ahead, neighborhoods
from events.models import Audience
from outreach.models import SummaryStatus, SummaryVersion

MEETINGS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Front:
    """today: the agency's own. promised: those of the last summary, for counting how they stand."""

    today: dt.date
    meetings: Page
    neighborhoods: Sequence[Community]
    tally: PromiseTally
    heard: SummaryVersion | None
    promised: Sequence[Commitment]


def front_of(agency: Agency, *, now: dt.datetime) -> Front:
    """Five queries, however many meetings and promises there are."""
    today = local_day(agency.timezone, now)
    heard = last_heard(agency)
    promised = Commitment.objects.filter(agency=agency, pk__in=heard.will_do, draft=False) if heard else ()
    return Front(
        today,
        ahead(agency, Search(), now=now, most=MEETINGS_SHOWN),
        neighborhoods(agency),
        public_tally(agency, today=today),
        heard,
        list(promised),
    )


def last_heard(agency: Agency) -> SummaryVersion | None:
    """The summary published last, in its latest wording, with its public meeting. One query."""
    published = SummaryVersion.objects.filter(
        agency=agency, status=SummaryStatus.PUBLISHED, summary__event__audience=Audience.PUBLIC
    )
    return (
        published.select_related("summary__event")
        .order_by("-summary__first_published_at", "-summary_id", "-number")
        .first()
    )
