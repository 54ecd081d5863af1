"""What draws of families are made of."""

from guessmodel.graph.quantity import Constant, Quantity

__all__ = ["parameters"]


def parameters(quantity: Quantity) -> list[float]:
    """The canonical parameters of a draw, known numbers without labels."""
    known = [each.operation for each in quantity.parameters]
    return [float(each.value) for each in known if isinstance(each, Constant)]
