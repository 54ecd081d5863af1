"""Nodes → the text of a model file that a person could have written.

What the script gives a name has it here. Other nodes stand where they are used, unless they are
used twice (two texts would be two draws), are too long, or need a comment: these get a name that
begins with that of the statement they belong to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, final

from guessmodel.interop.identifiers import Identifiers
from guessmodel.interop.python_text import (
    WIDTH,
    Atom,
    Expression,
    comment,
    docstring,
    flat,
    in_quotes,
    laid_out,
    longest_part,
    replaced,
)
from guessmodel.interop.squiggle.names import LONGEST, path_name
from guessmodel.interop.squiggle.nodes import Node, in_order
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.rendering import SUMS, Rendered, rendered
from guessmodel.interop.squiggle.signatures import signature

__all__ = ["MOST_LINES", "Assignment", "written"]

MOST_LINES: Final = 5_000
_LONGEST: Final = 60  # characters of an expression within another one
_MOST_TERMS: Final = 40  # of a sum
_MOST_TOLD: Final = 8  # nodes of an expression in a comment
_DEEPEST: Final = 4  # brackets within one another
_SCALAR: Final = "gm.Quantity"
_DICT: Final = "dict[str, gm.Quantity]"


@final
@dataclass(slots=True)
class Assignment:
    """A line of the model file: names of a value from the outside in, and what is said of it."""

    path: tuple[str, ...]
    node: Node
    doc: str = ""
    comments: list[str] = field(default_factory=list)


@final
@dataclass(slots=True)
class Function:
    """A function of the model file."""

    name: str
    parameters: list[Node]
    gives: dict[str, Node]
    """What it returns, by key; by "" alone where it is no dict."""
    doc: str = ""
    comments: list[str] = field(default_factory=list)


def written(
    title: str,
    assignments: Sequence[Assignment],
    functions: Sequence[Function] = (),
    headlines: Sequence[Node] = (),
) -> str:
    """The whole file; `headlines` have names among the assignments. Raises Refused where it would
    be too long."""
    return _Writer(assignments, functions).file(title, headlines)


@final
class _Writer:
    def __init__(self, assignments: Sequence[Assignment], functions: Sequence[Function]) -> None:
        self._assignments = assignments
        self._functions = functions
        self._names = Identifiers(longest=LONGEST)
        self._own: list[str] = [""] * len(assignments)
        last: dict[str, int] = {}
        for i, assignment in enumerate(assignments):
            last[path_name(*assignment.path)] = i
        for name, i in last.items():
            self._own[i] = self._names.free(name)
        for i, assignment in enumerate(assignments):
            if not self._own[i]:  # bound again further down
                self._own[i] = self._names.free(path_name(*assignment.path, "before"))
        self._named: dict[Node, str] = {}
        for own, assignment in zip(self._own, assignments, strict=True):
            self._named.setdefault(assignment.node, own)
        given = (node for function in functions for node in function.gives.values())
        roots = [*(one.node for one in assignments), *given]
        self._uses, self._user = _uses(roots)
        self._texts: dict[Node, Rendered] = {}
        self._lines: list[str] = []
        self._spaced = False  # whether the last statement wants a blank line below it
        self._indent = ""

    def file(self, title: str, headlines: Sequence[Node]) -> str:
        for name, assignment in zip(self._own, self._assignments, strict=True):
            self._statement(name, assignment)
            if len(self._lines) > MOST_LINES:
                raise Refused(f"the model would have more than {MOST_LINES:,} lines", final=True)
        if headlines:
            self._lines.append("")
        self._lines += [f"gm.headline({self._texts[node].text})" for node in headlines]
        for function in self._functions:
            self._lines += ["", "", *self._function(function)]
        body = "\n".join(self._lines).strip("\n")
        gap = ["", ""] if body.startswith("def ") or not self._assignments else [""]
        parts = [*docstring(title), "", "import guessmodel as gm", *gap, body]
        return "\n".join(parts) + "\n"

    def _statement(self, name: str, assignment: Assignment) -> None:
        root = assignment.node
        lines: list[str] = []
        if root in self._texts:  # known under another name, or used before it was bound
            lines += self._commented(assignment, [])
            if self._texts[root].text != name:
                lines.append(f"{name} = {self._texts[root].text}")
        else:
            lines += self._helpers(root, assignment.path, self._names)
            lines += self._commented(assignment, self._remarks(root))
            lines += self._bound(name, root, self._names)
            self._texts[root] = Rendered(Atom(name))
        lines += docstring(assignment.doc)
        spaced = len(lines) > 1 or bool(assignment.comments)
        if self._lines and (spaced or self._spaced):
            self._lines.append("")
        self._spaced = spaced
        self._lines += lines

    def _helpers(self, root: Node, path: tuple[str, ...], names: Identifiers) -> list[str]:
        """Lines for the nodes below a node that stand alone."""
        lines: list[str] = []
        for node in in_order(root, known=self._texts):
            if node is root:
                continue
            text = rendered(node, self._texts)
            if node in self._named or self._stands_alone(node, text):
                if node not in self._named:
                    hint = node.hint or (node.form if node.form.isalpha() else "part")
                    own = path_name(*path, node.hint or "statistic" if node.about else hint)
                    self._named[node] = names.free(own)
                own = self._named[node]
                for remark in self._remarks(node):
                    lines += comment(remark)
                lines += self._bound(own, node, names)
                text = Rendered(Atom(own))
            self._texts[node] = text
        return lines

    def _function(self, function: Function) -> list[str]:
        known = dict(self._texts), dict(self._named)
        local = self._names.inner()
        for node in function.parameters:
            self._texts[node] = Rendered(Atom(local.free(path_name(node.hint))))
        lines = [line for text in function.comments for line in comment(text)]
        given = [f"{self._texts[node].text}: gm.Quantity" for node in function.parameters]
        name = self._names.free(path_name(function.name))
        lines += signature(name, given, _SCALAR if "" in function.gives else _DICT)
        self._indent = "    "
        body = docstring(function.doc)
        returned = {}
        for key, root in function.gives.items():
            if root not in self._texts:
                body += self._helpers(root, (), local)
            returned[key] = self._texts.get(root) or rendered(root, self._texts)
        if "" in returned:
            body += self._statement_of("return", " ", returned[""].quantity, local)
        else:
            entries = []
            for key, one in returned.items():
                entry = f"    {in_quotes(key)}: {flat(one.quantity)},"
                if len(f"    {entry}") > WIDTH:
                    own = local.free(path_name(key))
                    body += self._statement_of(own, " = ", one.quantity, local)
                    entry = f"    {in_quotes(key)}: {own},"
                entries.append(entry)
            body += ["return {", *entries, "}"]
        self._indent = ""
        self._texts, self._named = known
        return [*lines, *(f"    {line}".rstrip() for line in body)]

    def _commented(self, assignment: Assignment, remarks: Iterable[str]) -> list[str]:
        texts = (*assignment.comments, *remarks)
        return [line for text in texts for part in text.splitlines() for line in comment(part)]

    def _remarks(self, node: Node) -> list[str]:
        if not node.note or node.about is None:
            return [node.note] if node.note else []
        return [node.note.format(self._told(node.about))]

    def _told(self, node: Node) -> str:
        """What a node is called in a comment: its name, or how it is calculated."""
        if node in self._named or node.value is not None:
            return self._named.get(node, "a number")
        rest = in_order(node, known=self._texts)
        if len(rest) <= _MOST_TOLD:
            texts = dict(self._texts)
            for one in rest:
                texts[one] = rendered(one, texts)
            if len(texts[node].text) <= _LONGEST:
                return texts[node].text
        return node.hint or "what is calculated here"

    def _bound(self, name: str, node: Node, names: Identifiers) -> list[str]:
        return self._statement_of(name, " = ", rendered(node, self._texts).quantity, names)

    def _statement_of(
        self, head: str, joint: str, value: Expression, names: Identifiers
    ) -> list[str]:
        """The lines of a statement; parts that are too long get names of their own."""
        lines: list[str] = []
        while (block := laid_out(head, value, joint=joint, indent=self._indent)) is None:
            part = longest_part(value)
            if part is None:
                return [*lines, f"{head}{joint}(", f"    {flat(value)}", ")"]
            own = names.free("part" if joint == " " else f"{head}_part")
            lines += self._statement_of(own, " = ", part, names)
            value = replaced(value, part, Atom(own))
        return lines + [line.removeprefix(self._indent) for line in block]

    def _stands_alone(self, node: Node, written: Rendered) -> bool:
        if node.note:
            return True
        if written.plain or node.form == "parameter":
            return False
        if self._uses[node] > 1:
            return True
        user = self._user.get(node)
        if node.is_draw and not (user is not None and _draws_within(user, self._named)):
            return True  # its draws would change with edits elsewhere
        first = user is not None and user.arguments[:1] == (node,)
        ranks = [ranks for ranks in SUMS if user is not None and {node.form, user.form} <= ranks]
        if first and ranks and written.terms < _MOST_TERMS:
            return False  # a sum goes on
        return len(written.text) > _LONGEST or written.depth > _DEEPEST


def _draws_within(user: Node, named: Mapping[Node, str]) -> bool:
    """Whether a node draws by itself what is written inside it: a truncated family, a mixture."""
    if user.form == "truncated":
        return True
    return user.form == "mixture" and all(
        node.value is not None
        or (node not in named and node.is_draw and all(n.value is not None for n in node.operands))
        for node in user.operands
    )


def _uses(roots: Iterable[Node]) -> tuple[Counter[Node], dict[Node, Node]]:
    """How often each node is an operand of another one, and the last of these."""
    counts: Counter[Node] = Counter()
    users: dict[Node, Node] = {}
    seen: set[Node] = set()
    for root in roots:
        for node in in_order(root, known=seen):
            seen.add(node)
            counts.update(node.operands)
            users.update(dict.fromkeys(node.operands, node))
    return counts, users
