"""Five hundred labelled pairs of invented organizations: what becomes of one in two lists, and what only looks like it."""

from collections.abc import Callable
from random import Random

from msgspec.structs import replace

from benchmarks.invented import (
    HEADS,
    RARE,
    THEMES,
    TOWNS,
    Told,
    as_listed,
    door,
    elsewhere,
    listed,
    misspelled,
    name_in,
    organization,
    phone,
    shortened,
    website,
)
from benchmarks.labelled import Pair
from directory.matching import Party, PartyPlace

PAIRS = 500

Two = tuple[Told, Told]
SMALL = ("of", "and", "for", "the")


def pairs(seed: int, count: int = PAIRS) -> list[Pair]:
    """`count` pairs, the same for a seed: half of them one organization, every kind about equally often."""
    rng = Random(seed)
    made = []
    for number in range(count):
        same = number % 2 == 0
        kinds = ONE if same else ANOTHER
        kind = list(kinds)[number // 2 % len(kinds)]
        left, right = kinds[kind](rng)
        left, right = (left, right) if rng.random() < 0.5 else (right, left)
        made.append(Pair(_party(left, f"left {number}"), _party(right, f"right {number}"), same, kind))
    return made


def _party(told: Told, id: str) -> Party:  # noqa: A002
    place = PartyPlace(told.street or None, told.city or None, f"US-{told.state}", told.postal_code or None)
    phones = (told.phone,) if told.phone else ()
    return Party(id, told.name, website=told.website or None, phones=phones, places=(place,))


# ---------------------------------------------------------------- one organization in two lists


def _misspelled(rng: Random) -> Two:
    told = organization(rng)
    return listed(rng, told, replace(told, name=misspelled(rng, told.name)))


def _twice_misspelled(rng: Random) -> Two:
    told = organization(rng)
    return listed(rng, replace(told, name=misspelled(rng, told.name)), replace(told, name=misspelled(rng, told.name).upper()))


def _words_swapped(rng: Random) -> Two:
    told = organization(rng)
    rare, theme, head = rng.choice(RARE), rng.choice(THEMES), rng.choice(HEADS)
    swapped = rng.choice((f"{theme} {head} of {rare}", f"{rare}, {theme} {head}", f"{head} for {theme} ({rare})"))
    return listed(rng, replace(told, name=f"{rare} {theme} {head}"), replace(told, name=swapped))


def _abbreviated(rng: Random) -> Two:
    told = organization(rng)
    return listed(rng, told, replace(told, name=shortened(rng, told.name)))


def _legal_form(rng: Random) -> Two:
    told = organization(rng)
    form = rng.choice((", Inc.", " Inc", " LLC", " Corporation", ", Incorporated"))
    return listed(rng, told, replace(told, name=f"{rng.choice(('', 'The '))}{told.name}{form}"))


def _acronym(rng: Random) -> Two:
    told = organization(rng, f"{rng.choice(RARE)} {rng.choice(THEMES)} and {rng.choice(THEMES)} {rng.choice(HEADS)}")
    letters = "".join(word[0] for word in told.name.split() if word not in SMALL)
    left, right = as_listed(rng, told), as_listed(rng, replace(told, name=letters))
    shared = rng.choice(("phone", "website", "street"))
    return replace(left, **{shared: getattr(told, shared)}), replace(right, **{shared: getattr(told, shared)})


def _acronym_added(rng: Random) -> Two:
    told = organization(rng, f"{rng.choice(RARE)} {rng.choice(THEMES)} {rng.choice(THEMES)} {rng.choice(HEADS)}")
    letters = "".join(word[0] for word in told.name.split())
    return listed(rng, told, replace(told, name=rng.choice((f"{told.name} ({letters})", f"{letters} - {told.name}"))))


def _former_name_told(rng: Random) -> Two:
    told = organization(rng)
    between = rng.choice((" (formerly {})", ", formerly known as {}", " f/k/a {}", " (aka {})", " dba {}"))
    return listed(rng, told, replace(told, name=name_in(rng, told.city) + between.format(told.name)))


def _renamed(rng: Random) -> Two:
    """Nothing tells it but what was kept: two of telephone, website and door."""
    told = organization(rng)
    kept = rng.sample(("phone", "website", "street"), 2)
    left, right = listed(rng, told, replace(told, name=name_in(rng, told.city)))
    same = {field: getattr(told, field) for field in kept}
    return replace(left, **same), replace(right, **same)


def _moved(rng: Random) -> Two:
    told = organization(rng)
    moved = replace(elsewhere(rng, told), phone=told.phone) if rng.random() < 0.5 else replace(told, street=door(rng))
    left, right = listed(rng, told, moved)
    kept = rng.choice(("phone", "website"))
    return replace(left, **{kept: getattr(told, kept)}), replace(right, **{kept: getattr(told, kept)})


def _little_told(rng: Random) -> Two:
    told = organization(rng)
    return as_listed(rng, told), replace(told, street="", phone="", website="", postal_code="")


def _blanks_and_marks(rng: Random) -> Two:
    rare, other = rng.sample(RARE, 2)
    name = f"{rare} {other} {rng.choice(HEADS)}"
    written = rng.choice((name.replace(" ", "", 1), name.replace(" ", "-", 1), name.replace("a", "á", 1).replace("e", "è", 1)))
    told = organization(rng, name)
    return listed(rng, told, replace(told, name=written))


# ---------------------------------------------------------------- two organizations


def _branch(rng: Random) -> Two:
    told = organization(rng)
    return listed(rng, told, elsewhere(rng, told))


def _branch_nearby(rng: Random) -> Two:
    """In one town, with a website in common."""
    told = organization(rng)
    other = replace(told, street=door(rng), phone=phone(rng, told.phone[:3]))
    left, right = listed(rng, told, other)
    return replace(left, street=told.street, phone=told.phone), replace(right, street=other.street, phone=other.phone)


def _one_house(rng: Random) -> Two:
    told = organization(rng)
    other = organization(rng, name_in(rng, told.city))
    shared = replace(other, street=told.street, city=told.city, state=told.state, postal_code=told.postal_code)
    return listed(rng, told, shared)


def _contained(rng: Random) -> Two:
    told = organization(rng)
    form = rng.choice(
        ("Friends of {}", "{} Foundation", "{} Youth Council", "{} Action Fund", "{} Alumni", "{} Auxiliary", "{} Trust")
    )
    other = replace(told, name=form.format(told.name), website=website(rng, form.format(told.name)))
    return listed(rng, told, replace(other, phone=rng.choice((told.phone, phone(rng, told.phone[:3])))))


def _local(rng: Random) -> Two:
    one, other = rng.sample(range(1, 900), 2)
    union = f"{rng.choice(RARE)} {rng.choice(THEMES)} Union {rng.choice(('Local', 'Lodge', 'Post', 'Chapter'))}"
    told = organization(rng, f"{union} {one}")
    return listed(rng, told, replace(told, name=f"{union} No. {other}", phone=phone(rng, told.phone[:3])))


def _school(rng: Random) -> Two:
    one, other = rng.sample(RARE, 2)
    parents = rng.choice(("PTA", "Elementary School PTA", "High School Boosters", "Parent Teacher Association"))
    told, second = organization(rng, f"{one} {parents}"), organization(rng, f"{other} {parents}")
    return listed(rng, told, replace(second, city=told.city, state=told.state, postal_code=told.postal_code))


def _church(rng: Random) -> Two:
    one, other = rng.sample(("First", "Second", "Third", "St. Luke's", "St. Agnes", "Mount Zion", "Bethel"), 2)
    kind = rng.choice(("Baptist Church", "Methodist Church", "Lutheran Church"))
    told = organization(rng, f"{one} {kind}")
    return listed(rng, told, replace(organization(rng, f"{other} {kind}"), city=told.city, state=told.state))


def _other_state(rng: Random) -> Two:
    stem = f"{rng.choice(THEMES)} {rng.choice(HEADS)}"
    one, other = rng.sample(("Georgia", "Ohio", "Illinois", "Oregon", "Maine", "Texas", "Michigan"), 2)
    told = organization(rng, f"{stem} of {one}")
    second = organization(rng, rng.choice((f"{stem} of {other}", f"{other} {stem}")))
    return listed(rng, told, replace(second, website=told.website))


def _sisters(rng: Random) -> Two:
    """Of one family: a domain in common, often the door too."""
    rare, (one, other) = rng.choice(RARE), rng.sample(HEADS, 2)
    theme, second = rng.sample(THEMES, 2)
    told = organization(rng, f"{rare} {theme} {one}")
    sister = replace(organization(rng, f"{rare} {second} {other}"), website=told.website, city=told.city, state=told.state)
    left, right = listed(rng, told, replace(sister, street=rng.choice((told.street, sister.street))))
    return replace(left, website=told.website), replace(right, website=told.website)


def _namesakes(rng: Random) -> Two:
    told = organization(rng, f"{rng.choice(('', 'Community ', 'National '))}{rng.choice(THEMES)} {rng.choice(HEADS)}")
    return listed(rng, told, replace(elsewhere(rng, told, other_state=True), website=""))


def _one_word_apart(rng: Random) -> Two:
    rare, theme = rng.choice(RARE), rng.choice(THEMES)
    one, other = rng.sample(HEADS, 2)
    told, second = organization(rng, f"{rare} {theme} {one}"), organization(rng, f"{rare} {theme} {other}")
    return listed(rng, told, replace(second, city=told.city, state=told.state, postal_code=told.postal_code))


def _same_letters(rng: Random) -> Two:
    """An acronym, and another organization in town whose initials it has."""
    told = organization(rng, f"{rng.choice(RARE)} {rng.choice(THEMES)} {rng.choice(HEADS)}")
    letters = "".join(word[0] for word in told.name.split())
    town = next(town for town in TOWNS if town[0] == told.city and town[1] == told.state)
    other = replace(
        told, name=letters, street=door(rng), phone=phone(rng, town[2]), website=f"https://{letters.lower()}.example/"
    )
    return listed(rng, told, other)


ONE: dict[str, Callable[[Random], Two]] = {
    "misspelled": _misspelled,
    "misspelled in both lists": _twice_misspelled,
    "words swapped": _words_swapped,
    "abbreviated": _abbreviated,
    "with a legal form": _legal_form,
    "its acronym": _acronym,
    "its acronym added": _acronym_added,
    "its former name added": _former_name_told,
    "renamed": _renamed,
    "moved": _moved,
    "little told": _little_told,
    "blanks, hyphens, diacritics": _blanks_and_marks,
}
ANOTHER: dict[str, Callable[[Random], Two]] = {
    "branch in another town": _branch,
    "branch in the same town": _branch_nearby,
    "other name in one house": _one_house,
    "name contains the other": _contained,
    "another number": _local,
    "another school": _school,
    "another church": _church,
    "another state in the name": _other_state,
    "sisters with one website": _sisters,
    "namesakes in other states": _namesakes,
    "one word apart": _one_word_apart,
    "acronym of another": _same_letters,
}
