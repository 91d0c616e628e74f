"""/deliveries/: for how many places messages were written; /reminder-rules/: what is sent before a meeting."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers

from api import etags
from api.answers import Answer
from api.endpoint import Endpoint, operation
from api.paging import PageQuery
from api.strict_fields import Choice, Id, Strict, Text, of
from engage.agencies.models import Agency
from engage.contacts.models import Channel
from engage.refusals import Forbidden, Invalid, Unknown
from events.event.permissions import events_visible_to
from outreach.ledger.counts import delivery_counts
from outreach.ledger.models import DeliveryCount
from outreach.reminders.models import ReminderRule
from outreach.reminders.reading import standing_rules
from outreach.reminders.setting import LONGEST_SENTENCE, add_rule, change_rule, end_rule

# One value and no other: what became of letters, counted, says of an address whether it was there before.
_STATES = [("written", "written")]


class DeliveryCountAnswer(Answer):
    event = serializers.UUIDField(source="event_id", allow_null=True)
    day = serializers.DateField(help_text="Of the agency's calendar: when they were written into the ledger.")
    kind = serializers.CharField()
    state = Choice(
        choices=_STATES,
        help_text="Always `written`: counted is what was written into the ledger, whatever became of the letter. How many"
        " were sent, came back or were withheld would tell whether an address was there before.",
    )
    number = serializers.IntegerField(
        help_text="Of places, not of letters: an address that holds three counts three times, though one letter goes to it,"
        " and so does one whose letter is withheld, came back or was stopped. Of a summary also questions under an"
        " address and things followed; of other news things followed."
    )

    def state_of(self, _count: DeliveryCount) -> str:
        return "written"


class DeliveryQuery(PageQuery):
    event = serializers.UUIDField(required=False)
    kind = serializers.CharField(required=False, max_length=48)
    state = Choice(choices=_STATES, required=False)
    day = serializers.DateField(required=False)


class Deliveries(Endpoint):
    """Places are counted, up to yesterday, whatever became of each letter, and no answers to what a resident did for
    themselves: a count of letters, or one that moves when an address is typed, would say whether its owner has a place.
    So `state` has one value; the field and the filter stay for programs that were written for several.
    """

    tag = "Messages"

    @operation("For how many places messages were written, newest day first", answer=DeliveryCountAnswer, many=True,
               query=DeliveryQuery, scope="outreach:read|admin")  # fmt: skip
    def get(self, request: Any) -> Any:
        agencies = self.viewer.agencies_shown("counts of messages")
        if not agencies:
            raise Forbidden
        rows = delivery_counts(Agency.objects.filter(pk__in=agencies), now=self.now)
        wanted = ("event", "kind", "day")
        rows = rows.filter(**{name: self.query[name] for name in wanted if name in self.query})
        return self.list_of(rows, DeliveryCountAnswer, order=("-day", "-id"))


class ReminderRuleAnswer(Answer):
    id = serializers.UUIDField()
    agency = serializers.CharField(source="agency.slug")
    event = serializers.UUIDField(source="event_id", allow_null=True)
    minutes_before = serializers.IntegerField()
    channel = Choice(choices=Channel.choices)
    wording = serializers.DictField(child=serializers.CharField())


class Wording(serializers.DictField):
    child = Text(max_length=LONGEST_SENTENCE)


class ReminderRuleBody(Strict):
    agency = Text(max_length=63, required=False)
    event = Id(required=False, allow_null=True, help_text="An event's own rules replace its agency's.")
    minutes_before = of(ReminderRule, "minutes_before")
    channel = of(ReminderRule, "channel")
    wording = Wording(required=False, help_text="A sentence of the host's own, by language.")


class ReminderRuleEdit(Strict):
    minutes_before = of(ReminderRule, "minutes_before", required=False)
    channel = of(ReminderRule, "channel")
    wording = Wording(required=False)


class ReminderRuleQuery(PageQuery):
    event = serializers.UUIDField(required=False)


class _Rules(Endpoint):
    tag = "Messages"

    def rows(self) -> QuerySet[ReminderRule]:
        agencies = self.viewer.agencies_shown("reminder rules")
        if not agencies:
            raise Forbidden
        return standing_rules(agencies).select_related("agency")

    def said(self, rule: ReminderRule, status: int = 200) -> Any:
        return self.one(
            etags.tag(rule.edit_version), lambda: self.shape(ReminderRuleAnswer).say(rule), status=status
        )


class ReminderRules(_Rules):
    @operation("The rules", answer=ReminderRuleAnswer, many=True, query=ReminderRuleQuery,
               scope="outreach:read|outreach:write|admin")  # fmt: skip
    def get(self, request: Any) -> Any:
        rows = self.rows()
        if "event" in self.query:
            rows = rows.filter(event=self.query["event"])
        return self.list_of(rows, ReminderRuleAnswer, order=("created_at", "id"))

    @operation("Remind so many minutes before; events already published too", body=ReminderRuleBody,
               answer=ReminderRuleAnswer, status=201, scope="outreach:write")  # fmt: skip
    def post(self, request: Any) -> Any:
        agency, event = self.own_agency("outreach:write"), None
        self.viewer.must_do("reminder_rule.set", agency.pk)
        event_id = self.body.pop("event", None)
        if event_id is not None:
            event = events_visible_to(self.viewer).filter(pk=event_id, agency=agency).first()
            if event is None:
                raise Invalid(field="event")
        return self.said(
            add_rule(agency=agency, event=event, actor=self.person, now=self.now, **self.body), status=201
        )


class OneReminderRule(_Rules):
    @operation("One rule", answer=ReminderRuleAnswer, scope="outreach:read|outreach:write|admin", tagged=True)
    def get(self, request: Any, rule_id: UUID) -> Any:
        rule = self.rows().filter(pk=rule_id).first()
        if rule is None:
            raise Unknown
        return self.said(rule)

    @operation(
        "Change a rule", body=ReminderRuleEdit, answer=ReminderRuleAnswer, scope="outreach:write", tagged=True
    )
    def patch(self, request: Any, rule_id: UUID) -> Any:
        rule = self._own(rule_id)
        with etags.unchanged(request, rule):
            changed = change_rule(rule, actor=self.person, now=self.now, fields=self.body)
        return self.said(changed)

    @operation("End a rule", status=204, scope="outreach:write", tagged=True)
    def delete(self, request: Any, rule_id: UUID) -> None:
        rule = self._own(rule_id)
        with etags.unchanged(request, rule):
            end_rule(rule, actor=self.person, now=self.now)

    def _own(self, rule_id: UUID) -> ReminderRule:
        rule = self.mine(self.rows(), rule_id, "outreach:write")
        self.viewer.must_do("reminder_rule.set", rule.agency_id)
        return rule
