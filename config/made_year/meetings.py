"""What the made-up year was about: its conversations, its rooms and its meetings. All names are invented."""

from __future__ import annotations

from dataclasses import dataclass

from config.made_year.agencies import MAIN, SECOND
from engage.models import Dialogue, FocusArea, ParticipationLevel
from events.models import EventFormat, EventKind

_A, _K, _S = FocusArea, EventKind, Dialogue.Stage


@dataclass(frozen=True, slots=True)
class MadeDialogue:
    key: str
    agency: str
    title: str
    purpose: str
    focus_area: FocusArea
    level: ParticipationLevel
    stage: Dialogue.Stage
    communities: tuple[str, ...] = ()
    # Theme title and what it gathers.
    themes: tuple[tuple[str, str], ...] = ()


DIALOGUES = (
    MadeDialogue(
        "stops",
        MAIN,
        "Traffic stops: what officers say, and why",
        "Agree on what a driver may expect to hear in the first half minute of a stop, and check that it is said.",
        _A.PROCEDURAL_JUSTICE,
        ParticipationLevel.INVOLVE,
        _S.OPEN,
        ("Tannery Flats", "Under 25"),
        (
            ("Tell me why I was stopped", "People want the reason first, before papers are asked for."),
            ("Speak my language", "Drivers who speak little English leave a stop not knowing what happened."),
            ("Show us the numbers", "Stops by neighborhood should be published, with the reasons given."),
        ),
    ),
    MadeDialogue(
        "walking",
        MAIN,
        "Walking home safely in Old Mill Row",
        "Find out where people feel unsafe after dark, and put right what the city and the police can put right.",
        _A.COMMUNITY_ENGAGEMENT,
        ParticipationLevel.COLLABORATE,
        _S.OPEN,
        ("Old Mill Row", "Over 65"),
        (
            ("Dark corners", "Lamps are out on the stairs and under the rail bridge."),
            ("Foot patrols that stay", "The same two officers, on foot, at hours people are out."),
        ),
    ),
    MadeDialogue(
        "crisis",
        MAIN,
        "How we answer calls about mental health",
        "Decide which calls get a counselor, which get both, and how families are told what happened.",
        _A.POLICY_AND_PRACTICE,
        ParticipationLevel.CONSULT,
        _S.REPORTED,
        ("Interfaith council",),
        (
            ("Send a counselor", "Families ask for somebody who is not in uniform to come first."),
            ("Call us back", "After a call nobody tells the family how it ended."),
        ),
    ),
    MadeDialogue(
        "young",
        MAIN,
        "Young people and the police",
        "Hear people under twenty-five where they are, and change two things a year that they name.",
        _A.COMMUNITY_ENGAGEMENT,
        ParticipationLevel.INVOLVE,
        _S.OPEN,
        ("Under 25",),
        (
            ("Meet us when nothing is wrong", "Officers are seen only when somebody is in trouble."),
            ("Rights, in plain words", "A card, a class, a film: what may an officer ask of me?"),
        ),
    ),
    MadeDialogue(
        "hiring",
        MAIN,
        "Whom we hire, and how we train",
        "Open the hiring panel and the training plan to the people who will be policed by the result.",
        _A.LEADERSHIP_AND_CULTURE,
        ParticipationLevel.INVOLVE,
        _S.CLOSED,
        ("Spanish speakers", "Vietnamese speakers"),
        (("A seat on the panel", "Residents want a voice before somebody is hired, not after."),),
    ),
    MadeDialogue(
        "wellness",
        MAIN,
        "After hard calls: the wellness of officers",
        "What officers need in the days after a hard call, and what keeps them from asking for it.",
        _A.SAFETY_AND_WELLNESS,
        ParticipationLevel.CONSULT,
        _S.OPEN,
        (),
        (("Time off without forms", "A day after a hard call, given by the sergeant."),),
    ),
    MadeDialogue(
        "lights",
        SECOND,
        "Streetlights and crossings in Creekside",
        "Choose the twelve places where a lamp or a crossing comes first.",
        _A.COMMUNITY_ENGAGEMENT,
        ParticipationLevel.COLLABORATE,
        _S.OPEN,
        ("Creekside",),
        (
            ("The school road", "Children cross at the bend, where nobody sees them."),
            ("Lamps that work", "Report a lamp once, and be told when it is mended."),
        ),
    ),
    MadeDialogue(
        "summer",
        SECOND,
        "What summer money is for",
        "Spend the summer program's money where families say it helps.",
        _A.POLICY_AND_PRACTICE,
        ParticipationLevel.INVOLVE,
        _S.PLANNING,
        ("Spanish speakers",),
        (),
    ),
)

# key, agency, name, room, address, capacity, access features, getting there
VENUES = (
    ("library", MAIN, "Lockside Public Library", "Reading room", "210 Lock Street, Harbor Falls", 80,
     ("step_free", "hearing_loop", "accessible_toilet", "transit"), "Bus 4 and 11 stop at the door."),
    ("mill", MAIN, "Old Mill Row Community House", "Main hall", "14 Spindle Lane, Harbor Falls", 120,
     ("step_free", "wheelchair_spaces", "accessible_toilet", "quiet_room"), "The side door on Spindle Lane has no steps."),
    ("school", MAIN, "Northbank High School", "Cafeteria", "900 River Avenue, Harbor Falls", 220,
     ("step_free", "parking", "accessible_toilet"), "Enter by the gym; the front is locked after five."),
    ("hall", MAIN, "Tannery Flats Hall", "Upstairs room", "3 Bark Street, Harbor Falls", 60,
     ("accessible_toilet", "transit"), "There is a lift at the back; ring the bell."),
    ("church", MAIN, "St. Brendan's Parish Hall", "", "77 Chapel Hill, Harbor Falls", 140,
     ("step_free", "wheelchair_spaces", "parking"), ""),
    ("rec", MAIN, "Quarry Road Recreation Center", "Gym B", "1 Quarry Road, Harbor Falls", 180,
     ("step_free", "wheelchair_spaces", "parking", "accessible_toilet"), "Bus 9, last stop."),
    ("hq", MAIN, "Police Headquarters", "Training room", "1 Falls Plaza, Harbor Falls", 40,
     ("step_free", "accessible_toilet", "parking"), "Ask at the desk; nobody signs in for a public meeting."),
    ("park", MAIN, "Summit Heights Park", "By the bandstand", "Summit Drive, Harbor Falls", None,
     ("transit",), "If it rains we meet in the shelter."),
    ("cityhall", SECOND, "Cedar Bend City Hall", "Council chamber", "1 Main Street, Cedar Bend", 70,
     ("step_free", "hearing_loop", "accessible_toilet"), ""),
    ("grange", SECOND, "Creekside Grange", "", "48 Weir Road, Cedar Bend", 90,
     ("step_free", "parking"), "Park behind the barn."),
    ("schoolyard", SECOND, "Orchard Grove School", "Library", "5 Orchard Way, Cedar Bend", 50,
     ("step_free", "accessible_toilet"), ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MadeMeeting:
    """A kind of meeting that the agency holds several times a year."""

    agency: str
    title: str
    kind: EventKind
    dialogue: str | None
    venue: str | None
    capacity: int | None
    hour: int
    minutes: int
    communities: tuple[str, ...] = ()
    format: EventFormat = EventFormat.IN_PERSON
    discreet: bool = False
    audience: str = "public"
    languages: tuple[str, ...] = ("en", "es")


MEETINGS = (
    MadeMeeting(MAIN, "Town hall: traffic stops", _K.TOWN_HALL, "stops", "school", 200, 18, 120, ("Northbank",)),
    MadeMeeting(MAIN, "Listening session: Tannery Flats", _K.LISTENING_SESSION, "stops", "hall", 40, 18, 90,
                ("Tannery Flats",), discreet=True),
    MadeMeeting(MAIN, "Evening walk through Old Mill Row", _K.WALK, "walking", "mill", None, 19, 75, ("Old Mill Row",)),
    MadeMeeting(MAIN, "Coffee and questions, Lockside", _K.PUBLIC_QA, None, "library", 60, 9, 90, ("Lockside",)),
    MadeMeeting(MAIN, "Town hall: calls about mental health", _K.TOWN_HALL, "crisis", "church", 120, 18, 120,
                ("Interfaith council",), format=EventFormat.HYBRID),
    MadeMeeting(MAIN, "Under 25: open gym and open questions", _K.LISTENING_SESSION, "young", "rec", 90, 16, 120,
                ("Under 25", "Quarry Road")),
    MadeMeeting(MAIN, "Advisory panel", _K.PANEL_MEETING, "hiring", "hq", 30, 17, 90, ()),
    MadeMeeting(MAIN, "Questions and answers, online", _K.PUBLIC_QA, "hiring", None, 150, 12, 60,
                ("Summit Heights",), format=EventFormat.ONLINE),
    MadeMeeting(MAIN, "Listening session in Spanish", _K.LISTENING_SESSION, "stops", "mill", 50, 18, 90,
                ("Spanish speakers",), discreet=True, languages=("es",)),
    MadeMeeting(MAIN, "Walk and talk, Summit Heights", _K.WALK, None, "park", None, 10, 60, ("Summit Heights",)),
    MadeMeeting(MAIN, "Circle after hard calls", _K.LISTENING_SESSION, "wellness", "hq", 20, 15, 60, (),
                discreet=True, audience="staff"),
    MadeMeeting(SECOND, "Creekside lights: choose the places", _K.TOWN_HALL, "lights", "grange", 80, 18, 90,
                ("Creekside",)),
    MadeMeeting(SECOND, "Questions to the city manager", _K.PUBLIC_QA, None, "cityhall", 60, 17, 60, ("Upper Bend",)),
    MadeMeeting(SECOND, "Walk to school", _K.WALK, "lights", "schoolyard", 30, 8, 60, ("Orchard Grove",)),
)  # fmt: skip

# How many lie behind and ahead of the day of the first load.
PAST = {MAIN: 40, SECOND: 9}
COMING = {MAIN: 12, SECOND: 4}
