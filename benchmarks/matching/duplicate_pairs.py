"""Generate labelled pairs of fictional organizations: duplicates in two lists, and distinct look-alikes."""

from collections.abc import Callable
from random import Random

from msgspec.structs import replace

from benchmarks.lists.fictional_names import (
    HEAD_WORDS,
    RARE_WORDS,
    THEME_WORDS,
    TOWNS,
    ListedOrganization,
    abbreviate_name,
    invent_name,
    invent_organization,
    invent_phone,
    invent_street,
    invent_website,
    misspell_name,
    move_to_other_town,
    reformat,
    reformat_both,
)
from benchmarks.matching.labelled_pairs import LabelledPair
from directory.matching.match_record import MatchAddress, MatchRecord

PAIRS = 500

PairOfListings = tuple[ListedOrganization, ListedOrganization]
SMALL_WORDS = ("of", "and", "for", "the")


def generate_pairs(seed: int, count: int = PAIRS) -> list[LabelledPair]:
    """Generate `count` pairs, always the same for a seed. Half are duplicates, and every kind is about equally frequent."""
    rng = Random(seed)
    pairs = []
    for number in range(count):
        same = number % 2 == 0
        kinds = DUPLICATE_KINDS if same else DISTINCT_KINDS
        kind = list(kinds)[number // 2 % len(kinds)]
        left, right = kinds[kind](rng)
        left, right = (left, right) if rng.random() < 0.5 else (right, left)
        pairs.append(
            LabelledPair(_build_match_record(left, f"left {number}"), _build_match_record(right, f"right {number}"), same, kind)
        )
    return pairs


def _build_match_record(first: ListedOrganization, id: str) -> MatchRecord:
    place = MatchAddress(first.street or None, first.city or None, f"US-{first.state}", first.postal_code or None)
    phones = (first.phone,) if first.phone else ()
    return MatchRecord(id, first.name, website=first.website or None, phones=phones, addresses=(place,))


# Duplicates: one organization in two lists


def _pair_misspelled(rng: Random) -> PairOfListings:
    first = invent_organization(rng)
    return reformat_both(rng, first, replace(first, name=misspell_name(rng, first.name)))


def _pair_twice_misspelled(rng: Random) -> PairOfListings:
    first = invent_organization(rng)
    return reformat_both(
        rng,
        replace(first, name=misspell_name(rng, first.name)),
        replace(first, name=misspell_name(rng, first.name).upper()),
    )


def _pair_swapped_words(rng: Random) -> PairOfListings:
    first = invent_organization(rng)
    rare, theme, head = rng.choice(RARE_WORDS), rng.choice(THEME_WORDS), rng.choice(HEAD_WORDS)
    swapped = rng.choice((f"{theme} {head} of {rare}", f"{rare}, {theme} {head}", f"{head} for {theme} ({rare})"))
    return reformat_both(rng, replace(first, name=f"{rare} {theme} {head}"), replace(first, name=swapped))


def _pair_abbreviated(rng: Random) -> PairOfListings:
    first = invent_organization(rng)
    return reformat_both(rng, first, replace(first, name=abbreviate_name(rng, first.name)))


def _pair_legal_form(rng: Random) -> PairOfListings:
    first = invent_organization(rng)
    form = rng.choice((", Inc.", " Inc", " LLC", " Corporation", ", Incorporated"))
    return reformat_both(rng, first, replace(first, name=f"{rng.choice(('', 'The '))}{first.name}{form}"))


def _pair_acronym(rng: Random) -> PairOfListings:
    first = invent_organization(
        rng, f"{rng.choice(RARE_WORDS)} {rng.choice(THEME_WORDS)} and {rng.choice(THEME_WORDS)} {rng.choice(HEAD_WORDS)}"
    )
    letters = "".join(word[0] for word in first.name.split() if word not in SMALL_WORDS)
    left, right = reformat(rng, first), reformat(rng, replace(first, name=letters))
    shared = rng.choice(("phone", "website", "street"))
    return replace(left, **{shared: getattr(first, shared)}), replace(right, **{shared: getattr(first, shared)})


def _pair_added_acronym(rng: Random) -> PairOfListings:
    first = invent_organization(
        rng, f"{rng.choice(RARE_WORDS)} {rng.choice(THEME_WORDS)} {rng.choice(THEME_WORDS)} {rng.choice(HEAD_WORDS)}"
    )
    letters = "".join(word[0] for word in first.name.split())
    return reformat_both(rng, first, replace(first, name=rng.choice((f"{first.name} ({letters})", f"{letters} - {first.name}"))))


def _pair_former_name(rng: Random) -> PairOfListings:
    first = invent_organization(rng)
    between = rng.choice((" (formerly {})", ", formerly known as {}", " f/k/a {}", " (aka {})", " dba {}"))
    return reformat_both(rng, first, replace(first, name=invent_name(rng, first.city) + between.format(first.name)))


def _pair_renamed(rng: Random) -> PairOfListings:
    """The name differs completely. Two of phone, website and street are the same."""
    first = invent_organization(rng)
    shared = rng.sample(("phone", "website", "street"), 2)
    left, right = reformat_both(rng, first, replace(first, name=invent_name(rng, first.city)))
    same = {field: getattr(first, field) for field in shared}
    return replace(left, **same), replace(right, **same)


def _pair_moved(rng: Random) -> PairOfListings:
    first = invent_organization(rng)
    moved = (
        replace(move_to_other_town(rng, first), phone=first.phone)
        if rng.random() < 0.5
        else replace(first, street=invent_street(rng))
    )
    left, right = reformat_both(rng, first, moved)
    shared = rng.choice(("phone", "website"))
    return replace(left, **{shared: getattr(first, shared)}), replace(right, **{shared: getattr(first, shared)})


def _pair_few_fields(rng: Random) -> PairOfListings:
    first = invent_organization(rng)
    return reformat(rng, first), replace(first, street="", phone="", website="", postal_code="")


def _pair_punctuation(rng: Random) -> PairOfListings:
    rare, other = rng.sample(RARE_WORDS, 2)
    name = f"{rare} {other} {rng.choice(HEAD_WORDS)}"
    variant = rng.choice((name.replace(" ", "", 1), name.replace(" ", "-", 1), name.replace("a", "á", 1).replace("e", "è", 1)))
    first = invent_organization(rng, name)
    return reformat_both(rng, first, replace(first, name=variant))


# Distinct organizations that look alike


def _pair_branch(rng: Random) -> PairOfListings:
    first = invent_organization(rng)
    return reformat_both(rng, first, move_to_other_town(rng, first))


def _pair_nearby_branch(rng: Random) -> PairOfListings:
    """In one town, with a website in common."""
    first = invent_organization(rng)
    other = replace(first, street=invent_street(rng), phone=invent_phone(rng, first.phone[:3]))
    left, right = reformat_both(rng, first, other)
    return replace(left, street=first.street, phone=first.phone), replace(right, street=other.street, phone=other.phone)


def _pair_same_address(rng: Random) -> PairOfListings:
    first = invent_organization(rng)
    other = invent_organization(rng, invent_name(rng, first.city))
    shared = replace(other, street=first.street, city=first.city, state=first.state, postal_code=first.postal_code)
    return reformat_both(rng, first, shared)


def _pair_contained_name(rng: Random) -> PairOfListings:
    first = invent_organization(rng)
    form = rng.choice(
        ("Friends of {}", "{} Foundation", "{} Youth Council", "{} Action Fund", "{} Alumni", "{} Auxiliary", "{} Trust")
    )
    other = replace(first, name=form.format(first.name), website=invent_website(rng, form.format(first.name)))
    return reformat_both(rng, first, replace(other, phone=rng.choice((first.phone, invent_phone(rng, first.phone[:3])))))


def _pair_local_numbers(rng: Random) -> PairOfListings:
    one, other = rng.sample(range(1, 900), 2)
    union = f"{rng.choice(RARE_WORDS)} {rng.choice(THEME_WORDS)} Union {rng.choice(('Local', 'Lodge', 'Post', 'Chapter'))}"
    first = invent_organization(rng, f"{union} {one}")
    return reformat_both(rng, first, replace(first, name=f"{union} No. {other}", phone=invent_phone(rng, first.phone[:3])))


def _pair_schools(rng: Random) -> PairOfListings:
    one, other = rng.sample(RARE_WORDS, 2)
    parents = rng.choice(("PTA", "Elementary School PTA", "High School Boosters", "Parent Teacher Association"))
    first, second = invent_organization(rng, f"{one} {parents}"), invent_organization(rng, f"{other} {parents}")
    return reformat_both(rng, first, replace(second, city=first.city, state=first.state, postal_code=first.postal_code))


def _pair_churches(rng: Random) -> PairOfListings:
    one, other = rng.sample(("First", "Second", "Third", "St. Luke's", "St. Agnes", "Mount Zion", "Bethel"), 2)
    kind = rng.choice(("Baptist Church", "Methodist Church", "Lutheran Church"))
    first = invent_organization(rng, f"{one} {kind}")
    return reformat_both(rng, first, replace(invent_organization(rng, f"{other} {kind}"), city=first.city, state=first.state))


def _pair_states(rng: Random) -> PairOfListings:
    stem = f"{rng.choice(THEME_WORDS)} {rng.choice(HEAD_WORDS)}"
    one, other = rng.sample(("Georgia", "Ohio", "Illinois", "Oregon", "Maine", "Texas", "Michigan"), 2)
    first = invent_organization(rng, f"{stem} of {one}")
    second = invent_organization(rng, rng.choice((f"{stem} of {other}", f"{other} {stem}")))
    return reformat_both(rng, first, replace(second, website=first.website))


def _pair_sisters(rng: Random) -> PairOfListings:
    """Two organizations of one family: they share a website, and often a street."""
    rare, (one, other) = rng.choice(RARE_WORDS), rng.sample(HEAD_WORDS, 2)
    theme, second = rng.sample(THEME_WORDS, 2)
    first = invent_organization(rng, f"{rare} {theme} {one}")
    sister = replace(
        invent_organization(rng, f"{rare} {second} {other}"), website=first.website, city=first.city, state=first.state
    )
    left, right = reformat_both(rng, first, replace(sister, street=rng.choice((first.street, sister.street))))
    return replace(left, website=first.website), replace(right, website=first.website)


def _pair_namesakes(rng: Random) -> PairOfListings:
    first = invent_organization(
        rng, f"{rng.choice(('', 'Community ', 'National '))}{rng.choice(THEME_WORDS)} {rng.choice(HEAD_WORDS)}"
    )
    return reformat_both(rng, first, replace(move_to_other_town(rng, first, other_state=True), website=""))


def _pair_one_word_apart(rng: Random) -> PairOfListings:
    rare, theme = rng.choice(RARE_WORDS), rng.choice(THEME_WORDS)
    one, other = rng.sample(HEAD_WORDS, 2)
    first, second = invent_organization(rng, f"{rare} {theme} {one}"), invent_organization(rng, f"{rare} {theme} {other}")
    return reformat_both(rng, first, replace(second, city=first.city, state=first.state, postal_code=first.postal_code))


def _pair_same_initials(rng: Random) -> PairOfListings:
    """An acronym, and another organization in the same town with these initials."""
    first = invent_organization(rng, f"{rng.choice(RARE_WORDS)} {rng.choice(THEME_WORDS)} {rng.choice(HEAD_WORDS)}")
    letters = "".join(word[0] for word in first.name.split())
    town = next(town for town in TOWNS if town[0] == first.city and town[1] == first.state)
    other = replace(
        first,
        name=letters,
        street=invent_street(rng),
        phone=invent_phone(rng, town[2]),
        website=f"https://{letters.lower()}.example/",
    )
    return reformat_both(rng, first, other)


DUPLICATE_KINDS: dict[str, Callable[[Random], PairOfListings]] = {
    "misspelled": _pair_misspelled,
    "misspelled in both lists": _pair_twice_misspelled,
    "words swapped": _pair_swapped_words,
    "abbreviated": _pair_abbreviated,
    "with a legal form": _pair_legal_form,
    "its acronym": _pair_acronym,
    "its acronym added": _pair_added_acronym,
    "its former name added": _pair_former_name,
    "renamed": _pair_renamed,
    "moved": _pair_moved,
    "little told": _pair_few_fields,
    "blanks, hyphens, diacritics": _pair_punctuation,
}
DISTINCT_KINDS: dict[str, Callable[[Random], PairOfListings]] = {
    "branch in another town": _pair_branch,
    "branch in the same town": _pair_nearby_branch,
    "other name in one house": _pair_same_address,
    "name contains the other": _pair_contained_name,
    "another number": _pair_local_numbers,
    "another school": _pair_schools,
    "another church": _pair_churches,
    "another state in the name": _pair_states,
    "sisters with one website": _pair_sisters,
    "namesakes in other states": _pair_namesakes,
    "one word apart": _pair_one_word_apart,
    "acronym of another": _pair_same_initials,
}
