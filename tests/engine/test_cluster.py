"""A real cluster of processes: the same bits, whatever becomes of the workers."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import CodeType

import cloudpickle
import numpy as np
import pytest
import xarray
from distributed import Client, LocalCluster

import guessmodel as gm
from guessmodel.engine import cluster
from guessmodel.engine.cluster import drawn, packed, unpacked
from guessmodel.errors import Location, ModelError, UsageError
from guessmodel.simulation.runner import points_of, run_of

N = 1 << 21  # 16 replicates


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    # How long a cluster takes to close is not tested; on a busy machine it gives up waiting.
    with (
        suppress(TimeoutError),
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as workers,
        Client(workers, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def model() -> gm.Model:
    a, b = gm.lognormal(1, 3), gm.normal(2, 5)
    spans = gm.lognormal({"p": (1, 2), "q": (3, 9)}, dim="case")
    return gm.Model(
        a=a,
        parts=gm.apply(lambda x: x * x, spans * a),
        lost=gm.sqrt(b - 2) + a,
        best=gm.stack({"x": a, "y": b}, dim="kind").idxmin("kind"),
    )


def equal(one: gm.Simulation, other: gm.Simulation) -> None:
    """Statistics from draws agree to the bit, and so do the faults."""
    assert one.faults == other.faults != {}
    for name in one:
        pairs = zip(np.ravel(one[name].tallies), np.ravel(other[name].tallies), strict=True)
        for first, second in pairs:
            assert first.mean("") == second.mean("")
            assert first.sd("") == second.sd("")
            assert first.quantiles((0.05, 0.3), "") == second.quantiles((0.05, 0.3), "")


def test_draws_are_those_of_one_thread(client: Client, model: gm.Model) -> None:
    told: list[tuple[int, int]] = []
    found = model.sample(
        N, cluster=client, keep=True, progress=lambda *numbers: told.append(numbers)
    )
    straight = model.sample(N, threads=1, keep=True)
    for name in model.quantities:
        np.testing.assert_array_equal(found[name].values, straight[name].values)
    assert found.faults == straight.faults
    assert told[-1] == (N, N)


def test_statistics_are_those_of_one_thread_for_any_partition(
    client: Client, model: gm.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight = model.sample(N, threads=1, keep=False)
    equal(model.sample(N, cluster=client, keep=False), straight)
    monkeypatch.setattr(cluster, "_batch_size", lambda *_, **__: 5)
    equal(model.sample(N, cluster=client, keep=False), straight)


@pytest.mark.parametrize("allowed", [3, 0])
def test_a_worker_that_is_killed_costs_time_only(
    client: Client, model: gm.Model, monkeypatch: pytest.MonkeyPatch, allowed: int
) -> None:
    # With 0 the scheduler gives up the tasks of the worker at once, and they are sent again.
    monkeypatch.setattr(client.cluster.scheduler, "allowed_failures", allowed)
    client.wait_for_workers(2)
    pids = list(client.run(os.getpid).values())
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        if not killed and done >= total / 8:
            killed.append(pids[0])
            os.kill(pids[0], signal.SIGKILL)

    found = model.sample(2 * N, cluster=client, keep=False, progress=kill)
    assert killed
    equal(found, model.sample(2 * N, keep=False))


def test_a_store_is_filled_from_a_cluster(client: Client, model: gm.Model, tmp_path: Path) -> None:
    model.sample(1 << 12, cluster=client, store=tmp_path / "draws.zarr")
    with xarray.open_zarr(tmp_path / "draws.zarr") as found:
        expected = model.sample(1 << 12).to_xarray()
        xarray.testing.assert_identical(found.load(), expected[list(found)])


def test_ctrl_c_leaves_what_has_come_back(client: Client, model: gm.Model) -> None:
    def stop(done: int, total: int) -> None:
        if done >= total / 4:
            raise KeyboardInterrupt

    with pytest.raises(gm.Interrupted) as interrupted:
        model.sample(N, cluster=client, keep=False, progress=stop)
    simulation = interrupted.value.simulation
    assert N / 4 <= simulation.run.samples < N
    exact = model.sample(N)["parts"].sel(case="p").mean()
    some = simulation["parts"].sel(case="p").mean()
    # Half-widths of 90%, with 3 or more degrees of freedom: one in 1e5 is farther than 12.
    assert abs(some.value - exact.value) < 12 * (some.error + exact.error)


def test_an_error_in_a_model_comes_back(client: Client) -> None:
    def broken(x: object) -> object:
        raise RuntimeError("broken")

    line = broken.__code__.co_firstlineno + 1
    with pytest.raises(ModelError, match="gm.apply: broken failed with Run") as error:
        gm.Model(y=gm.apply(broken, gm.normal(0, 1))).sample(64, cluster=client)
    assert error.value.where == Location(__file__, line)


REDUCED = cloudpickle.Pickler.dispatch_table[CodeType]


def reduced_as(file: str | None, code: CodeType) -> tuple[object, tuple[object, ...]]:
    """Code as cloudpickle has it, under the name of a file, or of its own."""
    make, parts, *_ = REDUCED(code)
    return remade, (make, parts, file or code.co_filename)


def remade(make: Callable[..., CodeType], parts: tuple[object, ...], file: str) -> CodeType:
    return make(*parts).replace(co_filename=file)


@pytest.mark.parametrize("file", [None, "<dynamic-code>"], ids=["3.1.2", "3.1.3"])
def test_code_keeps_the_name_of_its_file_in_every_cloudpickle(
    monkeypatch: pytest.MonkeyPatch, file: str | None
) -> None:
    def broken(x: object) -> object:
        def inner() -> object:
            raise RuntimeError(x)

        return inner()

    model = gm.Model(y=gm.apply(broken, gm.normal(0, 1)))
    points = points_of(model.plan(), run_of(64, seed=0, method="nets"))
    monkeypatch.setitem(cloudpickle.Pickler.dispatch_table, CodeType, partial(reduced_as, file))
    blob = packed(model.plan(), points, None)
    with pytest.raises(ModelError) as error:
        drawn(blob, 0)
    assert error.value.where == Location(__file__, broken.__code__.co_firstlineno + 2)


def test_lazy_draws_are_computed_on_a_cluster(client: Client, model: gm.Model) -> None:
    lazy = model.lazy(1 << 12)
    found = client.compute(lazy["parts"].mean(("replicate", "draw"))).result()
    expected = model.sample(1 << 12).to_xarray()["parts"].mean(("replicate", "draw"))
    xarray.testing.assert_allclose(found, expected, rtol=1e-12)


def test_the_command_line_runs_on_a_cluster(client: Client, tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(
        "import guessmodel as gm\ndouble = gm.apply(lambda x: 2 * x, gm.normal(0, 1, name='x'))\n"
    )
    words = [sys.executable, "-m", "guessmodel", "run", "model.py"]
    address = client.scheduler.address
    there, here = (
        subprocess.run([*words, *more], cwd=tmp_path, capture_output=True, text=True, check=True)
        for more in (["--cluster", address], [])
    )
    assert there.stdout == here.stdout
    assert there.stderr == here.stderr == ""


# --- what cannot be ------------------------------------------------------------------------------


def test_a_function_that_cannot_be_sent_is_named() -> None:
    lock = threading.Lock()
    model = gm.Model(y=gm.apply(lambda x: x + lock.locked(), gm.normal(0, 1)))
    points = points_of(model.plan(), run_of(64, seed=0, method="nets"))
    with pytest.raises(ModelError, match=r"test_cluster.py:\d+: .* cannot be sent to a cluster"):
        packed(model.plan(), points, None)


def test_workers_of_another_version_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    model = gm.Model(y=gm.normal(0, 1))
    points = points_of(model.plan(), run_of(64, seed=0, method="nets"))
    with monkeypatch.context() as patch:
        patch.setattr("guessmodel.version.__version__", "0.0.9")
        blob = packed(model.plan(), points, None)
    with pytest.raises(UsageError, match=r"a worker has guessmodel [\d.]+, not 0.0.9; draws would"):
        unpacked(blob)


def test_addresses_and_clusters_that_are_none() -> None:
    model = gm.Model(y=gm.normal(0, 1))
    for address in ("nope", "tcp://localhost", "odd://here:8786"):  # at once: no client is made
        with pytest.raises(UsageError, match=f"no Dask scheduler at {address}: "):
            model.sample(64, cluster=address)
    with pytest.raises(UsageError, match=r"takes a distributed.Client or an address .* not a int"):
        model.sample(64, cluster=5)


@pytest.mark.filterwarnings("ignore::ResourceWarning:distributed.*")
def test_nobody_at_that_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 0.2)
    with pytest.raises(UsageError, match="no Dask scheduler at tcp://127.0.0.1:9"):
        gm.Model(y=gm.normal(0, 1)).sample(64, cluster="tcp://127.0.0.1:9")


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError) as error:
        gm.Model(x=gm.normal(0, 1)).sample(64, cluster="tcp://127.0.0.1:9")
    assert str(error.value) == "this needs the package distributed: pip install 'guessmodel[dask]'"
