"""Templates of the pages insert the same texts as those of a plain Jinja2, which escapes every value."""

from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from web.pages.rendering import load_environment
from web.pages.template_values import PageEnvironment

SOURCES = [
    "{{ value }}",
    '<a title="{{ value }}">{{ value|upper }}</a>',
    "{% macro show(x) %}<b>{{ x }}</b>{% endmacro %}{{ show(value) }}{{ show(show(value)) }}",
    "{% set text %}{{ value }}{% endset %}{{ text }}",
    "{{ value ~ '<' ~ value }}{{ [value, value]|join('<br>') }}{{ '%s'|format(value) }}",
    "{% filter upper %}{{ value }}{% endfilter %}{{ value|safe }}{{ value|e }}{{ (value|string)|replace('<', '&') }}",
    "{% for each in [value] %}{{ each if each else '<none>' }}{% endfor %}{{ '<i>' if not value }}",
]
VALUES = [
    "<script>\"'&",
    "plain",
    "",
    "\N{PILE OF POO}<",
    Markup("<b>&amp;</b>"),
    12,
    -1,
    True,
    None,
    1.5,
    ["<", Markup("<")],
    {"<": ">"},
]


class Icon:
    def __html__(self) -> str:
        return "<svg>"

    def __str__(self) -> str:
        return "<icon>"

    def __repr__(self) -> str:  # the name of the test, the same in every process
        return "Icon()"


def render(environment: Environment, source: str, value: Any) -> str:
    return environment.from_string(source).render(value=value)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("value", [*VALUES, Icon()], ids=repr)
def test_a_value_is_escaped_as_by_jinja(source: str, value: Any) -> None:
    own, plain = (kind(autoescape=True, undefined=StrictUndefined) for kind in (PageEnvironment, Environment))
    assert render(own, source, value) == render(plain, source, value)


def test_a_value_that_is_not_there_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        PageEnvironment(autoescape=True, undefined=StrictUndefined).from_string("{{ nothing }}").render()


@pytest.mark.parametrize("code", ["en", "es"])
def test_values_in_translated_texts_are_escaped(code: str) -> None:
    trans = "{% trans words=value %}Search for “{{ words }}”{% endtrans %}"
    source = trans + "{{ _('Themes') }}{{ _('Search for “%(words)s”', words=value) }}"
    text = render(load_environment(code), source, "<b>%(x)s%")
    assert text.count("&lt;b&gt;%(x)s%") == 2
    assert "<b>" not in text


def test_texts_with_counts_are_chosen_by_the_count() -> None:
    texts = "{{ number }} organization{% pluralize %}{{ number }} organizations"
    source = "{% trans count=value, number=value|count %}" + texts + "{% endtrans %}"
    shown = [render(load_environment(code), source, value) for code in ("en", "es") for value in (1, 1_200)]
    assert shown == ["1 organization", "1,200 organizations", "1 organización", "1,200 organizaciones"]
