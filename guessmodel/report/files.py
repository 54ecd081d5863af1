"""Files of a report: what stands where, written one by one, each whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import final

from guessmodel.claims.checking import sampled_and_checked
from guessmodel.claims.committed import read_document
from guessmodel.claims.drift import reports_folder
from guessmodel.errors import ModelError, UsageError
from guessmodel.escaping import shown_in_json
from guessmodel.files import replace_file
from guessmodel.loading.load import find_models
from guessmodel.loading.revisions import committed
from guessmodel.model.model import Model
from guessmodel.report.answers import Card
from guessmodel.report.document import Document, described, document
from guessmodel.report.drivers import answers as driven
from guessmodel.report.html import html, view_of
from guessmodel.report.index import index, standing
from guessmodel.report.layout import INDEX, layout
from guessmodel.report.markdown import markdown
from guessmodel.report.moved import MOVED, moved_page
from guessmodel.report.verify import differences
from guessmodel.report.view import AnswerView, View, answers, view
from guessmodel.report.what_if import what_if

__all__ = ["Options", "Outcome", "read", "rendered", "text_of", "verify", "write"]

_INDEX_IN_MARKDOWN = "README"
Progress = Callable[[float, int, str], None]


@final
@dataclass(frozen=True, slots=True)
class Options:
    """How models are sampled, and the revision of git with whose reports they are compared;
    by default the last commit, where there is one."""

    samples: int | None = None
    seed: int = 0
    method: str = "nets"
    against: str | None = None
    within: tuple[str, ...] = ()
    """Scenarios in which the models are reported, later ones on top."""
    percentiles: tuple[float, ...] | None = None
    """What tables show in place of 5, 50 and 95."""


@final
@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done: files written or differences found in a folder, what tells of figures that
    moved, and remarks for people."""

    folder: Path
    files: tuple[Path, ...] = ()
    moved: Path | None = None
    differences: tuple[str, ...] = ()
    remarks: tuple[str, ...] = field(default=())


def write(
    paths: Iterable[str | Path],
    folder: str | Path | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Write the reports of models, and the index over all reports in the folder.

    Where the folder lies in a repository of git and the figures are not those committed there,
    `what-moved.md` says which, for whoever reviews the change; else there is none.

    Every file is replaced as a whole. Pictures that a former report of a model had and the new
    one has not are deleted; reports of models that were not given stay, and are named.

    Parameters
    ----------
    paths : model files, and folders of them
    folder : made if it does not exist; by default the one that `check` looks in, which is the
        nearest folder `reports`, beside the models or above them, or else a new one here
    progress : called with the number of models done (with a fraction), of all, and a name

    Raises GuessmodelError for a model that does not run, two of the same name, or no `folder`
    for models whose reports lie in several.
    """
    given = options or Options()
    models = _models(paths)
    if given.within and folder is None:
        raise UsageError(
            "the report of a scenario would take the place of that of the model; name a folder of "
            "its own (-o DIR)"
        )
    target = _target(models, folder)
    written: list[Path] = []
    remarks: list[str] = []
    found: dict[str, list[AnswerView]] = {}
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file; reports are written to a folder, such as -o reports")
    target.mkdir(parents=True, exist_ok=True)
    former = _former(target, given.against)
    for done, path in enumerate(models):
        tell = _within(progress, done, len(models), path.stem)
        tell(0.0)
        model = Model.from_file(path)
        made, pictures, shown = _made(model, given, tell)
        remarks += [f"{model.title}: {remark}" for remark in made["remarks"]]
        written += _write_one(target, made, pictures, shown)
        found[path.stem] = answers(shown)
    documents = {path.stem: made for path, made in _all(target)}
    written += _replaced(target, _index(documents.values()))
    for stem in documents.keys() - found.keys():
        found[stem] = _answers_in(target / f"{stem}.html")
    told_first = sorted(documents, key=lambda stem: standing(documents[stem]))
    shown_first = [each for stem in told_first for each in found[stem]]
    page = html(index(documents.values()), view={"answers": shown_first})
    written += _replaced(target, {f"{INDEX}.html": page})
    for stem in documents.keys() - {path.stem for path in models}:
        remarks.append(_stray(target, stem))
    news = _what_moved(target, former, documents, given.against or "the last commit")
    return Outcome(target, tuple(written), moved=news, remarks=tuple(sorted(remarks)))


def verify(
    paths: Iterable[str | Path],
    folder: str | Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Whether the reports in a folder are what `write` makes of the models, but for sampling
    errors and the machine. Nothing is written, and no picture is drawn.

    Each model is sampled as its report says and its document compared; Markdown and index must be
    those of the documents in the folder, and pictures must be there. Pages are made by `write`
    alone and hold draws that no document has: they are not looked at.
    """
    models = _models(paths)
    target = _target(models, folder)
    found: list[str] = []
    documents = dict(_all(target))
    known = {path.stem: made for path, made in documents.items()}
    for done, path in enumerate(models):
        _within(progress, done, len(models), path.stem)(0.0)
        committed = known.get(path.stem)
        if committed is None:
            found.append(f"there is no report of {path.stem} in {target}")
            continue
        again = document(
            Model.from_file(path),
            samples=committed["samples"],
            seed=committed["seed"],
            method=committed["method"],
            within=committed.get("within", ()),
            percentiles=committed.get("percentiles"),
        )
        found += [f"{path.stem}.json: {text}" for text in differences(committed, again)]
        found += _outdated(target, rendered(committed))
        found += _missing(target, committed)
    if not found:
        found += _outdated(target, _index(known.values()))
    strays = known.keys() - {path.stem for path in models}
    return Outcome(target, differences=(*found, *(_stray(target, stem) for stem in sorted(strays))))


def rendered(made: Document) -> dict[str, str]:
    """The Markdown of a document, by file name."""
    page = layout(made)
    return {f"{made['model']}.md": markdown(page, index=_INDEX_IN_MARKDOWN)}


def text_of(made: Document) -> str:
    """The document as JSON text."""
    text = json.dumps(made, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=False)
    return shown_in_json(text) + "\n"


def read(path: Path) -> Document:
    """A document from its file; ModelError, naming the place, where the file holds none."""
    return read_document(path)


# --- steps --------------------------------------------------------------------------------------


def _models(paths: Iterable[str | Path]) -> list[Path]:
    found = sorted(find_models(paths), key=lambda path: (path.stem, str(path)))
    names: dict[str, Path] = {}
    for path in found:
        if path.stem.casefold() in (INDEX, MOVED, _INDEX_IN_MARKDOWN.casefold()):
            raise UsageError(f"{path}: its report would take the place of the index; rename it")
        other = names.setdefault(path.stem.casefold(), path)
        if other != path:
            raise UsageError(f"{other} and {path} would share a report; rename one of them")
    return found


def _target(models: Iterable[Path], folder: str | Path | None) -> Path:
    if folder is not None:
        return Path(folder)
    places = {reports_folder(file): file for file in models}
    if len(places) > 1:
        (one, first), (other, second) = list(places.items())[:2]
        raise UsageError(
            f"the reports of {first.stem} lie in {one}, and those of {second.stem} in {other}; "
            "write them one by one, or name a folder for all (-o DIR)"
        )
    return Path(os.path.relpath(next(iter(places))))


def _made(
    model: Model, options: Options, tell: Callable[[float], None]
) -> tuple[Document, dict[str, str], View]:
    from guessmodel.report.pictures import MOST_PICTURES, drawn

    simulation, claims = sampled_and_checked(
        model,
        samples=options.samples,
        seed=options.seed,
        method=options.method,
        within=options.within,
    )
    model = model.in_scenario(*options.within)
    drivers, asked = driven(model, simulation), what_if(model, simulation)
    within, percentiles = options.within, options.percentiles
    made = described(model, simulation, claims, drivers, within, asked, percentiles=percentiles)
    steps, taken = MOST_PICTURES, 0

    def told() -> None:
        nonlocal taken
        taken += 1
        tell(min(0.2 + 0.8 * taken / steps, 1.0))

    tell(0.2)
    entries, pictures = drawn(model, simulation, made, drivers, told, asked)
    tell(1.0)
    return {**made, "pictures": entries}, pictures, view(model, simulation, made)


def _write_one(
    target: Path, made: Document, pictures: Mapping[str, str], shown: View
) -> list[Path]:
    """Pictures before what shows them; the former ones are deleted when nothing does."""
    data = target / f"{made['model']}.json"
    former = _pictures_of(data)
    page = html(layout(made), pictures.__getitem__, shown)
    texts = {**pictures, data.name: text_of(made), **rendered(made)}
    texts[f"{made['model']}.html"] = page
    if pictures:
        (target / made["model"]).mkdir(exist_ok=True)
    written = _replaced(target, texts)
    for file in former - pictures.keys():
        (target / file).unlink(missing_ok=True)
    return written


def _replaced(target: Path, texts: Mapping[str, str]) -> list[Path]:
    for name, text in texts.items():
        replace_file(target / name, text)
    return [target / name for name in texts]


def _pictures_of(data: Path) -> set[str]:
    """Pictures of a former report, as far as they lie in its own folder."""
    try:  # it may be of another version of the format
        known = json.loads(data.read_text(encoding="utf-8"))
        files = {str(picture["file"]) for picture in known["pictures"]}
    except (OSError, ValueError, LookupError, TypeError):
        return set()
    return {file for file in files if Path(file).parent == Path(data.stem)}


def _all(target: Path) -> list[tuple[Path, Document]]:
    if not target.is_dir():
        raise UsageError(f"there is no folder {target}; write it with guessmodel report")
    return [(path, read(path)) for path in sorted(target.glob("*.json")) if path.is_file()]


def _index(documents: Iterable[Document]) -> dict[str, str]:
    page = index(documents)
    return {f"{_INDEX_IN_MARKDOWN}.md": markdown(page, index=_INDEX_IN_MARKDOWN)}


def _outdated(target: Path, texts: Mapping[str, str]) -> list[str]:
    found = []
    for name, text in texts.items():
        path = target / name
        if not path.is_file():
            found.append(f"{path} is missing")
        elif path.read_text(encoding="utf-8") != text:
            found.append(f"{path} does not show what the JSON beside it holds")
    return found


def _former(target: Path, revision: str | None) -> dict[str, Document | None]:
    """The documents that a revision has; None for those of another version of the format."""
    texts = committed(target, revision or "HEAD", ".json")
    if texts is None and revision is not None:
        raise UsageError(f"--against {revision}: {target} lies in no repository of git")
    found: dict[str, Document | None] = {}
    for name, text in (texts or {}).items():
        try:
            found[Path(name).stem] = read_document(target / name, text)
        except ModelError:
            found[Path(name).stem] = None
    return found


def _what_moved(
    target: Path,
    former: Mapping[str, Document | None],
    now: Mapping[str, Document],
    since: str,
) -> Path | None:
    """Write what moved; where nothing did, or nothing is known of it, no file stays that tells of
    an earlier change."""
    before = {name: document for name, document in former.items() if document is not None}
    known = {name: document for name, document in now.items() if former.get(name, document)}
    page = moved_page(before, known, since)
    path = target / f"{MOVED}.md"
    if not before or not page.sections:
        path.unlink(missing_ok=True)
        return None
    replace_file(path, markdown(page, index=_INDEX_IN_MARKDOWN))
    return path


def _answers_in(page: Path) -> list[AnswerView]:
    """The answers on the page of a model that an earlier run wrote; none where there is no page,
    or one of another version."""
    found = view_of(page.read_text(encoding="utf-8")) if page.is_file() else None
    if found is None or any(Card.__annotations__.keys() - card for card in found["cards"]):
        return []
    return answers(found)


def _missing(target: Path, made: Document) -> list[str]:
    files = (target / each["file"] for each in made["pictures"])
    return [f"{file} is missing" for file in files if not file.is_file()]


def _stray(target: Path, stem: str) -> str:
    return (
        f"{target / stem}.json is of no model given; if there is none any more, delete "
        f"{stem}.json, {stem}.md, {stem}.html and the folder {stem}"
    )


def _within(progress: Progress | None, done: int, total: int, name: str) -> Callable[[float], None]:
    def tell(part: float) -> None:
        if progress is not None:
            progress(done + part, total, name)

    return tell
