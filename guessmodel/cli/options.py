"""Options that commands share: how a model is changed and sampled."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from guessmodel.cli.progress import progress_bar
from guessmodel.cli.streams import is_new, say
from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import ancestors
from guessmodel.model.elements import pick
from guessmodel.model.model import Model
from guessmodel.model.overrides import family_kept
from guessmodel.model.side_by_side import base_of
from guessmodel.sampling.create import METHODS, today
from guessmodel.simulation import Interrupted, Simulation
from guessmodel.simulation.summary import checked_percentiles

__all__ = [
    "DRAWING",
    "INTERRUPTED",
    "Subparsers",
    "add_changes",
    "add_draws",
    "add_sampling",
    "count",
    "families_taken",
    "in_scenarios",
    "model_of",
    "names",
    "percentiles",
    "refuse",
    "sampled",
    "seed",
    "share",
    "typed",
    "warn",
    "warn_of_unnamed",
]

DRAWING = ("samples", "precision", "seed", "method", "threads")  # options that shape the draws
INTERRUPTED = 130  # exit code: 128 + SIGINT, as shells have it
Subparsers = Any  # argparse keeps the type of `add_subparsers()` to itself
_T = TypeVar("_T")
_POWER = re.compile(r"([0-9]{1,6})\s*(?:\*\*|\^)\s*([0-9]{1,3})")
_LARGEST = 10**15


def add_sampling(parser: argparse.ArgumentParser, *, whole: bool = True) -> None:
    """Add --samples, --seed, --method, and how the model is changed; for one `whole` run
    --precision and --threads too."""
    group = add_draws(parser)
    if whole:
        group.add_argument(
            "--precision",
            metavar="P",
            type=typed(share),
            help="double the samples until every error shown is below this share (0.01 or 1%%)",
        )
        group.add_argument(
            "--threads",
            metavar="N",
            type=typed(count),
            help="worker threads; results do not change",
        )
    add_changes(parser)


def add_draws(
    parser: argparse.ArgumentParser, *, again: bool = False, method: bool = True
) -> argparse._ArgumentGroup:
    """Add --samples, --seed and --method to a parser. What has to be made `again` takes no fresh
    seed."""
    group = parser.add_argument_group("sampling")
    group.add_argument(
        "--samples",
        metavar="N",
        type=typed(count),
        help="draws: 65536, 1e6, 1M, 2**20; rounded up to what the method takes "
        "(default 2**16, fewer for large models)",
    )
    fresh = "" if again else ", or none for a fresh one, which is printed"
    group.add_argument(
        "--seed",
        metavar="N",
        type=typed(fixed_seed if again else seed),
        default=0,
        help=f"any whole number{fresh} (default 0)",
    )
    if method:
        group.add_argument(
            "--method",
            type=today,
            choices=METHODS,
            default="nets",
            help="randomised quasi-Monte Carlo, Latin hypercubes or plain draws (default nets)",
        )
    return group


def add_changes(
    parser: argparse.ArgumentParser, *, values: bool = True, beside: bool = True
) -> None:
    """Add --scenario; --set where single `values` may be changed too, --scenarios where all can
    be shown `beside` each other."""
    group = parser.add_argument_group("what if")
    group.add_argument(
        "--scenario",
        metavar="NAME",
        action="append",
        default=[],
        help="make the changes of a scenario of the model; of several, later ones on top",
    )
    if beside:
        group.add_argument(
            "--scenarios",
            action="store_true",
            help="show all scenarios of the model beside the unchanged one",
        )
    if values:
        group.add_argument(
            "--set",
            metavar="NAME=VALUE",
            action="append",
            default=[],
            help="replace a quantity: --set 'price=5 to 8 USD/hour', or a label of one: "
            "--set 'price[2025]=…'; may be given several times",
        )


def sampled(
    model: Model,
    args: argparse.Namespace,
    names: Sequence[str] | None,
    *,
    partial: bool = False,
    **how: Any,
) -> Simulation:
    """Sample a model as the options say; warnings go to stderr.

    `partial` takes what there is after Ctrl-C; `how` are further arguments of `Model.sample`.
    """
    with progress_bar("sampling") as progress:
        try:
            simulation = model.sample(
                args.samples,
                seed=args.seed,
                method=args.method,
                quantities=names,
                precision=args.precision,
                threads=args.threads,
                progress=progress,
                **how,
            )
        except Interrupted as stopped:
            if not partial:
                raise
            simulation = stopped.simulation
    warn_of_unnamed(model)
    for problem in simulation.problems():
        warn(problem)
    return simulation


def warn_of_unnamed(model: Model) -> None:
    """Say which draws may change with an edit elsewhere."""
    unnamed = model.unnamed
    if unnamed:
        places = ", ".join(dict.fromkeys(str(draw.location) for draw in unnamed[:3]))
        more = ", …" if len(unnamed) > 3 else ""
        one = len(unnamed) == 1
        what = "a draw has no name" if one else f"{len(unnamed)} draws have no name"
        mend = "bind it to a name" if one else "bind them to names"
        warn(f"{what} ({places}{more}) and may change with an edit; {mend}, or give name=")


def model_of(args: argparse.Namespace) -> Model:
    """The model of the file that was named, with the changes of --scenario and --set; with
    --scenarios all of them side by side."""
    written = Model.from_file(args.file)
    model = in_scenarios(written, args)
    chosen = list(args.scenario)
    if getattr(args, "scenarios", False):
        model = model.side_by_side()
        chosen = list(written.scenarios)
    model = changed(model, args.set)
    in_text = [pair for name in chosen for pair in written.scenarios[name].changes]
    in_text += [(name.strip(), text.strip()) for name, _, text in map(_parted, args.set)]
    args.families_taken = families_taken(written, in_text)
    _warn_of_idle(model, args)
    return model


def _warn_of_idle(model: Model, args: argparse.Namespace) -> None:
    """Say which quantities are set of which nothing is made that was asked for by name."""
    asked = list(getattr(args, "names", None) or ())
    if getattr(args, "question", False) and args.output:
        asked.append(args.output)
    if not args.set or not asked:
        return
    base = base_of(model).quantities
    shown = set(ancestors(base[pick(model, text)[0]] for text in asked))
    for text in args.set:
        name = _parted(text)[0].strip()
        if base[pick(model, name)[0]] not in shown:
            warn(f"--set {name}: nothing that is asked for by name depends on it")


def _parted(change: str) -> tuple[str, str, str]:
    return change.partition("=")


def families_taken(model: Model, changes: Iterable[tuple[Any, Any]]) -> list[str]:
    """Which family a range was taken for that stands in place of what is no draw."""
    named = set(model.quantities.values())
    found = {}
    for key, text in changes:
        name = model.name_of(key) if isinstance(key, Quantity) else key
        if not isinstance(text, str) or "(" in text:
            continue
        old = model.quantities[pick(model, name)[0]]
        if family_kept(old, named) is None:
            from guessmodel.distributions.text import spelled

            family = spelled(text, old.unit).function
            if family != "constant":
                found[name] = f"{name}: {text} is {family}, as it takes the place of no draw"
    return list(found.values())


def in_scenarios(model: Model, args: argparse.Namespace) -> Model:
    """The model in the scenarios of --scenario; UsageError for one that there is none of, and
    beside --scenarios."""
    names = args.scenario
    if names and getattr(args, "scenarios", False):
        raise UsageError("--scenarios shows all of them; leave out --scenario")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"--scenario {twice!r} is given twice")
    return model.in_scenario(*names)


def changed(model: Model, changes: Sequence[str]) -> Model:
    """The model with the changes of --set, all at once.

    Raises UsageError, naming the option, for a change that cannot be read.
    """
    wanted: dict[str, str] = {}
    for text in changes:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise UsageError(f"--set {text!r}: write 'name=value', such as 'price=5 to 8 USD/hour'")
        if name in wanted:
            raise UsageError(f"--set {text!r}: '{name}' is set twice")
        wanted[name] = value
    if not wanted:
        return model
    try:
        return model.with_(wanted)
    except GuessmodelError as error:
        raise UsageError(f"--set: {error.message}") from error


def count(text: str) -> int:
    """A whole number from 1 upwards, as people write it.

    >>> [count(text) for text in ("65536", "1e6", "1M", "2**20", "2^3")]
    [65536, 1000000, 1000000, 1048576, 8]
    """
    from guessmodel.units.figures import parse_figure

    power = _POWER.fullmatch(text.strip())
    if power is not None:
        value: float = int(power[1]) ** int(power[2])
    else:
        try:
            figure = parse_figure(text)
        except GuessmodelError:
            figure = None
        if figure is None or str(figure.unit) or not figure.value.is_integer():
            raise UsageError(f"{text!r} is not a whole number; write one such as 1e6, 1M or 2**20")
        value = figure.value
    if value < 1:
        raise UsageError(f"{text!r} is not above 0")
    if value >= _LARGEST:
        raise UsageError(f"{text!r} would take years; write fewer")
    return int(value)


def seed(text: str) -> int | None:
    """A whole number, or None for `none`."""
    if text.strip().casefold() == "none":
        return None
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"{text!r} is neither a whole number nor none") from None


def fixed_seed(text: str) -> int:
    """A whole number, for what can be made again."""
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a whole number") from None


def share(text: str) -> float:
    """A share such as 0.01 or 1%."""
    try:
        value = float(text.rstrip("% ")) / (100 if text.rstrip().endswith("%") else 1)
    except ValueError:
        raise UsageError(f"{text!r} is not a share; write 0.01 or 1%") from None
    if not 0.0 < value < 1.0:
        raise UsageError(f"{text!r} is not a share between 0 and 1; 0.01 is 1%")
    return value


def percentiles(text: str) -> tuple[float, ...]:
    """Percentiles such as `10,50,90` or `10%, 90%`, in ascending order.

    >>> percentiles("90, 10%,50")
    (10.0, 50.0, 90.0)
    """
    try:
        found = [float(part.strip().removesuffix("%")) for part in text.split(",")]
    except ValueError:
        raise UsageError(f"{text!r} are no percentiles; write 10,50,90") from None
    return checked_percentiles(found)


def names(text: str) -> list[str]:
    """Names between commas.

    >>> names("normal, gamma,")
    ['normal', 'gamma']
    """
    found = [name.strip() for name in text.split(",") if name.strip()]
    if not found:
        raise UsageError(f"{text!r} names nothing; write names with commas between them")
    return found


def refuse(args: argparse.Namespace, options: Sequence[str], why: str) -> None:
    """Raise UsageError for options that were given, and have no effect on this call."""
    for option in options:
        if option in args.stated:
            raise UsageError(f"--{option} has no effect {why}; leave it out")


def warn(text: str) -> None:
    """One line on stderr, once a command: what is true of a model is so of all its scenarios."""
    if is_new(text):
        say(f"warning: {text}", to=sys.stderr)


def typed(read: Callable[[str], _T]) -> Callable[[str], _T]:
    """A reader whose errors argparse shows with the name of the option."""

    def checked(text: str) -> _T:
        try:
            return read(text)
        except UsageError as error:
            raise argparse.ArgumentTypeError(error.message) from None

    return checked
