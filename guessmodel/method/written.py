"""What the text of a model file says besides its quantities: comments that silence warnings,
parameters that are fitted on the spot, and names that files beside it import."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final, final

from guessmodel.errors import Location, ModelError, did_you_mean
from guessmodel.method.warning import REASONS

__all__ = ["Written", "imported_beside"]

_IGNORE: Final = re.compile(r"#\s*guessmodel:\s*ignore(?:\[([^\]]*)\])?")
_SPREADS: Final = frozenset({"std", "stdev", "pstdev", "var", "variance", "pvariance"})


@final
@dataclass(frozen=True)
class Written:
    """The text of a file. Raises ModelError for a comment that names no kind of warning."""

    path: Path
    _spans: list[tuple[int, int]] = field(default_factory=list)  # of its statements
    _ignored: dict[int, frozenset[str]] = field(default_factory=dict)  # by line
    fitted: dict[int, str] = field(
        default_factory=dict
    )  # first lines of such statements, and names

    @classmethod
    def of(cls, path: Path) -> Written:
        """What the text of a file says that has run."""
        source = path.read_bytes()
        made = cls(path)
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.stmt) and not hasattr(node, "body"):
                made._spans.append((node.lineno, node.end_lineno or node.lineno))
        for token in tokenize.tokenize(BytesIO(source).readline):
            if token.type == tokenize.COMMENT and (found := _IGNORE.search(token.string)):
                made._ignored[token.start[0]] = made._codes(found[1], token.start[0])
        made.fitted.update(_fitted(tree))
        return made

    def silences(self, code: str, line: int) -> bool:
        """Whether a comment on one of the lines of a statement silences a kind of warning."""
        first, last = self.span(line)
        return any(code in self._ignored.get(each, ()) for each in range(first, last + 1))

    def span(self, line: int) -> tuple[int, int]:
        """First and last line of the shortest statement that a line is part of."""
        around = [span for span in self._spans if span[0] <= line <= span[1]]
        return min(around, key=lambda span: span[1] - span[0], default=(line, line))

    def _codes(self, text: str | None, line: int) -> frozenset[str]:
        codes = [code.strip() for code in (text or "").split(",") if code.strip()]
        for code in codes:
            if code not in REASONS:
                raise ModelError(
                    f"there is no warning '{code}'{did_you_mean(code, list(REASONS))}",
                    Location(str(self.path), line),
                )
        return frozenset(codes or REASONS)


# --- fits -----------------------------------------------------------------------------------------


def _fitted(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Statements that give a draw the parameters of a fit, or the spread of data: as written in its
    arguments, or as a name that the file binds to them."""
    ours = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "guessmodel"
    }
    bound: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and not any(_draws(node.value, ours)):
            if _has_fit(node.value, ours, bound):
                bound.update(name for target in node.targets for name in _names(target))
            continue
        value = getattr(node, "value", None)
        for call in _draws(value, ours) if isinstance(value, ast.expr) else ():
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            if any(_has_fit(each, ours, bound) for each in given):
                yield node.lineno, next(_names(node), "a draw")
                break


def _names(tree: ast.AST) -> Iterator[str]:
    """Names that are bound there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _draws(expression: ast.expr, ours: set[str]) -> Iterator[ast.Call]:
    """Calls of our constructors."""
    for node in ast.walk(expression):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in ours
            and node.func.attr not in ("fit", "constant", "claim")
        ):
            yield node


def _has_fit(expression: ast.expr, ours: set[str], bound: set[str]) -> bool:
    """The spread of data divided by the root of their number is the uncertainty of a parameter."""
    found = False
    for node in ast.walk(expression):
        if isinstance(node, ast.Name) and node.id in bound:
            found = True
        if isinstance(node, ast.Name | ast.Attribute) and _last(node) in ("sqrt", "sem"):
            return False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = node.func
            root = called.value.id if isinstance(called.value, ast.Name) else ""
            found |= called.attr in _SPREADS or (called.attr == "fit" and root not in ours)
    return found


def _last(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


# --- files beside it ------------------------------------------------------------------------------


def imported_beside(path: Path) -> frozenset[str]:
    """Names that other files of its folder import from a file, or use of it."""
    found: set[str] = set()
    for file in sorted(path.parent.glob("*.py")):
        if file == path or not file.is_file():  # nor a pipe, which nobody may write to
            continue
        try:
            tree = ast.parse(file.read_bytes())
        except (SyntaxError, ValueError, OSError):
            continue  # somebody works on it
        aliases = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                if (node.module or "").rpartition(".")[2] == path.stem:
                    found.update(alias.name for alias in node.names)
                aliases |= {a.asname or a.name for a in node.names if a.name == path.stem}
            elif isinstance(node, ast.Import):
                aliases |= {
                    a.asname or a.name for a in node.names if a.name.rpartition(".")[2] == path.stem
                }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) in aliases:
                found.add(node.attr)
    return frozenset(found)
