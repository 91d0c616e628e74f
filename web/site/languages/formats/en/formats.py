"""Months in full: "Nov. 1" is a riddle to whoever reads English as a second language."""

DATE_FORMAT = "F j, Y"
DATETIME_FORMAT = "F j, Y, P"
SHORT_DATE_FORMAT = "F j"
