"""What staff fill in about a commitment: making one, changing a draft, and each public change of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.agencies.models import Agency, Community
from engage.commitments.models import (
    Commitment,
    CommitmentStatus,
    CommitmentUpdate,
    Evidence,
    FocusArea,
)
from engage.commitments.standing import has_ended
from engage.commitments.tracking import UNCHANGED
from engage.people.models import Person
from web.site.forms.fields import DayField, field_of, offer
from web.site.forms.refusals import TakesRefusals

_NOBODY: Final = ""
# What the public holds the agency to.
_HELD: Final = ("status", "due_on", "owner_office", "owner", "title", "done_means")


def offices(agency: Agency, now: str = "") -> list[tuple[str, str]]:
    """The agency's, and the one that stands although it is on the list no longer."""
    names = list(agency.offices)
    if now and now not in names:
        names.insert(0, now)
    return [(name, name) for name in names]


def owners(colleagues: Iterable[Person]) -> list[tuple[str, Any]]:
    return [(_NOBODY, _("Nobody by name")), *((str(one.pk), one.name or one.email) for one in colleagues)]


class Owned(TakesRefusals):
    """Has ``owner_office`` and ``owner``."""

    def set_owners(self, agency: Agency, colleagues: Iterable[Person], office: str = "") -> None:
        listed = offices(agency, office)
        if "owner_office" in self.fields and listed:
            first = [] if office else [("", _("Choose an office"))]
            asked = self.fields["owner_office"]
            self.fields["owner_office"] = forms.ChoiceField(
                label=asked.label,
                required=asked.required,
                error_messages=asked.error_messages,
                choices=[*first, *listed],
            )
        offer(self, "owner", owners(colleagues))

    def owner_id(self) -> UUID | None:
        given = self.cleaned_data.get("owner")
        return UUID(given) if given else None


class CommitmentForm(Owned):
    """A new commitment, or a draft of one."""

    title = field_of(
        Commitment,
        "title",
        _("What do we promise?"),
        error_messages={"required": _("Say what we promise.")},
        hint=_("One sentence that begins with what we will do."),
    )
    done_means = field_of(
        Commitment,
        "done_means",
        _("What does done mean?"),
        error_messages={"required": _("Say what must be there when it is done.")},
        hint=_("Say what anyone could go and check."),
        widget=forms.Textarea({"rows": 3}),
    )
    due_on = DayField(label=_("By when?"))
    owner_office = field_of(
        Commitment,
        "owner_office",
        _("Which office answers for it?"),
        error_messages={"required": _("Choose the office that answers for it.")},
    )
    owner = forms.ChoiceField(label=_("Who answers for it by name?"), required=False)
    focus_area = field_of(
        Commitment, "focus_area", _("Focus area"), error_messages={"required": _("Choose a focus area.")}
    )
    communities = forms.MultipleChoiceField(
        label=_("For whom is it above all?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave all of them empty when it is for everyone."),
    )
    # Of a draft that is there already.
    edit_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, agency: Agency, colleagues: Iterable[Person],
        communities: Iterable[Community], **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, **more)
        self.set_owners(agency, colleagues, str((self.initial or {}).get("owner_office", "")))
        offer(self, "communities", [(str(one.pk), one.name) for one in communities])
        offer(self, "focus_area", [("", _("Choose one")), *FocusArea.choices])

    def given(self) -> dict[str, Any]:
        """As the domain takes it."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "edit_version"}
        return said | {"owner": self.owner_id(), "communities": [UUID(one) for one in said["communities"]]}

    @staticmethod
    def as_it_is(draft: Commitment) -> dict[str, Any]:
        return {
            "title": draft.title,
            "done_means": draft.done_means,
            "due_on": draft.due_on,
            "owner_office": draft.owner_office,
            "owner": str(draft.owner_now_id or ""),
            "focus_area": draft.focus_area,
            "communities": [str(pk) for pk in draft.communities.values_list("pk", flat=True)],
            "edit_version": draft.edit_version,
        }


class UpdateForm(Owned):
    """One line of the public history. What is left as it stands changes nothing."""

    if_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    status = forms.ChoiceField(label=_("How does it stand?"), required=False)
    note = field_of(
        CommitmentUpdate,
        "note",
        _("What is new?"),
        hint=_("The public reads this. Name no resident."),
        widget=forms.Textarea({"rows": 3}),
    )
    due_on = DayField(label=_("Due"), required=False)
    owner_office = field_of(Commitment, "owner_office", _("Office"), required=False)
    owner = forms.ChoiceField(label=_("Who answers for it by name"), required=False)
    title = field_of(Commitment, "title", _("The promise, in its words"), required=False)
    done_means = field_of(
        Commitment, "done_means", _("What done means"), required=False, widget=forms.Textarea({"rows": 3})
    )
    reason = field_of(
        CommitmentUpdate,
        "reason",
        _("Reason"),
        widget=forms.Textarea({"rows": 2}),
        hint=_(
            "Needed when a date, an owner or the words change, and when a promise ends without being kept in full."
        ),
    )
    evidence = field_of(
        Evidence,
        "url",
        _("A link that shows it"),
        required=False,
        widget=forms.URLInput({"inputmode": "url"}),
        hint=_("Needed before a promise is called kept, wholly or in part."),
    )
    evidence_title = field_of(Evidence, "title", _("What the link shows"))
    shown = forms.MultipleChoiceField(
        label=_("Links that are here already"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, data: Any = None, *, commitment: Commitment, colleagues: Iterable[Person],
        loose: Iterable[Evidence] = (), **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=self.as_it_is(commitment), **more)
        if has_ended(commitment):
            for name in _HELD[1:]:
                del self.fields[name]
            self.fields["status"].show_hidden_initial = True
            self.fields["reason"].help_text = _("Needed when the ending is taken back. The public reads it.")
            offer(self, "status", _ended_or_not(commitment))
        else:
            self.set_owners(commitment.agency, colleagues, commitment.owner_office)
            for name in _HELD:
                self.fields[name].show_hidden_initial = True
            # Also what is a step back: somebody may have been faster, and the rule says so better than a list.
            offer(self, "status", _statuses(commitment, is_sent=data is not None))
        listed = [(str(one.pk), one.title or one.url) for one in loose]
        if listed:
            offer(self, "shown", listed)
        else:
            del self.fields["shown"]

    @staticmethod
    def as_it_is(commitment: Commitment) -> dict[str, Any]:
        said = {name: getattr(commitment, name) for name in _HELD}
        return said | {"owner": str(commitment.owner_now_id or ""), "if_version": commitment.edit_version}

    @property
    def said_otherwise(self) -> set[str]:
        """Of what the public holds us to: what was changed here. What was only sent along may be old by now."""
        held = [name for name in _HELD if name in self.fields]
        return {name for name in held if self._sent(name) != self._sent(f"initial-{name}")}

    def given(self) -> dict[str, Any]:
        """As the domain takes it. An emptied title, date or office means "as it was"."""
        said, changed = self.cleaned_data, self.said_otherwise
        shown: list[dict[str, Any]] = [{"id": UUID(pk)} for pk in said.get("shown", [])]
        if said.get("evidence"):
            shown.append({"url": said["evidence"], "title": said.get("evidence_title", "")})
        return {
            **{name: said.get(name) or None for name in changed - {"owner"}},
            "owner": self.owner_id() if "owner" in changed else UNCHANGED,
            "reason": said.get("reason", ""),
            "note": said.get("note", ""),
            "evidence": shown,
            # Two notes do not stand in each other's way.
            "if_version": said.get("if_version") if changed else None,
        }

    def _sent(self, name: str) -> str:
        return str(self.data.get(name, "")).replace("\r\n", "\n").strip()


def _ended_or_not(commitment: Commitment) -> list[tuple[str, Any]]:
    """As it ended; or not after all."""
    ended = CommitmentStatus(commitment.status)
    return [
        (ended.value, ended.label),
        (CommitmentStatus.IN_PROGRESS.value, _("Take that back: the work goes on")),
    ]


def _statuses(commitment: Commitment, *, is_sent: bool) -> list[tuple[str, Any]]:
    """From where it stands, forward: work that has begun is not called not begun again."""
    names = {
        CommitmentStatus.OPEN.value: _("Not begun yet"),
        CommitmentStatus.IN_PROGRESS.value: _("Work has begun"),
        CommitmentStatus.KEPT.value: _("Kept"),
        CommitmentStatus.KEPT_IN_PART.value: _("Kept in part"),
        CommitmentStatus.NOT_KEPT.value: _("Not kept"),
        CommitmentStatus.WILL_NOT_DO.value: _("Stopped: we will not do it"),
    }
    if commitment.status != CommitmentStatus.OPEN and not is_sent:
        names.pop(CommitmentStatus.OPEN.value)
    return list(names.items())
