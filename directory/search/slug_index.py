"""Find the records of a kind by slug: the current slugs, shared by all audiences, and what differs for one audience."""

from collections.abc import Iterable, Mapping

from directory.records import PublishedRecord
from directory.search.layered_map import LayeredMap

NOWHERE = ""  # the id of no record


class SlugIndex:
    """The id that each slug leads one audience to. Immutable.

    Nearly every slug is the current slug of a record, and leads everybody who sees the record to it. So current slugs are stored
    once for all audiences, and an audience stores only the slugs that lead it elsewhere. A slug may lead to a record that the
    audience does not see, which its snapshot does not find.
    """

    def __init__(self, current: LayeredMap[str, str], others: Mapping[str, str]) -> None:
        self.current = current  # ids by the current slugs of all records of the widest audience
        self._others = others  # ids by the slugs that lead this audience elsewhere; NOWHERE for those that lead nowhere

    @classmethod
    def build(cls, records: Iterable[PublishedRecord], targets: Mapping[str, str]) -> "SlugIndex":
        """Build the index of the audience that sees most. `targets` holds all slugs that lead the audience anywhere."""
        current = LayeredMap({record.slug: record.id for record in records})
        return cls(current, {}).narrow(targets)

    def narrow(self, targets: Mapping[str, str]) -> "SlugIndex":
        """Return the index of an audience. `targets` holds all slugs that lead it anywhere.

        The slug of a record that it does not see leads nowhere, also when the audience sees the record later under another slug.
        """
        leading_nowhere = dict.fromkeys((slug for slug in self.current if slug not in targets), NOWHERE)
        leading_elsewhere = {slug: identity for slug, identity in targets.items() if self.current.find(slug) != identity}
        return SlugIndex(self.current, leading_nowhere | leading_elsewhere)

    def find(self, slug: str) -> str:
        """Return the id that a slug leads to; NOWHERE if it leads nowhere."""
        return self._others[slug] if slug in self._others else self.current.get(slug, NOWHERE)

    def replace_current(self, before: Iterable[PublishedRecord], after: Iterable[PublishedRecord]) -> LayeredMap[str, str]:
        """Return the current slugs of all records after some of them changed."""
        old, new = ({record.slug: record.id for record in records} for records in (before, after))
        if old == new:
            return self.current
        return self.current.with_changes([slug for slug, identity in old.items() if self.current.find(slug) == identity], new)

    def with_changes(
        self, current: LayeredMap[str, str], changed_slugs: Iterable[str], targets: Mapping[str, str]
    ) -> "SlugIndex":
        """Return the index with other current slugs. `targets` holds the slugs that may lead this audience elsewhere now.

        All other slugs lead where they led before: also the `changed_slugs`, those that differ between the current slugs.
        """
        expected = {slug: self.find(slug) for slug in changed_slugs} | dict(targets)
        if current is self.current and all(self.find(slug) == identity for slug, identity in expected.items()):
            return self
        others = {slug: identity for slug, identity in self._others.items() if slug not in expected}
        others |= {slug: identity for slug, identity in expected.items() if current.get(slug, NOWHERE) != identity}
        return SlugIndex(current, others)
