"""Which code is mutated and which is not; a mutation changes exactly its place."""

import ast

import pytest

from tests.mutants.mutations import apply_mutation, find_mutations


def list_changes(source: str) -> set[tuple[str, str]]:
    return {(mutation.before, mutation.after) for mutation in find_mutations("a.py", source)}


@pytest.mark.parametrize(
    ("source", "before", "after"),
    [
        ("a < b", "a < b", "a <= b"),
        ("a >= b", "a >= b", "a > b"),
        ("a == b", "a == b", "a != b"),
        ("a < b < c", "a < b < c", "a < b <= c"),
        ("a and b", "a and b", "a or b"),
        ("f(not a)", "not a", "a"),
        ("f(a + b)", "a + b", "a - b"),
        ("f(3)", "3", "4"),
        ("f(True)", "True", "False"),
        ("decode(a, strict=True)", "True", "False"),
        ("def f():\n    return a", "return a", "return None"),
        ("f(a)", "f(a)", "pass"),
        ("a.b = c", "a.b = c", "pass"),
        ("a += b", "a += b", "pass"),
        ("if a:\n    b", "a", "False"),
        ("b = 1 if a else 2", "a", "True"),
        ("[b for b in c if d]", "d", "True"),
        ("b = min(c)", "min(c)", "max(c)"),
        ("b = all(c)", "all(c)", "any(c)"),
        ("b = sorted(c, key=d)", "sorted(c, key=d)", "sorted(c)"),
        ("for a in b:\n    continue", "continue", "break"),
    ],
)
def test_each_kind_of_mutation(source: str, before: str, after: str) -> None:
    assert (before, after) in list_changes(source)


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring with 3 words."""',
        "a: int | None",
        "def f(a: int | None) -> int | str: ...",
        "assert a < 3",
        "log.info('%s', 3)",
        "Name = A | B",
        "__all__ = [1]",
        "if TYPE_CHECKING:\n    import a",
        "@lru_cache(maxsize=3)\ndef f(): ...",
        "class A(Struct, frozen=True, gc=False): ...",
        "c = zip(a, b, strict=True)",
        "c = Column(autoincrement=False)",
        "SIZE = 1 << 16\n@lru_cache(maxsize=SIZE)\ndef f(): ...",
        "raise BadInput(f'at most {3 + 4}')",
        "a = 'x' + b",
        "return_nothing = None",
    ],
)
def test_code_without_observable_effects_is_not_mutated(source: str) -> None:
    assert not list_changes(source)


def test_only_the_place_of_the_mutation_changes() -> None:
    source = "def f(a):\n    return a < 1 or a < 2\n"
    mutation = next(each for each in find_mutations("a.py", source) if each.before == "a < 2")
    assert ast.unparse(apply_mutation(source, mutation.number)) == "def f(a):\n    return a < 1 or a <= 2"
    assert (mutation.function, mutation.line, mutation.first_line) == ("f", 2, 2)


def test_every_mutation_differs_from_the_source_and_compiles() -> None:
    source = ast.unparse(ast.parse(open(__file__).read()))  # noqa: SIM115
    for mutation in find_mutations("a.py", source):
        tree = apply_mutation(source, mutation.number)
        compile(tree, "a.py", "exec")
        assert ast.unparse(tree) != source


def test_a_mutation_knows_the_first_line_of_its_statement() -> None:
    mutation = next(each for each in find_mutations("a.py", "x = f(\n    a,\n    b < c,\n)") if each.kind == "comparison")
    assert (mutation.first_line, mutation.line) == (1, 3)
