import pytest

from directory.drafts.draft_parts import NAME_LIMIT
from seed.sources.provision_table import derive_subject


@pytest.mark.parametrize(
    ("summary", "subject"),
    [
        ("End evictions. Start with the poorest states.", "End evictions"),
        ("End evictions", "End evictions"),
        ("End evictions!", "End evictions!"),
        ("¿Quién decide? Las comunidades.", "¿Quién decide?"),
        ("Ratify the U.S. treaty under art. 5 of the law. Report.", "Ratify the U.S. treaty under art. 5 of the law"),
        ("Let Congress, courts etc. act on it. Report.", "Let Congress, courts etc. act on it"),
        ("Ratifique el tratado. ¿Cuándo?", "Ratifique el tratado"),
        (".", "."),
    ],
)
def test_the_subject_is_the_first_sentence(summary: str, subject: str) -> None:
    assert derive_subject(summary) == subject


def test_a_long_sentence_is_cut_at_a_word() -> None:
    subject = derive_subject("Protect " + "tenants and homeowners, " * 20)
    assert NAME_LIMIT - 25 < len(subject) <= NAME_LIMIT
    assert subject.endswith(" homeowners…")


def test_a_long_word_is_cut() -> None:
    assert derive_subject("x" * 1_000) == "x" * (NAME_LIMIT - 1) + "…"
