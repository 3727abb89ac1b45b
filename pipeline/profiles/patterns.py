"""The small pattern language of knowledge/indicators: how an analyst writes what stands around a number.

`@` is the number (or the negative word), `#` another number, `…` a gap within the clause, `……` a gap across clauses; `( | )` and `?` as in
regular expressions; `<办理>` a class of words. A pattern becomes two regular expressions, one that must end where the number begins, one that must
begin where it ends, and the pairs of characters ("keys") of which one must stand in the clause, so that a reader
tries a pattern only where it can match.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product

GAP_CHARS = 20
FAR_LEFT_CHARS = 100
FAR_RIGHT_CHARS = 40
BREAKS = "，。；：！？（）\n"
_GAP = f"[^{BREAKS}#]{{0,{GAP_CHARS}}}?"
_FAR_LEFT = f"[^@]{{0,{FAR_LEFT_CHARS}}}?"
_FAR_RIGHT = f"[^#。；]{{0,{FAR_RIGHT_CHARS}}}?"
_MOST_EXPANSIONS = 4000
_MOST_DESCRIBED = 4
_PLAIN = re.compile(r"[^\s|()?…@^.*+\[\]{}\\$#<>]")
_CLASS = re.compile(r"<([^<>|()]*)>")


class PatternError(ValueError):
    """A pattern cannot be read; the message says where."""


@dataclass(frozen=True)
class Node:
    """One piece of a pattern: a character, a gap ("…"), a far gap ("……"), the number, a start ("^") or a choice."""

    sign: str
    choices: tuple[tuple[Node, ...], ...] = ()
    is_optional: bool = False


@dataclass(frozen=True)
class Pattern:
    """A pattern read and checked; its regular expressions are compiled when first used, as most never are.

    `left` searches the words before the number (and before the fillers, where it `skips_fillers`), `right` matches those
    after it. Without `@` there is only `left`,
    searched in the whole sentence. `wordings` say where around the number the pattern can be looked up ("end": right
    before it, "left", "right" or "both"), and for each way to read it the pairs of neighbouring characters there.
    """

    text: str
    left_expression: str
    right_expression: str
    skips_fillers: bool
    is_far_left: bool
    is_far_right: bool
    about: tuple[str, ...]
    not_about: tuple[str, ...]
    value: float | None
    is_fallback: bool
    wordings: tuple[tuple[str, tuple[frozenset[str], ...]], ...]
    units: tuple[str, ...] = ()

    @cached_property
    def left(self) -> re.Pattern[str] | None:
        return re.compile(self.left_expression) if self.left_expression else None

    @cached_property
    def right(self) -> re.Pattern[str] | None:
        return re.compile(self.right_expression) if self.right_expression else None


def _parse(text: str) -> tuple[Node, ...]:
    nodes, end = _parse_sequence(text, 0, False)
    if end < len(text):
        raise PatternError(f"第{end + 1}个字符 {text[end]!r} 多余")
    return nodes


def _parse_sequence(text: str, start: int, is_inside: bool) -> tuple[tuple[Node, ...], int]:
    nodes: list[Node] = []
    place = start
    while place < len(text):
        sign = text[place]
        if sign in "|)" and is_inside:
            break
        if sign == "(":
            node, place = _parse_choice(text, place)
        elif text.startswith("……", place):
            node, place = Node("……"), place + 2
        elif sign in "…@^#" or _PLAIN.match(sign):
            node, place = Node(sign), place + 1
        else:
            raise PatternError(f"第{place + 1}个字符 {sign!r} 不可用，只能用汉字、( | )、?、…、……、@、#、^")
        if place < len(text) and text[place] == "?":
            node, place = Node(node.sign, node.choices, True), place + 1
        nodes.append(node)
    return tuple(nodes), place


def _parse_choice(text: str, start: int) -> tuple[Node, int]:
    choices = []
    place = start
    while True:
        nodes, place = _parse_sequence(text, place + 1, True)
        choices.append(nodes)
        if place >= len(text):
            raise PatternError(f"第{start + 1}个字符起的括号没有闭合")
        if text[place] == ")":
            return Node("(", tuple(choices)), place + 1


def _expression(nodes: tuple[Node, ...], is_right: bool = False) -> str:
    parts = []
    for node in nodes:
        if node.sign == "(":
            part = "(?:" + "|".join(_expression(choice, is_right) for choice in node.choices) + ")"
        elif node.sign == "…":
            part = _GAP
        elif node.sign == "……":
            part = _FAR_RIGHT if is_right else _FAR_LEFT
        else:
            part = "^" if node.sign == "^" else re.escape(node.sign)
        parts.append(f"(?:{part})?" if node.is_optional else part)
    return "".join(parts)


def _expand(nodes: tuple[Node, ...]) -> list[str]:
    """Every wording of the nodes, gaps as "…"."""
    wordings = [""]
    for node in nodes:
        if node.sign == "(":
            pieces = [piece for choice in node.choices for piece in _expand(choice)]
        else:
            pieces = ["…" if node.sign in ("…", "……", "@", "^", "#") else node.sign]
        if node.is_optional:
            pieces.append("")
        if len(wordings) * len(pieces) > _MOST_EXPANSIONS:
            raise PatternError(f"可能的写法超过 {_MOST_EXPANSIONS} 种，请拆成几条")
        wordings = [wording + piece for wording, piece in product(wordings, pieces)]
    return wordings


def spell_out(text: str, classes: Mapping[str, str]) -> str:
    """The pattern with every word class written out: <办理>…@ is (办理|受理|办结)…@."""

    def members(match: re.Match[str]) -> str:
        if match.group(1) not in classes:
            raise PatternError(f"没有词类 {match.group()}，可用：{'、'.join(f'<{name}>' for name in classes)}")
        return classes[match.group(1)]

    return _CLASS.sub(members, text)


def expression_of(text: str) -> str:
    """The regular expression of a wording without the number, for words shared by all indicators."""
    return _expression(_parse(text))


def describe(text: str) -> str:
    """A pattern for a reader who does not know the signs: 审查／审核／把关等…合同／协议…〔数〕."""
    return "".join(_described(node) for node in _parse(text))


def _described(node: Node) -> str:
    if node.is_optional or node.sign == "^":
        return ""
    if node.sign != "(":
        return {"@": "〔数〕", "#": "〔另一数〕", "……": "…"}.get(node.sign, node.sign)
    choices = ["".join(map(_described, choice)) for choice in node.choices]
    return "／".join(choices[:_MOST_DESCRIBED]) + ("等" if len(choices) > _MOST_DESCRIBED else "")


def last_characters(text: str) -> set[str]:
    """The characters with which a wording can end."""
    return {wording[-1] for wording in _expand(_parse(text)) if wording}


@lru_cache(4096)
def pairs_of(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text."""
    return frozenset(text[place : place + 2] for place in range(len(text) - 1))


def _wordings(nodes: tuple[Node, ...]) -> tuple[frozenset[str], ...]:
    wordings: dict[frozenset[str], None] = {}
    for wording in _expand(nodes):
        pairs = frozenset[str]().union(*map(pairs_of, wording.split("…")))
        if not pairs:
            raise PatternError(f"写法 {wording!r} 在数字所在的小句里没有两个相连的字")
        wordings[pairs] = None
    return tuple(wordings)


def _near_wordings(
    before: tuple[Node, ...], after: tuple[Node, ...]
) -> tuple[tuple[str, tuple[frozenset[str], ...]], ...]:
    """Each place that always has two neighbouring characters; both sides together where neither has."""
    places = []
    ends = {wording[-2:] for wording in _expand(before)}
    if all(len(end) == 2 and "…" not in end for end in ends):
        places.append(("end", tuple(frozenset({end}) for end in sorted(ends))))
    for side, nodes in (("left", before), ("right", after)):
        if nodes and all(any(len(run) > 1 for run in wording.split("…")) for wording in _expand(nodes)):
            places.append((side, _wordings(nodes)))
    return tuple(places) or (("both", _wordings((*before, Node("@"), *after))),)


def read_pattern(
    text: str,
    about: tuple[str, ...] = (),
    not_about: tuple[str, ...] = (),
    value: float | None = None,
    is_strict: bool = False,
    is_fallback: bool = False,
    units: tuple[str, ...] = (),
) -> Pattern:
    """A pattern read and checked. A strict one lets no fillers (共, 达到 …) stand just before the number.

    A fallback answers only where no other pattern does. `units` are fewer than the indicator accepts.
    """
    nodes = _parse(text)
    signs = [node.sign for node in nodes]
    if signs.count("@") > 1:
        raise PatternError("@ 只能出现一次")
    if "@" not in signs:
        return Pattern(
            text,
            _expression(nodes),
            "",
            False,
            False,
            False,
            about,
            not_about,
            value,
            is_fallback,
            (("both", _wordings(nodes)),),
        )
    place = signs.index("@")
    before, after = nodes[:place], nodes[place + 1 :]
    far_before = max((number for number, node in enumerate(before) if node.sign in ("……", "#")), default=-1)
    far_after = min((number for number, node in enumerate(after) if node.sign in ("……", "#")), default=len(after))
    return Pattern(
        text,
        f"{_expression(before)}$" if before else "",
        _expression(after, is_right=True) if after else "",
        not is_strict and bool(before) and before[-1].sign != "…",
        far_before >= 0,
        far_after < len(after),
        about,
        not_about,
        value,
        is_fallback,
        _near_wordings(before[far_before + 1 :], after[:far_after]),
        units,
    )
