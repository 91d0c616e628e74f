"""Spanish as it is written in the United States: the clock has twelve hours, 1,234.5 is a number, a week begins on Sunday."""

# Spaces that break no line: "6:30 p. m." is one word to who reads it.
TIME_FORMAT = "g:i\xa0a"
DATE_FORMAT = r"j \d\e F \d\e Y"
DATETIME_FORMAT = "j \\d\\e F \\d\\e Y, g:i\xa0a"
SHORT_DATE_FORMAT = r"j \d\e F"
SHORT_DATETIME_FORMAT = "j \\d\\e F, g:i\xa0a"
FIRST_DAY_OF_WEEK = 0
DATE_INPUT_FORMATS = ["%m/%d/%Y", "%m/%d/%y"]
DATETIME_INPUT_FORMATS = ["%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p"]
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
