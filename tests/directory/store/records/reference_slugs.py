"""Slugs as plain rows, to compare the store with: every slug ever assigned has a row, also that of a public record."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from directory.records import Audience
from directory.vocabulary.slugs import build_private_slug, is_private_slug

PUBLIC = Audience.PUBLIC


class Request(Struct, frozen=True):
    """One edit: the record `id` requests `slug` and `audience`, or is removed (`audience` None) and maybe merged."""

    id: str
    slug: str = ""
    audience: Audience | None = None
    survivor: str | None = None
    is_flexible: bool = False


class TakenSlugError(Exception):
    """The requested slug belongs to another record."""


class ReferenceSlugs:
    """The slugs of all records, and where every slug leads each audience."""

    def __init__(self, new_suffix: Callable[[], str]) -> None:
        self._new_suffix = new_suffix
        self.slugs: dict[str, str] = {}  # of each record now
        self.audiences: dict[str, Audience] = {}
        self._holders: dict[str, tuple[str, Audience]] = {}
        self._aliases: dict[tuple[str, str], Audience] = {}
        self._merges: dict[str, tuple[str, Audience]] = {}

    def write(self, requests: Sequence[Request]) -> None:
        """Apply the requests together. Raises TakenSlugError."""
        slugs = self._assign(requests)
        for request in requests:
            self._merges.pop(request.id, None)
            if request.audience is None:
                audience = self.audiences.pop(request.id)
                del self.slugs[request.id]
                self._merges |= {request.id: (request.survivor, audience)} if request.survivor else {}
        for request in requests:
            if request.audience is not None:
                self.slugs[request.id], self.audiences[request.id] = slugs[request.id], request.audience
                self._register(slugs[request.id], request.id, request.audience)
        for request in requests:
            if request.audience not in (None, PUBLIC) and not is_private_slug(request.slug):
                self._register_alias(request.slug, request.id, request.audience)

    def find_target(self, slug: str, audience: Audience) -> str | None:
        """Return the id of the record that the slug leads the audience to; None if it sees none."""
        targets = [self._follow(owner, audience) for owner in self._list_owners(slug, audience)]
        return next((target for target in targets if target in self.audiences and audience.sees(self.audiences[target])), None)

    def list_slugs(self) -> set[str]:
        return {*self._holders, *(slug for slug, _ in self._aliases)}

    def _list_owners(self, slug: str, audience: Audience) -> list[str]:
        holder = [self._holders[slug]] if slug in self._holders else []
        aliases = sorted((owner, widest) for (alias, owner), widest in self._aliases.items() if alias == slug)
        return [owner for owner, widest in (*holder, *aliases) if audience.sees(widest)]

    def _follow(self, organization_id: str, audience: Audience, merges: Mapping[str, tuple[str, Audience]] | None = None) -> str:
        known = self._merges if merges is None else merges
        while organization_id in known and audience.sees(known[organization_id][1]):
            organization_id = known[organization_id][0]
        return organization_id

    def _assign(self, requests: Sequence[Request]) -> dict[str, str]:
        """Records that keep slug and audience come first, then private ones: public ones may take what they release."""
        assigned = {request.id: request.slug for request in requests if self._keeps_slug(request)}
        others = [request for request in requests if request.id not in assigned]
        for request in sorted(others, key=lambda request: request.audience is PUBLIC):
            if request.audience is PUBLIC:
                assigned[request.id] = self._assign_public(request, requests, assigned)
            elif request.audience is not None:
                assigned[request.id] = self._assign_private(request, assigned)
        return assigned

    def _keeps_slug(self, request: Request) -> bool:
        return (
            request.audience is not None
            and (self.slugs.get(request.id), self.audiences.get(request.id)) == (request.slug, request.audience)
            and (request.audience is PUBLIC or is_private_slug(request.slug))
        )

    def _assign_private(self, request: Request, assigned: Mapping[str, str]) -> str:
        owned = {slug for slug, (owner, _) in self._holders.items() if owner == request.id}
        owned |= {slug for slug, owner in self._aliases if owner == request.id}
        is_free = request.slug not in self.list_slugs() and request.slug not in assigned.values()
        if is_private_slug(request.slug) and (request.slug in owned or is_free):
            return request.slug
        private = sorted(filter(is_private_slug, owned))
        if not private or request.slug not in owned:
            return build_private_slug(request.slug, self._new_suffix())
        return self.slugs[request.id] if self.slugs.get(request.id) in private else private[0]

    def _assign_public(self, request: Request, requests: Sequence[Request], assigned: Mapping[str, str]) -> str:
        if not self._is_taken(request, requests, assigned):
            return request.slug
        if not request.is_flexible:
            raise TakenSlugError
        return self.slugs.get(request.id) or build_private_slug(request.slug, self._new_suffix())

    def _is_taken(self, request: Request, requests: Sequence[Request], assigned: Mapping[str, str]) -> bool:
        edited = {other.id: other for other in requests}
        if request.slug in assigned.values():
            return True
        if any(slug == request.slug and owner not in edited for owner, slug in self.slugs.items()):
            return True
        merges = {loser: merge for loser, merge in self._merges.items() if loser not in edited}
        removed = (other for other in requests if other.survivor and other.audience is None)
        merges |= {other.id: (other.survivor or "", self.audiences[other.id]) for other in removed}
        after = self.audiences | {other.id: other.audience or Audience.STAFF for other in requests}
        owners = (owner for owner in self._list_owners(request.slug, PUBLIC) if owner != request.id)
        targets = {self._follow(owner, PUBLIC, merges) for owner in owners} - {request.id}
        return any(after.get(target) is PUBLIC for target in targets)

    def _register(self, slug: str, owner: str, audience: Audience) -> None:
        holder, widest = self._holders.get(slug, (owner, audience))
        if holder != owner:
            self._aliases[slug, holder] = widest
            widest = self._aliases.pop((slug, owner), audience)
        self._holders[slug] = owner, _choose_wider(widest, audience)

    def _register_alias(self, slug: str, owner: str, audience: Audience) -> None:
        holder, widest = self._holders.setdefault(slug, (owner, audience))
        if holder == owner:
            self._holders[slug] = owner, _choose_wider(widest, audience)
        else:
            self._aliases[slug, owner] = _choose_wider(self._aliases.get((slug, owner), audience), audience)


def _choose_wider(one: Audience, other: Audience) -> Audience:
    return one if other.sees(one) else other
