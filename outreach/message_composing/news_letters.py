"""News for those who follow something, or who were there: a new meeting, what was heard, how a promise goes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.models import Commitment, CommitmentUpdate, Contact
from engage.resident_links import Purpose, mint
from events.discretion import is_discreet
from events.models import Audience, EventStatus
from outreach.letter_languages import in_language
from outreach.message_composing.content import (
    Content,
    button,
    counted,
    facts,
    link,
    numbered,
    paragraph,
    quote,
    title,
)
from outreach.message_composing.meeting_words import (
    date,
    day,
    erased_on,
    signed_by,
    title_of,
    when,
    when_and_where,
)
from outreach.message_composing.occasion import Occasion
from outreach.message_composing.verdicts import Pointless, TooLate
from outreach.models import Subscription, SubscriptionTarget, SummaryStatus, SummaryVersion
from outreach.one_click_unsubscribe import unsubscribe_link


def new_meeting(occasion: Occasion) -> Content:
    event = occasion.meeting
    if event.status not in {EventStatus.PUBLISHED, EventStatus.LIVE} or event.starts_at <= occasion.now:
        raise TooLate("event_over") if event.status != EventStatus.CANCELLED else Pointless("event_cancelled")
    name = title_of(event, occasion.language)
    subject = _("New meeting: {title}, {when}").format(title=name, when=when(event))
    if event.discreet:
        subject = _("A meeting on {when}").format(when=when(event))
    content = Content(subject=subject, heading=_("A new meeting"))
    signed_by(content, occasion.agency, discreet=event.discreet)
    if not event.discreet:
        content.add(title(name))
        text = in_language(event.translations, occasion.language, "description", event.description)
        if text:
            content.add(paragraph(_shortened(text)))
    content.add(
        when_and_where(event, with_link=False),
        link(_("Put it in your calendar"), f"{settings.PUBLIC_URL}/events/{event.pk}/invite.ics"),
    )
    if not event.discreet:
        content.add(button(_("Read more, or save a place"), _page(f"/events/{event.pk}", occasion.language)))
    return _stoppable(content, occasion)


def what_we_heard(occasion: Occasion) -> Content:
    """The summary, in the resident's language where it was translated; of a discreet meeting only that there is one."""
    version = (
        SummaryVersion.objects.select_related("summary__event")
        .filter(pk=occasion.subject, status=SummaryStatus.PUBLISHED)
        .first()
    )
    if version is None:
        raise Pointless("summary_gone")
    if occasion.contact.stopped_on is not None:
        raise Pointless("unsubscribed")
    event = version.summary.event
    words = _words(version, occasion.language)
    content = Content(
        subject=_("What we heard: {title}").format(title=title_of(event, occasion.language)),
        heading=_("What we heard on {day}").format(day=day(event.local_starts_at)),
    )
    if event.discreet:
        content.subject = _("Your meeting on {when}").format(when=when(event))
    signed_by(content, occasion.agency, discreet=event.discreet)
    if version.correction_note:
        content.add(
            paragraph(_("This corrects what we sent before: {note}").format(note=version.correction_note))
        )
    _came(content, version)
    _heard(content, words["heard"])
    _promised(content, version, occasion.language)
    _refused(content, words["will_not_do"])
    for label, text in ((_("What happens next"), words["next_steps"]), (_("Our answer"), words["reply"])):
        if text:
            content.add(title(label), paragraph(text))
    if event.audience == Audience.PUBLIC and not event.discreet:
        address = _page(f"/events/{event.pk}/summary", occasion.language)
        content.add(button(_("Read it all, and check on each promise"), address))
    if occasion.contact.scope == Contact.Scope.EVENT:
        erased_on(content, occasion.contact, event.timezone)
    return _stoppable(content, occasion)


def promise_moved(occasion: Occasion) -> Content:
    line = (
        CommitmentUpdate.objects.select_related("commitment")
        .prefetch_related("redactions", "evidence")
        .filter(pk=occasion.subject)
        .first()
    )
    if line is None:
        raise Pointless("update_gone")
    promised = line.commitment
    hidden = {redaction.field for redaction in line.redactions.all()}
    name = in_language(promised.translations, occasion.language, "title", promised.title)
    if is_discreet(SubscriptionTarget.COMMITMENT, promised.pk):
        return _stoppable(_discreet_news(occasion, promised), occasion)
    content = Content(
        subject=_("Promise {number}: {title}").format(number=promised.number, title=name),
        heading=_("News of promise {number}").format(number=promised.number),
    )
    signed_by(content, occasion.agency)
    content.add(
        paragraph(name),
        facts(
            [
                (_("Now"), [str(promised.get_status_display())]),
                (_("Due"), [_due(promised)]),
                (_("Owner"), [promised.owner_office]),
                (_("Why"), [line.reason if "reason" not in hidden else ""]),
                (_("What is new"), [line.note if "note" not in hidden else ""]),
            ]
        ),
    )
    for shown in line.evidence.all():
        content.add(link(shown.title or _("See for yourself"), shown.url))
    address = _page(f"/agencies/{occasion.agency.slug}/promises/{promised.number}/", occasion.language)
    content.add(button(_("See the promise and its whole history"), address))
    return _stoppable(content, occasion)


def _discreet_news(occasion: Occasion, promised: Commitment) -> Content:
    """Of a promise that came of a discreet meeting: how it stands, and a button whose words say nothing of what it is about."""
    content = Content(subject=_("News about what you follow"), heading=_("There is news"))
    signed_by(content, occasion.agency, discreet=True)
    now = [(_("Now"), [str(promised.get_status_display())]), (_("Due"), [_due(promised)])]
    address = _page(f"/news/{promised.pk}/", occasion.language)
    return content.add(facts(now), button(_("Read what is new"), address))


def please_confirm(occasion: Occasion) -> Content:
    """The question of the double opt-in. Nothing that was typed stands in it."""
    standing = Subscription.objects.filter(pk=occasion.subject, ended_at=None, confirmed_at=None).first()
    if standing is None:
        raise Pointless("subscription_settled")
    content = Content(subject=_("Please confirm: news from us"), heading=_("Do you want to hear from us?"))
    discreet = is_discreet(standing.target, standing.target_id)
    signed_by(content, occasion.agency, discreet=discreet)
    token = mint(Purpose.CONFIRM, standing.pk, standing.link_version)
    about = _("Somebody asked that we write to this address about meetings or promises of {agency}.")
    if discreet:
        about = _("Somebody asked that we write to this address about a meeting.")
    content.add(
        paragraph(about.format(agency=occasion.agency.name)),
        button(_("Yes, write to me"), f"{settings.PUBLIC_URL}/confirm/{token}"),
        paragraph(
            _(
                "If this was not you, do nothing. We will not write again, and we delete the address in a week."
            )
        ),
    )
    return content


def _page(path: str, language: str) -> str:
    """A public page's address; the first language has none in its path, every other that we speak has its code in front."""
    spoken = language in dict(settings.LANGUAGES) and language != settings.LANGUAGE_CODE
    return f"{settings.PUBLIC_URL}{f'/{language}' if spoken else ''}{path}"


def _stoppable(content: Content, occasion: Occasion) -> Content:
    """One click ends it. Raises Pointless where it has ended already."""
    if occasion.contact.scope != Contact.Scope.SUBSCRIPTION:
        content.stop = unsubscribe_link(occasion.contact)
        return content
    standing = (
        Subscription.objects.filter(contact=occasion.contact, confirmed_at__isnull=False, ended_at=None)
        .order_by("pk")
        .first()
    )
    if standing is None:
        raise Pointless("unsubscribed")
    content.stop = mint(Purpose.UNSUBSCRIBE, standing.pk, standing.link_version)
    return content


def _words(version: SummaryVersion, language: str) -> dict[str, Any]:
    """The parts in this language; each part that is not translated, as it was written first."""
    translated = version.translations.get(language) or {}
    names = ("heard", "will_not_do", "next_steps", "reply")
    return {name: translated.get(name) or getattr(version, name) for name in names}


def _came(content: Content, version: SummaryVersion) -> None:
    many = version.attendance.get("total") or 0
    if isinstance(many, int) and many > 0:
        came = ngettext("{count} person came. Thank you.", "{count} people came. Thank you.", many)
        content.add(paragraph(came.format(count=many)))


def _heard(content: Content, heard: list[dict[str, Any]]) -> None:
    if not heard:
        return
    content.add(title(_("Most raised")))
    content.add(counted([(int(part.get("count") or 0), str(part.get("title") or "")) for part in heard]))
    for part in heard:
        if part.get("text") or part.get("quotes"):
            content.add(title(str(part.get("title") or "")))
        if part.get("text"):
            content.add(paragraph(str(part["text"])))
        content.add(*(quote(str(words)) for words in part.get("quotes") or []))


def _promised(content: Content, version: SummaryVersion, language: str) -> None:
    promised = Commitment.objects.filter(pk__in=version.will_do, draft=False).in_bulk()
    listed = [promised[key] for key in version.will_do if key in promised]
    if listed:
        content.add(title(_("What we promised")))
        content.add(
            numbered(
                [
                    (
                        in_language(one.translations, language, "title", one.title),
                        _("{office}, due {date}").format(office=one.owner_office, date=date(one.due_on)),
                    )
                    for one in listed
                ]
            )
        )


def _refused(content: Content, will_not_do: list[dict[str, Any]]) -> None:
    if will_not_do:
        content.add(title(_("What we will not do, and why")))
        content.add(
            numbered([(str(one.get("text") or ""), str(one.get("reason") or "")) for one in will_not_do])
        )


def _due(promised: Commitment) -> str:
    if promised.due_on == promised.first_due_on:
        return date(promised.due_on)
    return _("{date}, moved from {first}").format(
        date=date(promised.due_on), first=date(promised.first_due_on)
    )


def _shortened(text: str, most: int = 600) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"
