"""The weights of the evidence, in points. The points are added up, and two thresholds turn the sum into a verdict.

100 points mean certainty. Each value was chosen to make the statement in its comment true.
"""

SAME_FROM = 70.0  # points
POSSIBLE_FROM = 45.0  # points; a matching name alone is worth a review, but not with evidence against it

IDENTIFIER = 100.0  # a number that is assigned only once: no other evidence is needed
OTHER_IDENTIFIER = -80.0  # different registered numbers: two organizations, unless name, address and contacts all agree
OTHER_SOURCE_NUMBER = -15.0  # a source may list an organization twice by mistake; 0 if the names are equal

# An equal name has NAME_BASE points, and NAME_PER_RARE_WORD more for each rare word, or several words with that weight together.
NAME_BASE = 44.0
NAME_PER_RARE_WORD = 7.0  # "Community Center" 46, one rare word 51, two 58
MAX_RARE_WORDS = 2.4  # rare words; more of them add no points
TYPO_SHARE = 0.75  # of the points of an equal name, for names that differ by one letter, or of which one is cut off
PART_SHARE = 0.75  # of these points, if one name is a part of the other: "Voces / Voices", "Voices (Macon Chapter)"
CONTAINED_NAME = 30.0  # one name has all words of the other, as "Friends of X" and "X"; in one city, a person has to decide
CROSSED_WORD = -30.0  # per rare word that each name has and the other lacks: "X Chicago", "X Detroit"
MAX_CROSSED_WORDS = 1.5  # rare words
NEUTRAL_SIMILARITY = 0.55  # of two names (compare_names.py); a lower similarity counts against a match
DISSIMILAR_NAME = -20.0  # names with nothing in common; the organization may have been renamed
DERIVED_NAME = 0.0  # "Friends of X" and a name like X: the name does not support a match
CONTRADICTORY_NAME = -45.0  # "Local 32" and "Local 45", "of Georgia" and "of Ohio"
ACRONYM_BY_LENGTH = {3: 24.0, 4: 34.0}  # points by number of letters: three initials fit many names
LONG_ACRONYM = 40.0  # five letters or more
SAME_ACRONYM_ONLY = 10.0  # the acronyms are equal, the full names are not similar

SIMILAR_FROM = 0.8  # similarity; with less, the verdict is never SAME
# The weights up to which the verdict may be SAME:
MAX_CROSSED_WEIGHT = 0.15  # of the words that each name has and the other lacks: fillers
MAX_EXTRA_WEIGHT = 0.65  # of the words that only one name has: one frequent word

UNIQUE_CONTACT = 35.0  # from this, a contact that few share outweighs that the names are unlike: it may have been renamed

PHONE = 40.0  # with a similar name, enough for SAME
PHONE_TOLL_FREE = 24.0  # a hotline that branches may share
DOMAIN = 40.0  # with a similar name, enough for SAME
DOMAIN_OTHER_PAGE = 15.0  # different pages of one domain: chapters, or members of an umbrella organization
HOSTED_PAGE = 40.0  # the same page on a shared host
EMAIL_ADDRESS = 35.0
EMAIL_OF_PERSON = 24.0  # an address such as first.last@: one person may work for several organizations
MAX_CONTACT_POINTS = 65.0  # of all contacts together: they often come from one host or umbrella organization
SHARING_DISCOUNTS = ((2, 1.0), (5, 0.6), (20, 0.3))  # the share of the points by the maximum number of records with the contact
MIN_SHARING_DISCOUNT = 0.1
OTHER_PHONE = -16.0
OTHER_DOMAIN = -12.0
OTHER_CONTACT_SAME_BUILDING = -4.0  # an office has several phone lines, and changes its website more often than its address

SAME_BUILDING = 40.0  # with an equal name, enough for SAME; not enough alone, because hundreds may share a building
OTHER_UNIT = 25.0  # the same building, another suite
SAME_BUILDING_OTHER_TOWN = 25.0  # the same street and number, with two names for the town
POSTAL_CODE = 18.0
CITY = 16.0  # with a name of almost two rare words, enough for SAME if a street is unknown
CITY_OTHER_STREET = 4.0  # it moved, or is a branch: a person has to decide
POSTAL_CODE_OTHER_STREET = 8.0
OTHER_CITY = -3.0  # an unusual name is still worth a review
OTHER_CITY_AND_STREET = -18.0  # a branch or a namesake, unless contacts agree
OTHER_STATE = -17.0  # an equal name alone, however unusual, is not enough: 60.8 points at most
OTHER_STATE_AND_STREET = -24.0
OTHER_COUNTRY = -40.0

DISTANT_YEARS = 15  # years between two foundations
OTHER_YEAR = -8.0  # similar names and distant years: an organization and its successor
BRANCH = -40.0  # one is a branch of the other
