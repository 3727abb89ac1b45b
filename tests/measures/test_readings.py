"""A wording is matched once, and only patterns that can match are tried: neither may change an answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.measures.matching import Match, Matcher, Surroundings
from pipeline.measures.quantities import read_quantities
from pipeline.measures.readings import Reading, Readings
from pipeline.measures.simplified import simplify
from pipeline.measures.sources import unit_key
from pipeline.profiles import load_part
from pipeline.profiles.indicators import GENRES, Example
from pipeline.profiles.lookup import plain_unit

INDICATORS, UNITS = load_part("indicators"), load_part("units")


def matcher_of(genre: str) -> Matcher:
    return Matcher(INDICATORS.of_genre(genre), INDICATORS.lookups[genre], INDICATORS.language)


def examples_of(genre: str) -> Iterator[tuple[Example, str, tuple[str, ...]]]:
    """Every example of the catalogue, simplified, with the units of its numbers."""
    for indicator in INDICATORS.of_genre(genre):
        for example in indicator.examples:
            numbers = [number for number in read_quantities(example.text, UNITS) if number.kind != "zero"]
            spans = [(number.start, number.end) for number in numbers]
            yield example, simplify(example.text, spans), tuple(unit_key(number.kind, number.unit) for number in numbers)


def around(example: Example) -> Surroundings:
    return Surroundings(example.before, (example.heading,))


def told(reading: Reading) -> list[tuple[int, str, int, int, str, str]]:
    matches: list[Match] = [*(match for matches in reading.numbers for match in matches), *reading.others]
    return [(match.place, match.pattern.text, match.start, match.end, match.state, match.lost) for match in matches]


@pytest.mark.parametrize("genre", GENRES)
def test_what_was_read_before_changes_nothing(genre: str) -> None:
    matcher = matcher_of(genre)
    shared = Readings(matcher)
    examples = list(examples_of(genre))
    for example, simple, units in [*examples, *reversed(examples)]:
        assert told(shared.read(simple, units, around(example))) == told(Readings(matcher).read(simple, units, around(example)))


def test_a_wording_that_asks_what_the_text_before_is_about_is_read_with_each_answer() -> None:
    readings = Readings(matcher_of("rule_of_law"))
    n_different = 0
    for example, simple, units in examples_of("rule_of_law"):
        if example.before or example.heading:
            alone = told(readings.read(simple, units, Surroundings("", ())))
            told_before = told(readings.read(simple, units, around(example)))
            assert told(readings.read(simple, units, Surroundings("", ()))) == alone
            n_different += told_before != alone
    assert n_different


@pytest.mark.parametrize("genre", GENRES)
def test_the_index_rules_out_no_pattern_that_fits(genre: str) -> None:
    """Every pattern tried on every number of every example gives no indicator that looking up pairs passes over."""
    matcher = matcher_of(genre)
    readings = Readings(matcher)
    n_fitting = 0
    for example, simple, units in examples_of(genre):
        reading = readings._read(simple, units, around(example))
        for slot, unit, found in zip(reading.line.slots, units, reading.numbers, strict=False):
            places = {match.place for match in found}
            for place, indicator in enumerate(matcher.indicators):
                if place in places or unit not in map(plain_unit, indicator.units):
                    continue
                for pattern in indicator.patterns:
                    if unit in map(plain_unit, pattern.units or indicator.units):
                        assert matcher._fit(place, pattern, reading.line, slot, around(example)) is None, (
                            example.text, indicator.id, pattern.text)
            n_fitting += len(places)
    assert n_fitting > 50
