"""How much each kind of evidence counts, in points: they add up, and two thresholds make a verdict of the sum.

100 points are certainty. The values follow a few sentences that they were chosen to make true, which stand beside them.
"""

SAME_FROM = 70.0  # points
POSSIBLE_FROM = 45.0  # points; a name that fits and nothing else known is worth a question, one such thing against it is not

IDENTIFIER = 100.0  # a number given out once: nothing else is needed
OTHER_IDENTIFIER = -80.0  # two registered numbers: two organizations, unless name, door and contacts all agree
OTHER_SOURCE_NUMBER = -15.0  # a source may count one organization twice, but does not mean to

# A name that fits wholly brings NAME_BASE and, for each rare word or what adds up to one, NAME_PER_MASS more.
NAME_BASE = 44.0
NAME_PER_RARE_WORD = 7.0  # "Community Center" 46, one rare word 51, two 58
MAX_RARE_WORDS = 2.4  # rare words; more of them say no more
CROSSED_WORD = (
    -30.0
)  # for each rare word, or what adds up to one, that either name has and the other not: "X Chicago", "X Detroit"
MAX_CROSSED_WORDS = 1.5  # rare words
NEUTRAL_SIMILARITY = 0.55  # of two names (likeness.py); here they say nothing, below they speak against
DISSIMILAR_NAME = -20.0  # names that share nothing, though it may have been renamed
DERIVED_NAME = 0.0  # "Friends of X" beside "X": the name says nothing for it
CONTRADICTORY_NAME = -45.0  # "Local 32" and "Local 45", "of Georgia" and "of Ohio"
ACRONYM_BY_LENGTH = {3: 24.0, 4: 34.0}  # points by letters: the initials of three words fit many names
LONG_ACRONYM = 40.0  # of five letters and more
SAME_ACRONYM_ONLY = 10.0  # the acronyms are the same, the full names are not alike

SIMILAR_FROM = 0.8  # likeness; a name below it never makes SAME
MAX_CROSSED_WEIGHT = (
    0.15  # weight of the words that each of two names has and the other not, up to which they may be one: fillers
)
MAX_EXTRA_WEIGHT = (
    0.65  # weight of the words that only one of two names has, up to which they may be one: one word that many have
)

PHONE = 40.0  # with a name that is alike, this makes SAME
PHONE_TOLL_FREE = 24.0  # a hotline, which branches share
DOMAIN = 40.0  # the same
DOMAIN_OTHER_PAGE = 15.0  # each at its own page below one domain: chapters, or members of an umbrella
HOSTED_PAGE = 40.0  # the same page at a host of many
EMAIL_ADDRESS = 35.0
MAX_CONTACT_POINTS = 65.0  # of all these together: they tend to come from one host or umbrella
SHARING_DISCOUNTS = ((2, 1.0), (5, 0.6), (20, 0.3))  # up to so many parties have it, it counts so much
MIN_SHARING_DISCOUNT = 0.1
OTHER_PHONE = -16.0
OTHER_DOMAIN = -12.0
OTHER_CONTACT_SAME_BUILDING = -4.0  # an office has several lines, and changes its web address sooner than its door

SAME_BUILDING = 40.0  # with any name that is the same, this makes SAME; alone it makes nothing, as one house may hold hundreds
OTHER_UNIT = 25.0  # the same building, another suite
SAME_BUILDING_OTHER_TOWN = 25.0  # the same street and number under two names of a town
POSTAL_CODE = 18.0
CITY = 16.0  # with a name of almost two rare words this makes SAME where a street is missing
CITY_OTHER_STREET = 4.0  # moved, or a branch: for a person to say
POSTAL_CODE_OTHER_STREET = 8.0
STATE = 0.0
OTHER_CITY = -3.0  # an unusual name alone is worth a question
OTHER_CITY_AND_STREET = -18.0  # a branch, or a namesake, unless contacts agree
OTHER_STATE = -14.0
OTHER_STATE_AND_STREET = -24.0
OTHER_COUNTRY = -40.0

BRANCH = -40.0  # one is kept as the other's branch
