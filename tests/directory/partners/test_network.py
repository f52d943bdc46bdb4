"""The nodes and ties of the network of members."""

import datetime as dt

import pytest

from directory.errors import BadInput
from directory.kinds.coalition import CoalitionMember
from directory.partners.network import NetworkTie, build_network
from directory.question import Question
from directory.records import MembershipStatus, Organization, Relation, RelationKind
from tests.builders import a_membership, a_stored_coalition, an_id, an_organization, publish_for
from tests.directory.partners.member_networks import a_network, a_snapshot


def a_member(name: str, *relations: Relation, parent: str | None = None) -> Organization:
    return an_organization(name, relations=relations, parent=parent and an_id(parent))


def test_members_and_coalitions_are_nodes_by_name() -> None:
    network = build_network(a_network("CAB", coalitions={"Zone": "AB", "Edge": "BC"}), Question())
    assert [node.key for node in network.nodes] == ["a", "b", "c", "coalition:edge", "coalition:zone"]
    assert network.ties == tuple(NetworkTie(*pair, ("Member",)) for pair in [(0, 4), (1, 3), (1, 4), (2, 3)])
    assert network.member_count == 3


def test_a_coalition_with_one_member_in_the_network_is_left_out() -> None:
    network = build_network(a_network("AB", coalitions={"Edge": "A", "Zone": "AX"}), Question())
    assert ([node.key for node in network.nodes], network.ties) == (["a", "b"], ())


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (RelationKind.BRANCH_OF, "Ash is a branch of Birch"),
        (RelationKind.SUCCESSOR_OF, "Ash is the successor of Birch"),
        (RelationKind.FISCAL_SPONSOR, "Birch is the fiscal sponsor of Ash"),
        (RelationKind.SISTER, "Sister organizations"),
        (RelationKind.PARTNER, "Partners"),
        (RelationKind.FUNDER, "Birch funds Ash"),
        (RelationKind.HOST, "Birch hosts Ash"),
    ],
)
def test_a_relation_is_a_reason(kind: RelationKind, reason: str) -> None:
    snapshot = a_snapshot([a_member("Ash", Relation(kind, an_id("Birch"))), a_member("Birch")])
    assert build_network(snapshot, Question()).ties == (NetworkTie(0, 1, (reason,)),)


def test_every_relation_kind_has_a_sentence() -> None:
    relations = tuple(Relation(kind, an_id("Birch")) for kind in RelationKind)
    (tie,) = build_network(a_snapshot([a_member("Ash", *relations), a_member("Birch")]), Question()).ties
    assert tie.weight == len(RelationKind)


def test_the_same_fact_counts_once_whoever_states_it() -> None:
    ash = a_member(
        "Ash", Relation(RelationKind.BRANCH_OF, an_id("Birch")), Relation(RelationKind.SISTER, an_id("Birch")), parent="Birch"
    )
    birch = a_member("Birch", Relation(RelationKind.SISTER, an_id("Ash")), Relation(RelationKind.FUNDER, an_id("Ash")))
    (tie,) = build_network(a_snapshot([ash, birch]), Question()).ties
    assert tie.reasons == ("Ash is a branch of Birch", "Sister organizations", "Ash funds Birch")


def test_relations_to_other_records_actors_and_itself_tie_no_one() -> None:
    lapsed = an_organization("Lapsed", membership=a_membership(MembershipStatus.LAPSED))
    others = [Relation(RelationKind.PARTNER, an_id(name)) for name in ("Lapsed", "Nobody", "Ash")]
    snapshot = a_snapshot([a_member("Ash", *others, Relation(RelationKind.FUNDER, actor="A fund"), parent="Lapsed"), lapsed])
    network = build_network(snapshot, Question())
    assert ([node.name for node in network.nodes], network.ties) == (["Ash"], ())


def test_a_membership_has_its_role_and_dates() -> None:
    member = CoalitionMember(an_id("Ash"), "Chair", dt.date(2021, 3, 4), dt.date(2023, 5, 6))
    coalition = a_stored_coalition(members=())
    records = [a_member("Ash"), a_member("Birch")]
    stored = type(coalition)(id=coalition.id, slug="c", name="C", members=(member, CoalitionMember(an_id("Birch"))))
    ties = build_network(a_snapshot([*records, publish_for(stored)]), Question()).ties
    assert [tie.reasons for tie in ties] == [("Member (Chair, since 2021-03-04, until 2023-05-06)",), ("Member",)]


def test_the_members_of_a_coalition_are_shown_without_it() -> None:
    snapshot = a_network("ABCD", partners=["AB", "CD"], coalitions={"Edge": "ABC", "Zone": "BC"})
    network = build_network(snapshot, Question(), "edge")
    assert [node.key for node in network.nodes] == ["a", "b", "c", "coalition:zone"]
    assert [(tie.source, tie.target) for tie in network.ties] == [(0, 1), (1, 3), (2, 3)]


def test_an_unknown_coalition_is_refused_with_the_nearest() -> None:
    snapshot = a_network("AB", coalitions={"Tenants Alliance": "AB"})
    with pytest.raises(BadInput, match="Did you mean tenants-alliance") as refusal:
        build_network(snapshot, Question(), "tenants-aliance")
    assert refusal.value.params["suggestions"] == ["tenants-alliance"]


def test_a_coalition_of_2000_members_has_2000_ties() -> None:
    names = [f"Member {number}" for number in range(2_000)]
    records = [*(an_organization(name) for name in names), publish_for(a_stored_coalition("Everyone", names))]
    assert len(build_network(a_snapshot(records), Question()).ties) == 2_000


def test_the_order_does_not_depend_on_the_order_of_records() -> None:
    letters = "ABCDEFG"
    partners = ["AB", "CD", "EA"]
    coalitions = {"Edge": "ABC", "Zone": "EFG"}
    one, other = a_network(letters, partners, coalitions), a_network(letters[::-1], partners, dict(reversed(coalitions.items())))
    assert build_network(one, Question()) == build_network(other, Question())
