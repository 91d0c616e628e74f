"""News for those who follow something, or who were there: a new meeting, what was heard, how a promise goes."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from engage.agencies.languages import in_language
from engage.commitments.models import Commitment, CommitmentUpdate
from engage.commitments.standing import first_day_of_moved
from engage.commitments.ways_back import is_of_a_pair_taken_back
from engage.commitments.words import public_word
from engage.contacts.links import Purpose, mint
from engage.contacts.models import Contact
from engage.local_time import local_day
from events.event.discretion import is_discreet
from events.event.standing import EventStanding, standing_of
from events.event.when import days_of
from outreach.ledger.kinds import About, letter
from outreach.ledger.models import Lane
from outreach.letters.content import Content, button, counted, facts, link, numbered, paragraph, quote, title
from outreach.letters.event_words import (
    also_in,
    date,
    has_page,
    in_every_language,
    letter_about,
    office_of,
    page_of,
    signed_by,
    the_facts,
    title_of,
)
from outreach.letters.occasion import Occasion, Pointless, TooLate
from outreach.letters.subjects import fitted, shortened
from outreach.subscriptions.models import Subscription, SubscriptionTarget
from outreach.subscriptions.one_click_unsubscribe import unsubscribe_link
from outreach.subscriptions.words import followed_in, what_comes
from outreach.summaries.models import SummaryStatus, SummaryVersion
from outreach.summaries.reading import Refused, Theme, words_of

_LONGEST_DESCRIPTION = 600


@letter(
    kind="new_meeting",
    lane=Lane.BROADCAST,
    about=About.NEWS,
    stops=True,
    called=gettext_lazy("New meeting, to followers"),
)
def new_event(occasion: Occasion) -> Content:
    event = occasion.event
    standing = standing_of(event, occasion.now)
    if standing is EventStanding.CANCELLED:
        raise Pointless("event_cancelled")
    if not standing.is_ahead:
        raise TooLate("event_over")
    content = about_event(occasion, _("New meeting"), neutral=_("A meeting"), heading=_("A new meeting"))
    if not event.discreet:
        text = in_language(event.translations, occasion.language, "description", event.description)
        if text:
            content.add(paragraph(shortened(text, _LONGEST_DESCRIPTION)))
    content.add(the_facts(occasion, named=False))
    read_more(content, occasion, _("Put it in your calendar"))
    return stoppable(content, occasion)


def about_event(occasion: Occasion, what: str, *, neutral: str, heading: str, at: bool = False) -> Content:
    """News of a meeting. What a discreet one is called is said inside, and to nobody but who follows this agency by its name."""
    content = letter_about(occasion, what, neutral=neutral, heading=heading, at=at)
    if not occasion.event.discreet or _follows_the_agency(occasion):
        content.add(title(title_of(occasion.event, occasion.language)))
    return content


def read_more(content: Content, occasion: Occasion, calendar: str = "") -> None:
    """The way to its page; of a discreet meeting that is the one link, and its words say nothing. calendar: the link's words."""
    event = occasion.event
    if not has_page(event):
        return
    address = page_of(f"/events/{event.pk}", occasion.language)
    content.add(button(_("Read more, or save a place"), address))
    if calendar and not event.discreet:
        content.add(link(calendar, f"{settings.PUBLIC_URL}/events/{event.pk}/invite.ics"))
    also_in(content, occasion.language, in_every_language(f"/events/{event.pk}"))


@letter(
    kind="summary", lane=Lane.BROADCAST, about=About.NEWS, stops=True, called=gettext_lazy("What we heard")
)
def summary(occasion: Occasion) -> Content:
    """The summary, in the resident's language where it was translated; of a discreet meeting only that there is one."""
    version = (
        SummaryVersion.objects.select_related("summary__event__agency", "summary__event__venue")
        .filter(pk=occasion.subject, status=SummaryStatus.PUBLISHED)
        .first()
    )
    if version is None:
        raise Pointless("summary_gone")
    if occasion.contact.stopped_on is not None:
        raise Pointless("unsubscribed")
    event = occasion.maybe_event = version.summary.event
    content = about_event(
        occasion,
        _("What we heard"),
        neutral=_("What came of the meeting"),
        heading=_("What we heard on {day}").format(day=days_of(event)),
    )
    path = f"/events/{event.pk}/summary"
    if event.discreet:
        return stoppable(_neutral_summary(content, occasion, path), occasion)
    words = words_of(version, occasion.language)
    if version.correction_note:
        content.add(
            paragraph(_("This corrects what we sent before: {note}").format(note=version.correction_note))
        )
    _came(content, version)
    content.add(the_facts(occasion, comes=False, named=False))
    _contributions(content, words.themes)
    _commitments(content, version, occasion)
    _refused(content, words.refused)
    for label, text in ((_("What happens next"), words.next_steps), (_("Our answer"), words.reply)):
        if text:
            content.add(title(label), paragraph(text))
    if has_page(event):
        content.add(button(_("Read it all, and check on each promise"), page_of(path, occasion.language)))
        also_in(content, occasion.language, in_every_language(path))
    return stoppable(content, occasion)


@letter(
    kind="commitment_update",
    lane=Lane.BROADCAST,
    about=About.NEWS,
    stops=True,
    called=gettext_lazy("Update on a promise"),
)
def commitment_moved(occasion: Occasion) -> Content:
    line = (
        CommitmentUpdate.objects.select_related("commitment")
        .prefetch_related("redactions", "evidence")
        .filter(pk=occasion.subject)
        .first()
    )
    if line is None:
        raise Pointless("update_gone")
    if is_of_a_pair_taken_back(line):
        raise Pointless("ending_taken_back")
    commitment = line.commitment
    name = in_language(commitment.translations, occasion.language, "title", commitment.title)
    if is_discreet(SubscriptionTarget.COMMITMENT, commitment.pk):
        return stoppable(_discreet_news(occasion, commitment), occasion)
    number = _("Promise {number}").format(number=commitment.number)
    content = Content(
        subject=fitted(_("{number}: {title}").format(number=number, title="{title}"), name, without=number),
        heading=_("News of promise {number}").format(number=commitment.number),
        preheader=_stands(occasion, commitment),
    )
    signed_by(content, occasion.agency)
    content.add(paragraph(name), facts(_what_is_new(occasion, commitment, line)))
    for shown in line.evidence.all():
        content.add(link(shown.title or _("See for yourself"), shown.url))
    path = f"/agencies/{occasion.agency.slug}/promises/{commitment.number}/"
    content.add(button(_("See the promise and its whole history"), page_of(path, occasion.language)))
    also_in(content, occasion.language, in_every_language(path))
    return stoppable(content, occasion)


def _what_is_new(
    occasion: Occasion, commitment: Commitment, line: CommitmentUpdate
) -> list[tuple[str, list[str]]]:
    hidden = {redaction.field for redaction in line.redactions.all()}
    return [
        (_("Now"), [_stands(occasion, commitment)]),
        (_("Due"), [_due(commitment)]),
        (_("Owner"), [office_of(occasion.agency, commitment.owner_office)]),
        (_("Why"), [line.reason if "reason" not in hidden else ""]),
        (_("What is new"), [line.note if "note" not in hidden else ""]),
    ]


def _discreet_news(occasion: Occasion, commitment: Commitment) -> Content:
    """Of a promise that came of a discreet meeting: how it stands, and a button whose words say nothing of what it is about."""
    content = Content(subject=_("News about what you follow"), heading=_("There is news"))
    signed_by(content, occasion.agency, discreet=True)
    now = [(_("Now"), [_stands(occasion, commitment)]), (_("Due"), [_due(commitment)])]
    address = page_of(f"/news/{commitment.pk}/", occasion.language)
    return content.add(facts(now), button(_("Read what is new"), address))


@letter(
    kind="subscription_confirm",
    lane=Lane.ANSWER,
    about=About.SUBSCRIPTION,
    called=gettext_lazy("Question whether to send news"),
)
def please_confirm(occasion: Occasion) -> Content:
    """The question of the double opt-in. Nothing that was typed stands in it."""
    standing = Subscription.objects.filter(pk=occasion.subject, ended_at=None, confirmed_at=None).first()
    if standing is None:
        raise Pointless("subscription_settled")
    is_hidden = is_discreet(standing.target, standing.target_id)
    name = "" if is_hidden else followed_in(standing, occasion.language)
    without = _("Please confirm: news from us")
    content = Content(
        subject=fitted(_("Please confirm: news of {title}").format(title="{title}"), name, without=without)
        if name
        else without,
        heading=_("Do you want to hear from us?"),
    )
    signed_by(content, occasion.agency, discreet=is_hidden)
    content.add(
        paragraph(_("Somebody asked us to write to this address. Please tell us whether you want that.")),
        facts(
            [
                (pgettext("label", "About"), [name or _kind_of(standing.target)]),
                (pgettext("sender", "From"), [] if is_hidden else [occasion.agency.name]),
                (_("What comes"), [what_comes(standing.target)]),
            ]
        ),
    )
    address = f"{settings.PUBLIC_URL}/confirm/{mint(Purpose.CONFIRM, standing.pk, standing.link_version)}"
    content.add(
        button(_("Yes, write to me"), address),
        paragraph(
            _(
                "If this was not you, do nothing. We will not write again, and we delete the address in a week."
            )
        ),
    )
    also_in(content, occasion.language, {code: f"{address}?lang={code}" for code in dict(settings.LANGUAGES)})
    return content


def _kind_of(target: str) -> str:
    """What is followed, where its name is not to be said."""
    if target == SubscriptionTarget.COMMITMENT:
        return _("A promise")
    if target == SubscriptionTarget.CONTRIBUTION:
        return _("What you asked or told us")
    if target == SubscriptionTarget.EVENT:
        return _("A meeting")
    return _("Meetings")


def _follows_the_agency(occasion: Occasion) -> bool:
    """By its name, so that they know already who writes."""
    return Subscription.objects.filter(
        contact=occasion.contact,
        target=SubscriptionTarget.AGENCY,
        target_id=occasion.agency.pk,
        confirmed_at__isnull=False,
        ended_at=None,
    ).exists()


def stoppable(content: Content, occasion: Occasion) -> Content:
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


def _neutral_summary(content: Content, occasion: Occasion, path: str) -> Content:
    """What was said there is for whoever opens it, not for whoever sees this mailbox."""
    content.heading = _("There is a summary")
    content.add(
        paragraph(_("What was said and what was promised at the meeting is written down.")),
        the_facts(occasion, comes=False),
    )
    if has_page(occasion.event):
        content.add(button(_("Read it"), page_of(path, occasion.language)))
    return content


def _came(content: Content, version: SummaryVersion) -> None:
    many = version.attendance.get("total") or 0
    if isinstance(many, int) and many > 0:
        came = ngettext("{count} person came. Thank you.", "{count} people came. Thank you.", many)
        content.add(paragraph(came.format(count=many)))


def _contributions(content: Content, themes: Sequence[Theme]) -> None:
    if not themes:
        return
    content.add(title(_("Most raised")))
    content.add(counted([(theme.count, theme.title) for theme in themes]))
    for theme in themes:
        if theme.text or theme.quotes:
            content.add(title(theme.title))
        if theme.text:
            content.add(paragraph(theme.text))
        content.add(*(quote(words) for words in theme.quotes))


def _commitments(content: Content, version: SummaryVersion, occasion: Occasion) -> None:
    commitments = Commitment.objects.filter(pk__in=version.will_do, draft=False).in_bulk()
    listed = [commitments[key] for key in version.will_do if key in commitments]
    if listed:
        content.add(title(_("What we promised")))
        content.add(
            numbered(
                [
                    (
                        in_language(one.translations, occasion.language, "title", one.title),
                        _("{office}, due {date}. {standing}").format(
                            office=office_of(occasion.agency, one.owner_office),
                            date=date(one.due_on),
                            standing=_stands(occasion, one),
                        ),
                    )
                    for one in listed
                ]
            )
        )


def _refused(content: Content, refused: Sequence[Refused]) -> None:
    if refused:
        content.add(title(_("What we will not do, and why")))
        content.add(numbered([(one.text, one.reason) for one in refused]))


def _stands(occasion: Occasion, commitment: Commitment) -> str:
    """In the words of its page."""
    return public_word(commitment, local_day(occasion.agency.timezone, occasion.now))


def _due(commitment: Commitment) -> str:
    first = first_day_of_moved(commitment)
    if first is None:
        return date(commitment.due_on)
    return _("{date}, moved from {first}").format(date=date(commitment.due_on), first=date(first))
