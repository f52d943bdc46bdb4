"""The closed lists of values: audiences, kinds of records, organizations, coalitions, instruments and relations, and others."""

from enum import StrEnum


class Audience(StrEnum):
    """A group of readers, least trusted first. Each sees everything that the ones before it see."""

    PUBLIC = "PUBLIC"
    MEMBERS = "MEMBERS"
    STAFF = "STAFF"

    def sees(self, shown_to: "Audience") -> bool:
        """Whether this audience sees something that is shown to `shown_to`."""
        return _TRUST_LEVELS[self] >= _TRUST_LEVELS[shown_to]


_TRUST_LEVELS = {audience: position for position, audience in enumerate(Audience)}


class RecordKind(StrEnum):
    """The kinds of records. Ids are unique across kinds, slugs within a kind."""

    ORGANIZATION = "ORGANIZATION"
    COALITION = "COALITION"
    EVENT = "EVENT"
    INSTRUMENT = "INSTRUMENT"
    PROVISION = "PROVISION"

    @property
    def noun(self) -> str:
        """The word for one record of this kind in a sentence."""
        return self.value.lower()

    @property
    def noun_phrase(self) -> str:
        """The word with its article: "an organization"."""
        return f"{'an' if self.noun[0] in 'aeiou' else 'a'} {self.noun}"


class OrganizationKind(StrEnum):
    GRASSROOTS_GROUP = "GRASSROOTS_GROUP"
    COLLECTIVE = "COLLECTIVE"
    WORKER_CENTER = "WORKER_CENTER"
    LEGAL_ORGANIZATION = "LEGAL_ORGANIZATION"
    SERVICE_PROVIDER = "SERVICE_PROVIDER"
    ADVOCACY_ORGANIZATION = "ADVOCACY_ORGANIZATION"
    NATIONAL_ORGANIZATION = "NATIONAL_ORGANIZATION"
    NETWORK = "NETWORK"
    CAMPAIGN = "CAMPAIGN"
    FAITH_ORGANIZATION = "FAITH_ORGANIZATION"
    UNION = "UNION"
    RESEARCH = "RESEARCH"
    ARTS = "ARTS"
    FUNDER = "FUNDER"
    PUBLIC_BODY = "PUBLIC_BODY"
    OTHER = "OTHER"


class CoalitionKind(StrEnum):
    CAMPAIGN = "CAMPAIGN"
    TASK_FORCE = "TASK_FORCE"
    WORKING_GROUP = "WORKING_GROUP"
    ALLIANCE = "ALLIANCE"


class CoalitionStatus(StrEnum):
    UPCOMING = "UPCOMING"  # its first day is in the future
    CURRENT = "CURRENT"  # neither of the others, as far as its days are stated: a coalition without days is current
    ENDED = "ENDED"  # its last day is over


class InstrumentKind(StrEnum):
    DECLARATION = "DECLARATION"
    TREATY = "TREATY"
    REVIEW = "REVIEW"  # a review of what a state does, such as a cycle of the Universal Periodic Review


class NameKind(StrEnum):
    LEGAL = "LEGAL"
    ACRONYM = "ACRONYM"
    SHORT = "SHORT"
    FORMER = "FORMER"
    TRANSLATED = "TRANSLATED"
    ALSO_KNOWN_AS = "ALSO_KNOWN_AS"


class MembershipStatus(StrEnum):
    ACTIVE = "ACTIVE"
    PROSPECT = "PROSPECT"
    LAPSED = "LAPSED"
    NONE = "NONE"


class RelationKind(StrEnum):
    BRANCH_OF = "BRANCH_OF"
    SUCCESSOR_OF = "SUCCESSOR_OF"
    FISCAL_SPONSOR = "FISCAL_SPONSOR"
    SISTER = "SISTER"
    PARTNER = "PARTNER"
    FUNDER = "FUNDER"
    HOST = "HOST"


class VerificationMethod(StrEnum):
    """How a record was last verified."""

    PHONE = "PHONE"
    EMAIL = "EMAIL"
    VISIT = "VISIT"
    WEBSITE = "WEBSITE"
    DOCUMENT = "DOCUMENT"
    OTHER = "OTHER"


class SearchEngines(StrEnum):
    """Whether search engines may list the page of an organization."""

    ALLOWED = "ALLOWED"
    REFUSED = "REFUSED"
