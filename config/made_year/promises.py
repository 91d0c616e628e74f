"""The promises of the made-up year: 41 that count, in every state, and two drafts that do not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engage.models import FocusArea

_F = FocusArea


class State(StrEnum):
    """How a promise stands on the day of the first load."""

    KEPT = "kept"
    KEPT_LATE = "kept late"
    ON_TRACK = "on track"
    AT_RISK = "at risk"
    LATE = "late"
    NOT_KEPT = "not kept"
    STOPPED = "stopped"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class MadePromise:
    """``theme`` names the theme it came from; ``office`` who answers for it."""

    title: str
    done_means: str
    office: str
    focus_area: FocusArea
    dialogue: str | None
    theme: str | None
    communities: tuple[str, ...]
    state: State
    reason: str = ""


def _p(
    state: State,
    title: str,
    done_means: str,
    office: str,
    area: FocusArea,
    dialogue: str | None = None,
    theme: str | None = None,
    communities: tuple[str, ...] = (),
    reason: str = "",
) -> MadePromise:
    return MadePromise(title, done_means, office, area, dialogue, theme, communities, state, reason)


_K, _KL, _OT, _AR, _L, _NK, _WD, _D = (
    State.KEPT, State.KEPT_LATE, State.ON_TRACK, State.AT_RISK, State.LATE, State.NOT_KEPT, State.STOPPED, State.DRAFT,
)  # fmt: skip
_CEO, _CHIEF, _PATROL, _TRAFFIC, _TRAIN, _REC, _VICTIM = (
    "Community Engagement Office", "Office of the Chief", "Patrol Division", "Traffic Unit",
    "Training and Standards", "Records and Technology", "Victim Services",
)  # fmt: skip
_WHY, _LANG, _NUM = "Tell me why I was stopped", "Speak my language", "Show us the numbers"
_DARK, _FOOT = "Dark corners", "Foot patrols that stay"

MAIN_PROMISES = (
    # ten kept on time
    _p(_K, "Say the reason for a stop in the first sentence", "The order is in force and every patrol officer has signed it.", _TRAFFIC, _F.PROCEDURAL_JUSTICE, "stops", _WHY, ("Tannery Flats",)),
    _p(_K, "Print the first-sentence card in English and Spanish", "Every car carries twenty cards.", _TRAFFIC, _F.PROCEDURAL_JUSTICE, "stops", _WHY, ("Spanish speakers",)),
    _p(_K, "Give each car the language line's number", "The number stands on every dashboard.", _PATROL, _F.PROCEDURAL_JUSTICE, "stops", _LANG, ("Spanish speakers", "Vietnamese speakers")),
    _p(_K, "Publish last year's stops by neighborhood", "A table with reasons is on the website.", _REC, _F.PROCEDURAL_JUSTICE, "stops", _NUM, ("Tannery Flats", "Northbank")),
    _p(_K, "Mend the lamps on the Spindle Lane stairs", "All nine lamps burn.", _CEO, _F.COMMUNITY_ENGAGEMENT, "walking", _DARK, ("Old Mill Row",)),
    _p(_K, "Name two officers who walk Old Mill Row for a year", "Their names and hours hang in the community house.", _PATROL, _F.COMMUNITY_ENGAGEMENT, "walking", _FOOT, ("Old Mill Row",)),
    _p(_K, "Put a counselor on duty on weekday evenings", "A counselor answers from four to midnight.", _PATROL, _F.POLICY_AND_PRACTICE, "crisis", "Send a counselor", ("Interfaith council",)),
    _p(_K, "Join the Thursday league with a team of officers", "Officers played six Thursdays.", _CEO, _F.COMMUNITY_ENGAGEMENT, "young", "Meet us when nothing is wrong", ("Under 25",)),
    _p(_K, "Let a resident ask one question of every candidate", "The hiring rules say so, and it was done once.", _CHIEF, _F.LEADERSHIP_AND_CULTURE, "hiring", "A seat on the panel"),
    _p(_K, "Write the complaint form in plain words", "The form reads at grade six.", _TRAIN, _F.LEADERSHIP_AND_CULTURE, None, None, ("Over 65",)),
    # three kept late
    _p(_KL, "Call the family back on the day after a crisis call", "Nine of ten families are called within a day.", _VICTIM, _F.POLICY_AND_PRACTICE, "crisis", "Call us back"),
    _p(_KL, "Give a day off after a hard call without a form", "The sergeant gives it and only the date is kept.", _CHIEF, _F.SAFETY_AND_WELLNESS, "wellness", "Time off without forms"),
    _p(_KL, "Number the lamp poles in Tannery Flats", "Each pole has a number a passer-by can read.", _CEO, _F.COMMUNITY_ENGAGEMENT, "walking", _DARK, ("Tannery Flats",)),
    # fourteen on track
    _p(_OT, "Teach the first sentence in the academy", "It is part of the spring class.", _TRAIN, _F.PROCEDURAL_JUSTICE, "stops", _WHY),
    _p(_OT, "Listen to forty recorded stops with residents", "The panel has heard forty and written what it heard.", _TRAIN, _F.PROCEDURAL_JUSTICE, "stops", _WHY, ("Under 25",)),
    _p(_OT, "Publish stops every quarter", "Four tables in a row are out on time.", _REC, _F.PROCEDURAL_JUSTICE, "stops", _NUM, ("Tannery Flats",)),
    _p(_OT, "Explain every paper before it is signed", "The explanation is recorded in each stop.", _TRAFFIC, _F.PROCEDURAL_JUSTICE, "stops", _LANG, ("Vietnamese speakers",)),
    _p(_OT, "Light the underpass at the rail bridge", "The railroad and the city have signed, and it is lit.", _CEO, _F.COMMUNITY_ENGAGEMENT, "walking", _DARK, ("Old Mill Row", "Renters")),
    _p(_OT, "Move the foot patrol to evening hours", "The patrol walks from six to ten.", _PATROL, _F.COMMUNITY_ENGAGEMENT, "walking", _FOOT, ("Old Mill Row",)),
    _p(_OT, "Ask callers whether they want a counselor", "The dispatcher asks in every such call.", _PATROL, _F.POLICY_AND_PRACTICE, "crisis", "Send a counselor"),
    _p(_OT, "Put a counselor on duty at weekends", "Saturday and Sunday are covered.", _PATROL, _F.POLICY_AND_PRACTICE, "crisis", "Send a counselor", ("Interfaith council",)),
    _p(_OT, "Make the film about rights with young people", "The film is shown in both high schools.", _CEO, _F.COMMUNITY_ENGAGEMENT, "young", "Rights, in plain words", ("Under 25",)),
    _p(_OT, "Print a card with rights in four languages", "The card lies in every school and library.", _CEO, _F.COMMUNITY_ENGAGEMENT, "young", "Rights, in plain words", ("Under 25", "Vietnamese speakers")),
    _p(_OT, "Open the training plan for comment", "The plan is online for sixty days and every comment is answered.", _TRAIN, _F.LEADERSHIP_AND_CULTURE, "hiring", "A seat on the panel"),
    _p(_OT, "Give residents two seats on the hiring panel", "The city council has changed the rule.", _CHIEF, _F.LEADERSHIP_AND_CULTURE, "hiring", "A seat on the panel", ("Spanish speakers",)),
    _p(_OT, "Hold every third meeting on a Saturday", "Four Saturdays are in the calendar.", _CEO, _F.COMMUNITY_ENGAGEMENT, None, None, ("Renters",)),
    _p(_OT, "Have a peer to talk to on every shift", "Each shift has a trained peer.", _CHIEF, _F.SAFETY_AND_WELLNESS, "wellness", "Time off without forms"),
    # four at risk
    _p(_AR, "Answer the night line within a minute", "Nine of ten calls are answered in sixty seconds.", _PATROL, _F.COMMUNITY_ENGAGEMENT, None, None, ("Quarry Road",)),
    _p(_AR, "Put stops without a ticket into the report", "The next report counts them.", _REC, _F.PROCEDURAL_JUSTICE, "stops", _NUM, ("Northbank",)),
    _p(_AR, "Meet each school's student council once a term", "All five councils have met us.", _CEO, _F.COMMUNITY_ENGAGEMENT, "young", "Meet us when nothing is wrong", ("Under 25",)),
    _p(_AR, "Translate the complaint form into Vietnamese", "The form is on the counter and online.", _TRAIN, _F.LEADERSHIP_AND_CULTURE, None, None, ("Vietnamese speakers",)),
    # five late
    _p(_L, "Put an interpreter on call for evening shifts", "An interpreter answers within ten minutes.", _PATROL, _F.PROCEDURAL_JUSTICE, "stops", _LANG, ("Spanish speakers",)),
    _p(_L, "Paint the crossing at the market", "The crossing is painted and lit.", _TRAFFIC, _F.COMMUNITY_ENGAGEMENT, None, None, ("Lockside",)),
    _p(_L, "Tell families which hospital somebody was taken to", "The rule is written and known on every shift.", _VICTIM, _F.POLICY_AND_PRACTICE, "crisis", "Call us back"),
    _p(_L, "Put a bicycle rack in view of the library's desk", "The rack stands there.", _CEO, _F.COMMUNITY_ENGAGEMENT, None, None, ("Lockside",)),
    _p(_L, "Review the rule on searching bags at schools", "The new rule is published with its reasons.", _TRAIN, _F.POLICY_AND_PRACTICE, "young", "Rights, in plain words", ("Under 25",)),
    # two not kept
    _p(_NK, "Open a front desk at Quarry Road by summer", "The desk is open three days a week.", _CHIEF, _F.COMMUNITY_ENGAGEMENT, None, None, ("Quarry Road",), "The lease fell through in June and no other room could be had this year."),
    _p(_NK, "Answer every written question within ten days", "Each answer carries its date.", _CEO, _F.LEADERSHIP_AND_CULTURE, None, None, (), "In spring we answered one in three in time. We took on too much and said so at the town hall."),
    # three stopped
    _p(_WD, "Buy a second mobile office", "The bus is in service.", _CHIEF, _F.COMMUNITY_ENGAGEMENT, None, None, ("Tannery Flats",), "Residents at two meetings asked for people on foot instead of another bus."),
    _p(_WD, "Record the listening sessions on film", "Each session can be watched later.", _CEO, _F.COMMUNITY_ENGAGEMENT, "stops", _WHY, ("Tannery Flats",), "People said they would not speak in front of a camera."),
    _p(_WD, "Send officers to every school dance", "Two officers are at each dance.", _PATROL, _F.COMMUNITY_ENGAGEMENT, "young", "Meet us when nothing is wrong", ("Under 25",), "The students' councils asked us not to."),
    # two drafts, which count nowhere until they are confirmed
    _p(_D, "Publish how long each complaint took", "A list with dates and no names is online.", _TRAIN, _F.LEADERSHIP_AND_CULTURE),
    _p(_D, "Walk with residents once a month in Quarry Road", "Twelve walks took place.", _PATROL, _F.COMMUNITY_ENGAGEMENT, None, None, ("Quarry Road",)),
)  # fmt: skip

SECOND_PROMISES = (
    _p(_K, "Number every lamp pole in Creekside", "All 212 poles carry a number.", "Public Works", _F.COMMUNITY_ENGAGEMENT, "lights", "Lamps that work", ("Creekside",)),
    _p(_K, "Answer lamp reports with a date", "Each report gets a date within a week.", "Public Works", _F.COMMUNITY_ENGAGEMENT, "lights", "Lamps that work", ("Creekside",)),
    _p(_KL, "Paint the line at the school bend", "The line is on the road.", "Public Works", _F.COMMUNITY_ENGAGEMENT, "lights", "The school road", ("Orchard Grove",)),
    _p(_OT, "Find a crossing guard for the mornings", "Somebody stands there on school days.", "City Manager", _F.COMMUNITY_ENGAGEMENT, "lights", "The school road", ("Orchard Grove",)),
    _p(_OT, "Put up twelve lamps where people asked", "All twelve burn.", "Public Works", _F.COMMUNITY_ENGAGEMENT, "lights", "Lamps that work", ("Creekside",)),
    _p(_L, "Put the council's minutes online in Spanish", "Minutes of the last quarter are there.", "City Clerk", _F.LEADERSHIP_AND_CULTURE, None, None, ("Spanish speakers",)),
    _p(_WD, "Close the school road to cars at noon", "The road is closed from twelve to one.", "City Manager", _F.COMMUNITY_ENGAGEMENT, "lights", "The school road", (), "The fire department needs the road open."),
)  # fmt: skip
