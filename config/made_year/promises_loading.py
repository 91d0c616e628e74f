"""Writes the promises of the made-up year with every change they went through, and the evidence behind the kept ones."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from config.made_year.agencies import MAIN, SECOND
from config.made_year.promises import MAIN_PROMISES, SECOND_PROMISES, MadePromise, State
from config.made_year.year import Year
from engage.models import Agency, Commitment, CommitmentStatus, CommitmentUpdate, Evidence, Role
from events.models import Event, EventStatus

_S = CommitmentStatus
_STATUS = {
    State.KEPT: _S.KEPT,
    State.KEPT_LATE: _S.KEPT,
    State.NOT_KEPT: _S.NOT_KEPT,
    State.STOPPED: _S.WILL_NOT_DO,
}


@dataclass
class _Story:
    """One promise, with its days counted back (−) or ahead from the day of the first load."""

    made: MadePromise
    promise: Commitment
    promised: dt.date
    updates: list[CommitmentUpdate] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)


def load_promises(year: Year) -> None:
    stories: list[_Story] = []
    for slug, promises in ((MAIN, MAIN_PROMISES), (SECOND, SECOND_PROMISES)):
        agency = year.agencies[slug]
        # Numbers follow the order in which things were promised; drafts have none.
        drafted = [_begin(year, agency, made, number) for number, made in enumerate(promises)]
        drafted.sort(key=lambda story: story.promised)
        for story in drafted:
            if not story.promise.draft:
                agency.last_commitment_number += 1
                story.promise.number = agency.last_commitment_number
        agency.save(update_fields=["last_commitment_number"])
        stories += drafted
    for story in stories:
        _tell(year, story)
    Commitment.objects.bulk_create([story.promise for story in stories])
    CommitmentUpdate.objects.bulk_create([update for story in stories for update in story.updates])
    Evidence.objects.bulk_create([evidence for story in stories for evidence in story.evidence])
    through = Commitment.communities.through
    through._default_manager.bulk_create(
        through(
            commitment_id=story.promise.pk,
            community_id=year.communities[story.promise.agency.slug, name].pk,
        )
        for story in stories
        for name in story.made.communities
    )


def _begin(year: Year, agency: Agency, made: MadePromise, number: int) -> _Story:
    promised, due = _days(made.state, number)
    today = year.today(agency)
    day = today + dt.timedelta(days=promised)
    event = _event_before(year, agency, made, day)
    promise = Commitment(
        agency=agency,
        title=made.title,
        done_means=made.done_means,
        owner_office=made.office,
        owner=year.owner_of(agency.slug, made.office),
        focus_area=made.focus_area.value,
        dialogue=year.dialogues.get(made.dialogue or ""),
        theme=year.themes.get((made.dialogue or "", made.theme or "")),
        event=event,
        due_on=today + dt.timedelta(days=due),
        first_due_on=today + dt.timedelta(days=due),
        draft=made.state is State.DRAFT,
        status=_S.OPEN.value,
        created_at=_noon(agency, day),
        created_by=year.staff(agency.slug, Role.Kind.LIAISON),
    )
    return _Story(made, promise, day)


def _days(state: State, number: int) -> tuple[int, int]:
    """When it was promised and when it is due, in days from today. Spread, so that a year has no single deadline day."""
    spread = number * 7 % 60
    return {
        State.KEPT: (-300 + spread, -90 - spread // 2),
        State.KEPT_LATE: (-280 + spread, -120 - spread // 2),
        State.ON_TRACK: (-100 + spread, 30 + number * 5),
        State.AT_RISK: (-110 + spread // 2, 4 + number % 8),
        State.LATE: (-200 + spread, -5 - spread // 3),
        State.NOT_KEPT: (-290 + spread, -100 + spread // 3),
        State.STOPPED: (-260 + spread, -20 + spread // 3),
        State.DRAFT: (-3, 90),
    }[state]


def _event_before(year: Year, agency: Agency, made: MadePromise, day: dt.date) -> Event | None:
    """The meeting it came from: the last one of its conversation before it was promised."""
    dialogue = year.dialogues.get(made.dialogue or "")
    before = [
        event
        for event in year.events
        if event.agency == agency
        and event.status == EventStatus.ENDED
        and event.dialogue_id == (dialogue.pk if dialogue else None)
        and event.local_starts_at.date() <= day
        and event.audience == "public"
    ]
    return max(before, key=lambda event: event.starts_at, default=None)


def _tell(year: Year, story: _Story) -> None:
    """What happened to it since."""
    promise, state = story.promise, story.made.state
    year.note(
        "commitment.drafted" if promise.draft else "commitment.made",
        promise,
        at=promise.created_at,
        actor=promise.created_by,
        public=not promise.draft,
    )
    if state is State.DRAFT:
        return
    today = year.today(promise.agency)
    half = story.promised + (min(promise.due_on, today) - story.promised) / 2
    if state is State.AT_RISK:
        half = min(half, today - dt.timedelta(days=45))
    _update(
        year, story, half, status=_S.IN_PROGRESS, note="Work has begun. The next step has a date and a name."
    )
    if promise.number and promise.number % 9 == 4 and state is State.ON_TRACK:
        _move(year, story, half + dt.timedelta(days=2))
    ended = {
        State.KEPT: promise.due_on - dt.timedelta(days=4),
        State.KEPT_LATE: promise.due_on + dt.timedelta(days=12),
        State.NOT_KEPT: promise.due_on + dt.timedelta(days=9),
        State.STOPPED: min(promise.due_on, today) - dt.timedelta(days=16),
    }.get(state)
    if ended is not None:
        _update(year, story, ended, status=_STATUS[state], reason=story.made.reason)
    elif state is State.ON_TRACK:
        _update(
            year, story, today - dt.timedelta(days=8), note="On its way; nothing stands against the date."
        )


def _update(
    year: Year,
    story: _Story,
    day: dt.date,
    *,
    status: CommitmentStatus | None = None,
    reason: str = "",
    note: str = "",
) -> None:
    promise = story.promise
    update = CommitmentUpdate(
        agency=promise.agency,
        commitment=promise,
        number=promise.updates_count + 1,
        reason=reason,
        note=note,
        actor=promise.created_by,
        at=_noon(promise.agency, day),
    )
    if status is not None:
        update.status_from, update.status_to = promise.status, status.value
        promise.status = status.value
    if status is _S.KEPT:
        story.evidence.append(_evidence(update))
        update.note = update.note or "Done. The link shows it."
    if status in {_S.KEPT, _S.NOT_KEPT, _S.WILL_NOT_DO}:
        promise.closed_on = day
    _count(year, story, update, day)


def _move(year: Year, story: _Story, day: dt.date) -> None:
    promise = story.promise
    update = CommitmentUpdate(
        agency=promise.agency,
        commitment=promise,
        number=promise.updates_count + 1,
        due_from=promise.due_on,
        due_to=promise.due_on + dt.timedelta(days=30),
        reason="The supplier named a later week; we asked two others first.",
        actor=promise.created_by,
        at=_noon(promise.agency, day),
    )
    promise.due_on += dt.timedelta(days=30)
    _count(year, story, update, day)


def _count(year: Year, story: _Story, update: CommitmentUpdate, day: dt.date) -> None:
    promise = story.promise
    promise.updates_count, promise.last_updated_on = update.number, day
    promise.edit_version += 1
    story.updates.append(update)
    data = {"update": str(update.pk), "number": update.number}
    year.note("commitment.updated", promise, at=update.at, actor=update.actor, public=True, **data)


def _evidence(update: CommitmentUpdate) -> Evidence:
    promise = update.commitment
    return Evidence(
        agency=promise.agency,
        commitment=promise,
        update=update,
        url=f"https://{promise.agency.slug}.example/promises/{promise.number}",
        title="What was done, with pictures and dates",
        added_by=update.actor,
        added_at=update.at,
    )


def _noon(agency: Agency, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), tzinfo=ZoneInfo(agency.timezone))
