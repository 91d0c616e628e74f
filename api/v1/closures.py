"""/closures/: the days on which the agency is closed, beside the holidays of its country and region."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers

from api import etags
from api.answers import Answer
from api.endpoint import Endpoint, operation
from api.paging import PageQuery
from api.strict_fields import Strict, Text, of
from engage.agencies.closures import close_on, edit_closure, open_again
from engage.agencies.finding import id_of_agency
from engage.agencies.models import Closure
from engage.refusals import Forbidden, Unknown


class ClosureAnswer(Answer):
    id = serializers.UUIDField()
    agency = serializers.CharField(source="agency.slug")
    on = serializers.DateField()
    name = serializers.CharField()


class ClosureBody(Strict):
    agency = Text(max_length=63, required=False)
    on = of(Closure, "on")
    name = of(Closure, "name")


class ClosureEdit(Strict):
    on = of(Closure, "on", required=False)
    name = of(Closure, "name", required=False)


class ClosureQuery(PageQuery):
    agency = serializers.CharField(required=False, max_length=63)
    after = serializers.DateField(required=False, help_text="On this day or after it.")
    before = serializers.DateField(required=False)
    ordering = serializers.ChoiceField(choices=["on", "-on"], required=False, default="on")


class _Closures(Endpoint):
    tag = "Agencies"

    def of_staff(self) -> QuerySet[Closure]:
        """Those of the viewer's agencies. Raises Forbidden for who works nowhere as staff, or whose key shows others."""
        here = self.viewer.agencies_shown("closed days")
        if not here:
            raise Forbidden
        return Closure.objects.filter(agency_id__in=here).select_related("agency")

    def at(self, closure_id: UUID) -> Closure:
        closure = self.mine(Closure.objects.select_related("agency"), closure_id, "admin")
        etags.must_match(self.request, etags.tag_of_content(self.shape(ClosureAnswer).say(closure)))
        return closure

    def said(self, closure: Closure, status: int = 200) -> Any:
        said = self.shape(ClosureAnswer).say(closure)
        return self.one(etags.tag_of_content(said), lambda: said, status=status)


class Closures(_Closures):
    @operation(
        "Your agency's closed days",
        answer=ClosureAnswer,
        many=True,
        query=ClosureQuery,
        scope="events:read|admin",
    )
    def get(self, request: Any) -> Any:
        rows, asked, by = self.of_staff(), self.query, self.query["ordering"]
        if "agency" in asked:
            rows = rows.filter(agency=id_of_agency(asked["agency"]))
        if "after" in asked:
            rows = rows.filter(on__gte=asked["after"])
        if "before" in asked:
            rows = rows.filter(on__lt=asked["before"])
        return self.list_of(rows, ClosureAnswer, order=(by, "-id" if by.startswith("-") else "id"))

    @operation("Close a day", body=ClosureBody, answer=ClosureAnswer, status=201, scope="admin")
    def post(self, request: Any) -> Any:
        agency = self.own_agency("admin")
        [made] = close_on(agency, actor=self.person, now=self.now, **self.body)
        return self.said(made, status=201)


class OneClosure(_Closures):
    @operation("One closed day", answer=ClosureAnswer, scope="events:read|admin", tagged=True)
    def get(self, request: Any, closure_id: UUID) -> Any:
        closure = self.of_staff().filter(pk=closure_id).first()
        if closure is None:
            raise Unknown
        return self.said(closure)

    @operation("Change a closed day", body=ClosureEdit, answer=ClosureAnswer, scope="admin", tagged=True)
    def patch(self, request: Any, closure_id: UUID) -> Any:
        closure = self.at(closure_id)
        changed = edit_closure(closure, actor=self.person, now=self.now, fields=self.body)
        changed.agency = closure.agency
        return self.said(changed)

    @operation("Open that day again", status=204, scope="admin", tagged=True)
    def delete(self, request: Any, closure_id: UUID) -> None:
        open_again(self.at(closure_id), actor=self.person, now=self.now)
