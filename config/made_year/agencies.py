"""The two agencies of the demo and their staff. Every address is under `.example` (RFC 2606) and reaches nobody."""

from __future__ import annotations

from dataclasses import dataclass

from engage.models import Agency, AgencyMark, Community, Role

MAIN, SECOND = "harbor-falls", "cedar-bend"
# The order in which the roles are shown to whoever tries the demo.
ROLES = (Role.Kind.LIAISON, Role.Kind.LEADER, Role.Kind.PANELIST, Role.Kind.ADMIN)


@dataclass(frozen=True, slots=True)
class MadePerson:
    """Somebody of the staff. ``office`` is who they answer for in the promises."""

    key: str
    name: str
    agency: str
    role: Role.Kind
    office: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@{self.agency}.example"


PEOPLE = (
    MadePerson("dana.okafor", "Dana Okafor", MAIN, Role.Kind.LIAISON, "Community Engagement Office"),
    MadePerson("ruth.castellan", "Ruth Castellan", MAIN, Role.Kind.LEADER, "Office of the Chief"),
    MadePerson("imani.brandt", "Imani Brandt", MAIN, Role.Kind.PANELIST),
    MadePerson("theo.lindqvist", "Theo Lindqvist", MAIN, Role.Kind.ADMIN, "Records and Technology"),
    MadePerson("marco.villareal", "Marco Villareal", MAIN, Role.Kind.LIAISON, "Patrol Division"),
    MadePerson("anh.pham", "Anh Pham", MAIN, Role.Kind.LEADER, "Training and Standards"),
    MadePerson("june.whitaker", "June Whitaker", SECOND, Role.Kind.LIAISON, "City Clerk"),
    MadePerson("oscar.bellamy", "Oscar Bellamy", SECOND, Role.Kind.LEADER, "City Manager"),
    MadePerson("salma.reyes", "Salma Reyes", SECOND, Role.Kind.PANELIST),
    MadePerson("piet.vandermeer", "Piet Vandermeer", SECOND, Role.Kind.ADMIN, "Information Services"),
)

AGENCIES: dict[str, dict[str, object]] = {
    MAIN: {
        "name": "Harbor Falls Police Department",
        "kind": Agency.Kind.POLICE_DEPARTMENT,
        "region": "Illinois",
        "timezone": "America/Chicago",
        "languages": ["en", "es"],
        "population": 84_300,
        "contact_office": "Community Engagement Office",
        "contact_phone": "+1 202 555 0123",
        "contact_email": "talk@harbor-falls.example",
        "contact_address": "1 Falls Plaza, second floor, Harbor Falls, weekdays 8 to 5",
        "official_line": "An official site of the city of Harbor Falls, Illinois",
        "tagline": "What we hear, what we promise, what we keep",
        "mark": AgencyMark.RIVER,
        "other_links": [
            {
                "title": "Complain about an officer, or praise one",
                "url": "https://oversight.harbor-falls.example/",
            },
            {"title": "Police Oversight Board", "url": "https://board.harbor-falls.example/"},
            {"title": "Ask for a public record", "url": "https://records.harbor-falls.example/"},
        ],
        "offices": [
            "Community Engagement Office",
            "Office of the Chief",
            "Patrol Division",
            "Traffic Unit",
            "Training and Standards",
            "Records and Technology",
            "Victim Services",
        ],
    },
    SECOND: {
        "name": "Cedar Bend City Hall",
        "kind": Agency.Kind.CITY_HALL,
        "region": "Colorado",
        "timezone": "America/Denver",
        "languages": ["en", "es"],
        "population": 11_900,
        "contact_office": "City Clerk",
        "contact_phone": "+1 202 555 0187",
        "contact_email": "clerk@cedar-bend.example",
        "contact_address": "1 Main Street, Cedar Bend, Monday to Thursday 7 to 6",
        "official_line": "An official site of Cedar Bend, Colorado",
        "tagline": "The town, in its own words",
        "mark": AgencyMark.TREE,
        "primary_color": "#2e6b2f",
        "other_links": [
            {"title": "Town council, agendas and minutes", "url": "https://council.cedar-bend.example/"},
            {"title": "Report a street light", "url": "https://lights.cedar-bend.example/"},
        ],
        "offices": ["City Clerk", "City Manager", "Public Works", "Information Services"],
        "retention_days": 14,
    },
}

# name, kind, share of the population in percent (None: not known), seldom heard
_Shares = tuple[str, Community.Kind, str | None, bool]
COMMUNITIES: dict[str, tuple[_Shares, ...]] = {
    MAIN: (
        ("Lockside", Community.Kind.NEIGHBORHOOD, "18.50", False),
        ("Old Mill Row", Community.Kind.NEIGHBORHOOD, "14.00", True),
        ("Northbank", Community.Kind.NEIGHBORHOOD, "22.25", False),
        ("Tannery Flats", Community.Kind.NEIGHBORHOOD, "11.75", True),
        ("Summit Heights", Community.Kind.NEIGHBORHOOD, "20.00", False),
        ("Quarry Road", Community.Kind.NEIGHBORHOOD, "13.50", True),
        ("Spanish speakers", Community.Kind.LANGUAGE, "17.40", True),
        ("Vietnamese speakers", Community.Kind.LANGUAGE, "4.10", True),
        ("Under 25", Community.Kind.AGE, "29.00", True),
        ("Over 65", Community.Kind.AGE, "16.20", False),
        ("Interfaith council", Community.Kind.FAITH, None, False),
        ("Renters", Community.Kind.OTHER, "46.00", True),
    ),
    SECOND: (
        ("Upper Bend", Community.Kind.NEIGHBORHOOD, "41.00", False),
        ("Creekside", Community.Kind.NEIGHBORHOOD, "35.50", True),
        ("Orchard Grove", Community.Kind.NEIGHBORHOOD, "23.50", False),
        ("Spanish speakers", Community.Kind.LANGUAGE, "21.00", True),
    ),
}

# agency, code, what its administrator signed, days before the day of the first load
PLEDGES = (
    (
        MAIN,
        "never_used_to_investigate",
        "What is said at a meeting, and who came, is never used to investigate anybody.",
        420,
    ),
    (MAIN, "no_id_asked", "Nobody shows an ID or gives a name at the door of a public meeting.", 390),
    (MAIN, "date_moves_once", "The date of a promise moves once at most, and everyone can read why.", 200),
    (
        SECOND,
        "never_used_to_investigate",
        "What you tell the city here is used for what you told it about, and for nothing else.",
        310,
    ),
)


def first_of_each_role(agency: str) -> list[MadePerson]:
    """One person a role, in the order of ``ROLES``."""
    return [
        next(person for person in PEOPLE if person.agency == agency and person.role == role) for role in ROLES
    ]
