"""News for those who follow something, or who were there: a new meeting, what was heard, how a promise goes."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engage.agencies.languages import in_language
from engage.commitments.models import Commitment, CommitmentUpdate
from engage.commitments.standing import first_day_of_moved
from engage.commitments.ways_back import is_of_a_pair_taken_back
from engage.commitments.words import public_word
from engage.contacts.links import Purpose, mint
from engage.contacts.models import Contact
from engage.local_time import local_day
from events.event.discretion import is_discreet
from events.event.models import Audience
from events.event.standing import EventStanding, standing_of
from events.event.when import days_of, when_of
from outreach.ledger.kinds import About, letter
from outreach.ledger.models import Lane
from outreach.letters.content import Content, button, counted, facts, link, numbered, paragraph, quote, title
from outreach.letters.event_words import date, erased_on, office_of, signed_by, title_of, when_and_where
from outreach.letters.occasion import Occasion, Pointless, TooLate
from outreach.subscriptions.models import Subscription, SubscriptionTarget
from outreach.subscriptions.one_click_unsubscribe import unsubscribe_link
from outreach.summaries.models import SummaryStatus, SummaryVersion
from outreach.summaries.reading import Refused, Theme, words_of


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
    name = title_of(event, occasion.language)
    subject = _("New meeting: {title}, {when}").format(title=name, when=when_of(event))
    if event.discreet:
        subject = _("A meeting on {when}").format(when=when_of(event))
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
        content.add(
            button(_("Read more, or save a place"), page_of(f"/events/{event.pk}", occasion.language))
        )
    return stoppable(content, occasion)


@letter(
    kind="summary", lane=Lane.BROADCAST, about=About.NEWS, stops=True, called=gettext_lazy("What we heard")
)
def summary(occasion: Occasion) -> Content:
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
    words = words_of(version, occasion.language)
    content = Content(
        subject=_("What we heard: {title}").format(title=title_of(event, occasion.language)),
        heading=_("What we heard on {day}").format(day=days_of(event)),
    )
    if event.discreet:
        content.subject = _("Your meeting on {when}").format(when=when_of(event))
    signed_by(content, occasion.agency, discreet=event.discreet)
    if version.correction_note:
        content.add(
            paragraph(_("This corrects what we sent before: {note}").format(note=version.correction_note))
        )
    _came(content, version)
    _contributions(content, words.themes)
    _commitments(content, version, occasion)
    _refused(content, words.refused)
    for label, text in ((_("What happens next"), words.next_steps), (_("Our answer"), words.reply)):
        if text:
            content.add(title(label), paragraph(text))
    if event.audience == Audience.PUBLIC and not event.discreet:
        address = page_of(f"/events/{event.pk}/summary", occasion.language)
        content.add(button(_("Read it all, and check on each promise"), address))
    if occasion.contact.scope == Contact.Scope.EVENT:
        erased_on(content, occasion.contact, event.timezone)
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
    hidden = {redaction.field for redaction in line.redactions.all()}
    name = in_language(commitment.translations, occasion.language, "title", commitment.title)
    if is_discreet(SubscriptionTarget.COMMITMENT, commitment.pk):
        return stoppable(_discreet_news(occasion, commitment), occasion)
    content = Content(
        subject=_("Promise {number}: {title}").format(number=commitment.number, title=name),
        heading=_("News of promise {number}").format(number=commitment.number),
    )
    signed_by(content, occasion.agency)
    content.add(
        paragraph(name),
        facts(
            [
                (_("Now"), [_stands(occasion, commitment)]),
                (_("Due"), [_due(commitment)]),
                (_("Owner"), [office_of(occasion.agency, commitment.owner_office)]),
                (_("Why"), [line.reason if "reason" not in hidden else ""]),
                (_("What is new"), [line.note if "note" not in hidden else ""]),
            ]
        ),
    )
    for shown in line.evidence.all():
        content.add(link(shown.title or _("See for yourself"), shown.url))
    address = page_of(f"/agencies/{occasion.agency.slug}/promises/{commitment.number}/", occasion.language)
    content.add(button(_("See the promise and its whole history"), address))
    return stoppable(content, occasion)


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


def page_of(path: str, language: str) -> str:
    """A public page's address; the first language has none in its path, every other that we speak has its code in front."""
    spoken = language in dict(settings.LANGUAGES) and language != settings.LANGUAGE_CODE
    return f"{settings.PUBLIC_URL}{f'/{language}' if spoken else ''}{path}"


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


def _shortened(text: str, most: int = 600) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"
