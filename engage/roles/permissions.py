"""Who may see or do what. Objects are fetched through these; a stranger's object is not there (404)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from engage.activity.models import Activity
from engage.people.models import Person
from engage.refusals import Forbidden, Unknown
from engage.roles.models import AccessToken, Role

_EVERYDAY = frozenset(
    {
        "events:read",
        "events:write",
        "rsvps:read",
        "rsvps:write",
        "dialogue:read",
        "dialogue:write",
        "commitments:read",
        "commitments:write",
        "outreach:read",
        "outreach:write",
        "insights:read",
    }
)
SCOPES_OF_ROLE: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        Role.Kind.LIAISON.value: _EVERYDAY,
        Role.Kind.LEADER.value: frozenset(
            {
                "events:read",
                "dialogue:read",
                "commitments:read",
                "commitments:write",
                "outreach:read",
                "outreach:write",
                "insights:read",
            }
        ),
        Role.Kind.PANELIST.value: frozenset({"events:read", "commitments:read"}),
        Role.Kind.ADMIN.value: frozenset({"admin", "events:read", "insights:read"}),
    }
)
ALL_SCOPES: Final = _EVERYDAY | {"admin"}
# What shows the agency's staff each thing that is not public: any one of these scopes. Whoever may write it may read it.
SHOWN_BY: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "what waits to be shown": ("dialogue:write",),
        "who said it": ("dialogue:read", "dialogue:write"),
        "dialogues being planned": ("dialogue:read", "dialogue:write"),
        "draft promises": ("commitments:read", "commitments:write"),
        "promises at risk": ("commitments:read", "commitments:write", "insights:read"),
        "summaries being written": ("outreach:read", "outreach:write"),
        "counts of messages": ("outreach:read", "admin"),
        "reminder rules": ("outreach:read", "outreach:write", "admin"),
        "attendance": ("events:read",),
        "how to join from afar": ("events:read",),
        "how full a discreet meeting is": ("events:read",),
        "the record": ("insights:read",),
        "closed days": ("events:read", "admin"),
    }
)
# The acts that one role alone may do where others have the scope too. Both surfaces ask for the act, by ``does`` and
# ``must_do``, and name no role themselves: whoever changes who may do what changes it here.
ROLE_OF_ACT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "summary.draft": Role.Kind.LIAISON.value,
        "summary.edit": Role.Kind.LIAISON.value,
        "summary.discard": Role.Kind.LIAISON.value,
        "summary.approve": Role.Kind.LEADER.value,
        "summary.publish": Role.Kind.LIAISON.value,
        # Made, changed and ended.
        "reminder_rule.set": Role.Kind.LIAISON.value,
    }
)
STAFF_ROLES: Final = frozenset({Role.Kind.LIAISON.value, Role.Kind.LEADER.value, Role.Kind.ADMIN.value})
_NONE: Final[frozenset[str]] = frozenset()
_ROLES_READ: Final = "_roles_read"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever asks. ``roles`` and ``scopes`` are by agency id; a token's viewer has one agency only."""

    person: Person | None = None
    roles: Mapping[UUID, frozenset[str]] = field(default_factory=dict)
    scopes: Mapping[UUID, frozenset[str]] = field(default_factory=dict)
    token: AccessToken | None = None

    @property
    def agency_id(self) -> UUID | None:
        """The agency that ``agency`` in a body defaults to: the token's, or the only one."""
        if self.token is not None:
            return self.token.agency_id
        return next(iter(self.roles)) if len(self.roles) == 1 else None

    def belongs_to(self, agency_id: UUID) -> bool:
        return bool(self.roles.get(agency_id))

    def is_staff_of(self, agency_id: UUID) -> bool:
        """Staff are liaisons, leaders and administrators; a panelist is not."""
        return bool(self.roles.get(agency_id, _NONE) & STAFF_ROLES)

    def has_role(self, kind: str, agency_id: UUID) -> bool:
        return kind in self.roles.get(agency_id, _NONE)

    def may(self, scope: str, agency_id: UUID) -> bool:
        return scope in self.scopes.get(agency_id, _NONE)

    def does(self, act: str, agency_id: UUID) -> bool:
        """Whether it is theirs to do, by ``ROLE_OF_ACT``; the scope is asked for besides."""
        return self.has_role(ROLE_OF_ACT[act], agency_id)

    def must_do(self, act: str, agency_id: UUID) -> None:
        """Raises Unknown for another agency's thing, Forbidden where it is another role's to do."""
        if not self.belongs_to(agency_id):
            raise Unknown
        if not self.does(act, agency_id):
            raise Forbidden

    def reads(self, what: str, agency_id: UUID) -> bool:
        """Whether role and scope together show it: staff, with one of the scopes of ``SHOWN_BY``. Never a role alone."""
        return self.is_staff_of(agency_id) and any(self.may(scope, agency_id) for scope in SHOWN_BY[what])

    def agencies_shown(self, what: str) -> list[UUID]:
        """For querysets: where the viewer reads it."""
        return [agency for agency in self.roles if self.reads(what, agency)]

    def must_read(self, what: str, agency_id: UUID) -> None:
        """Raises Unknown for another agency's thing, Forbidden where the role or scope is missing."""
        if not self.belongs_to(agency_id):
            raise Unknown
        if not self.reads(what, agency_id):
            raise Forbidden

    def must(self, scope: str, agency_id: UUID) -> None:
        """Raises Unknown for another agency's thing, Forbidden where the role or scope is missing."""
        if not self.belongs_to(agency_id):
            raise Unknown
        if not self.may(scope, agency_id):
            raise Forbidden


NOBODY: Final = Viewer()


def viewer_of(person: Person) -> Viewer:
    """A signed-in person, with every role that stands now: read here, unless ``read_roles`` has done it for them."""
    found = getattr(person, _ROLES_READ, None)
    roles: dict[UUID, frozenset[str]] = {}
    for agency_id, kind, _mfa in read_roles(person) if found is None else found:
        roles[agency_id] = roles.get(agency_id, _NONE) | {kind}
    return Viewer(person=person, roles=roles, scopes={key: scopes_of(kinds) for key, kinds in roles.items()})


def read_roles(person: Person, *, keep: bool = False) -> list[tuple[UUID, str, bool]]:
    """The agency, the kind, and whether the agency asks for a second factor, of each role that stands. One query.

    keep: ``viewer_of`` need not ask again for this object, which must live no longer than a request does.
    """
    standing = Role.objects.standing().filter(person=person)
    found = list(standing.values_list("agency_id", "kind", "agency__mfa_required"))
    if keep:
        # By name: the person may stand behind a lazy wrapper, which hands this on.
        setattr(person, _ROLES_READ, found)
    return found


def viewer_of_token(token: AccessToken) -> Viewer:
    """A token's holder: that agency only, and no scope that the person's roles no longer give."""
    kinds = frozenset(
        Role.objects.standing()
        .filter(person_id=token.person_id, agency_id=token.agency_id)
        .values_list("kind", flat=True)
    )
    scopes = scopes_of(kinds) & frozenset(token.scopes)
    return Viewer(
        person=token.person, roles={token.agency_id: kinds}, scopes={token.agency_id: scopes}, token=token
    )


def scopes_of(kinds: frozenset[str]) -> frozenset[str]:
    return frozenset().union(*(SCOPES_OF_ROLE[kind] for kind in kinds))


def kinds_with(scope: str) -> list[str]:
    """The roles that give ``scope``."""
    return [kind for kind, scopes in SCOPES_OF_ROLE.items() if scope in scopes]


def acts_shown_to(viewer: Viewer) -> QuerySet[Activity]:
    """The public acts, and those of the agencies whose record the viewer may read (``insights:read``).

    What residents do is in neither, for nobody: whoever knows an address can make its owner's line appear, by asking
    for the link again, and would read from the line that she has a place.
    """
    of_staff = Activity.objects.exclude(object_type__in=Activity.OF_RESIDENTS)
    return of_staff.filter(Q(public=True) | Q(agency_id__in=viewer.agencies_shown("the record")))
