"""What residents said in the made-up year: by theme, in our own words."""

from __future__ import annotations

from engage.models import ContributionKind

_Q, _C, _I, _T, _N = (
    ContributionKind.QUESTION,
    ContributionKind.CONCERN,
    ContributionKind.IDEA,
    ContributionKind.THANKS,
    ContributionKind.NOTE,
)

# theme title → (kind, language, text)
SAID: dict[str, tuple[tuple[ContributionKind, str, str], ...]] = {
    "Tell me why I was stopped": (
        (_Q, "en", "Does an officer have to say why before asking for my license?"),
        (_C, "en", "I was stopped twice in March and found out the reason from the ticket."),
        (_I, "en", "Put the first sentence on a card: name, reason, what happens next."),
        (_N, "en", "Three tables said the first half minute decides how the rest goes."),
    ),
    "Speak my language": (
        (_C, "es", "Mi esposo firmó un papel que no pudo leer. Nadie le explicó qué era."),
        (_Q, "es", "¿Puedo pedir un intérprete por teléfono durante una parada?"),
        (_I, "en", "Every car could carry the language line's number on the dashboard."),
    ),
    "Show us the numbers": (
        (_Q, "en", "How many stops were there in Tannery Flats last quarter, and for what?"),
        (_I, "en", "Publish the table, not the summary. We can read a table."),
        (_C, "en", "Last year's report left out stops that ended without a ticket."),
    ),
    "Dark corners": (
        (_C, "en", "The stairs to Spindle Lane have been dark since the storm."),
        (_Q, "en", "Who mends the lamp under the rail bridge, the city or the railroad?"),
        (_N, "en", "On the walk we counted nine lamps out between the mill and the bus stop."),
    ),
    "Foot patrols that stay": (
        (_I, "en", "Send the same two officers for a year. We would learn their names."),
        (_T, "en", "Officer on foot helped my mother carry her shopping up the hill. Thank you."),
        (_C, "en", "The patrol passes at three in the afternoon. We are at work then."),
    ),
    "Send a counselor": (
        (_C, "en", "My brother was ill, not dangerous. Four cars came."),
        (_Q, "en", "At what hours is a counselor on duty?"),
        (_I, "es", "Que el 911 pregunte primero si queremos un consejero."),
    ),
    "Call us back": (
        (_C, "en", "We never heard which hospital they took her to."),
        (_I, "en", "One phone call the next day would be enough."),
    ),
    "Meet us when nothing is wrong": (
        (_I, "en", "Play in the Thursday league. Lose sometimes."),
        (_C, "en", "The only officer I know is the one who searched my bag."),
        (_T, "en", "Thanks for staying after the gym closed and answering everything."),
    ),
    "Rights, in plain words": (
        (_Q, "en", "Do I have to give my name when I am only walking?"),
        (_I, "en", "Make the film with us, not about us."),
        (_Q, "es", "¿Qué pueden revisar en mi mochila sin permiso?"),
    ),
    "A seat on the panel": (
        (_I, "en", "Let a resident ask one question to every candidate."),
        (_Q, "en", "Who decides at the end, the panel or the chief?"),
    ),
    "Time off without forms": ((_C, "en", "I went back on shift two hours after. Nobody asked."),),
    "The school road": (
        (_C, "en", "Drivers come round the bend at forty. There is no line on the road."),
        (_I, "es", "Un guardia de cruce por la mañana, aunque sea voluntario."),
    ),
    "Lamps that work": (
        (_Q, "en", "I reported pole 88 in spring. What happened to the report?"),
        (_I, "en", "Number the poles so that we can say which one."),
    ),
}

# For meetings that belong to no conversation.
LOOSE: tuple[tuple[ContributionKind, str, str], ...] = (
    (_Q, "en", "When will the parking rules around the market be reviewed?"),
    (_T, "en", "The new phone menu is shorter. It was noticed."),
    (_C, "en", "Fireworks went on past midnight all week and nobody answered the line."),
    (_I, "en", "Hold the next one on a Saturday morning, with something for children to do."),
    (_Q, "es", "¿Habrá intérprete en todas las reuniones o solo cuando lo pedimos?"),
    (_C, "en", "Bicycles are stolen at the library every week."),
)

HIDDEN = (
    ("Says where a named officer lives.", "It names somebody's home address."),
    ("Repeats an accusation against a neighbor by name.", "It names a private person."),
)
