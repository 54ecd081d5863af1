"""A missing extra is named."""

import pytest

from guessmodel.errors import UsageError
from guessmodel.extras import needed


def test_a_missing_package_is_named_with_its_extra() -> None:
    needed("numpy", "store")
    with pytest.raises(UsageError) as error:
        needed("no_such_package", "dask")
    assert str(error.value) == (
        "this needs the package no_such_package: pip install 'guessmodel[dask]'"
    )
