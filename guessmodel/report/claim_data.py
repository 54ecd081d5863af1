"""What a document has of each claim: the published figure, what was computed, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping

from guessmodel.claims.checking import CheckedClaim
from guessmodel.claims.claim import Claim
from guessmodel.claims.published import Published
from guessmodel.claims.report_format import ClaimData
from guessmodel.graph.along_dims import Stack
from guessmodel.graph.dims import Label
from guessmodel.graph.elementwise import Convert
from guessmodel.graph.quantity import Quantity
from guessmodel.model.model import Model
from guessmodel.report.quantity_data import estimate_data, rounded

__all__ = ["claim_data"]


def claim_data(model: Model, claim: Claim, figure: Published, row: CheckedClaim) -> ClaimData:
    """What the document has of a figure of a claim that has been tested."""
    subject = claim.subjects[0] if len(claim.subjects) == 1 else None
    name = next((n for n, q in model.quantities.items() if q is subject), None)
    labels: dict[str, Label] = {} if subject is None else claim.labels_of(subject)
    # check prints numbers as they are; here they have the digits of a report
    made: ClaimData = {
        "quantity": row.quantity,
        "statistic": row.statistic,
        "published": row.published,
        "computed": estimate_data(row.computed),
        "tolerance": None if row.tolerance is None else rounded(row.tolerance),
        "verdict": row.verdict,
        "expected": row.expected,
        "source": row.source,
        "note": row.note,
        "name": name,
        "labels": labels,
        "unit": row.computed.unit,
        "scale": rounded(figure.scale),
        "tolerance_text": row.tolerance_text,
        "as_expected": row.as_expected,
        "samples": row.samples,
        "reason": row.reason,
        "ratio": not claim.joint
        and (len(claim.subjects) > 1 or _is_quotient(claim.subjects[0], labels)),
        "kind": row.kind,
        "at_edge": row.at_edge,
    }
    if row.scenario is not None:
        made["scenario"] = row.scenario
        made["beside"] = {
            name: {"computed": estimate_data(each.computed), "verdict": each.verdict}
            for name, each in row.beside.items()
        }
    return made


def _is_quotient(quantity: Quantity, labels: Mapping[str, Label]) -> bool:
    """Whether a plain number is one quantity over another."""
    node = quantity
    while isinstance(node.operation, Convert):
        node = node.operands[0]
    if isinstance(node.operation, Stack) and node.operation.dim.name in labels:
        label = labels[node.operation.dim.name]
        return _is_quotient(node.operands[node.operation.dim.index(label)], labels)
    return quantity.unit.is_dimensionless and getattr(node.operation, "name", "") == "/"
