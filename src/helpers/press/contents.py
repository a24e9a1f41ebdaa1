"""What a client sent, by content: a digest of each table, of each wave of it, of each setting.

Content is what was read, typed: a file that was saved anew with the same cells has the same
digests, one that differs in a single cell has not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any

import numpy.typing as npt
import pandas as pd
from pydantic import BaseModel

from helpers.digests import digest
from helpers.study import Study

__all__ = ["by_wave", "contents", "frame_digest", "settings"]

NO_WAVE = ""  # of rows that name none


def contents(study: Study) -> dict[str, str]:
    """A digest of every part of a study that a chapter may read, by the part's name.

    Names are ``answers`` (as they were joined with accounts and contacts), ``dates`` (of waves),
    ``groups`` (to report by), ``questions`` (their order), ``tables`` (which there are), ``names``
    (of people and companies), ``table accounts``, ``question ease``, ``setting policy.consent``,
    ``counts``, ``notes``, ``warnings`` and ``letters``.

    Examples
    --------
    >>> from helpers.study import open_study
    >>> made = contents(open_study("mobile"))
    >>> [name for name in made if name.startswith("table ")]
    ['table responses']
    >>> made == contents(open_study("mobile"))
    True
    """
    answers = [study.joined, study.unturned, study.asking]
    counted = study.counts.drop(columns=["file", "sha256"])
    return {
        "answers": digest([frame_digest(frame) for frame in answers]),
        "dates": digest([study.waves, [[w, str(day)] for w, day in study.wave_dates.items()]]),
        "groups": digest(study.segments),
        "questions": digest([question.variable for question in study.codebook.questions]),
        "tables": digest(sorted(study.tables)),
        "names": digest(study.known_names),
        **{f"table {name}": frame_digest(frame) for name, frame in sorted(study.tables.items())},
        **{
            f"question {q.variable}": digest(_in_order(asdict(q))) for q in study.codebook.questions
        },
        **{f"setting {name}": told for name, told in settings(study.config).items()},
        "counts": digest(json.loads(counted.to_json(orient="records"))),
        "notes": digest([str(note) for note in study.notes]),
        "warnings": digest([str(warning) for warning in study.warnings]),
        "letters": digest(dict(study.letters)),
    }  # fmt: skip


def settings(config: BaseModel) -> dict[str, str]:
    """A digest of every key of ``client.yml``; of a key with parts, one of each part.

    >>> from helpers.study.config import Config
    >>> sorted(settings(Config(name="Demo", as_of="2026-06-30", wave="W1")))[:4]
    ['as_of', 'brand.colour', 'brand.logo', 'calendar.closes']
    """
    told = config.model_dump(mode="json")
    found: dict[str, str] = {}
    for key, value in told.items():
        if isinstance(getattr(config, key), BaseModel):
            found |= {f"{key}.{part}": digest(_in_order(one)) for part, one in value.items()}
        else:
            found[key] = digest(_in_order(value))
    return found


def _in_order(value: object) -> object:
    """A value whose mappings count in their order: pages list things as they were declared.

    >>> _in_order({"b": {"y": 1}, "a": 2})
    [['b', [['y', 1]]], ['a', 2]]
    """
    if isinstance(value, Mapping):
        return [[key, _in_order(one)] for key, one in value.items()]
    return [_in_order(one) for one in value] if isinstance(value, list | tuple) else value


def frame_digest(frame: pd.DataFrame) -> str:
    """A digest of a table's columns, their kinds, and every cell in order.

    >>> one = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    >>> frame_digest(one) == frame_digest(one.copy()), frame_digest(one) == frame_digest(one[::-1])
    (True, False)
    """
    told = sha256(cell_digests(pd.Series(frame.index)).tobytes())
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        told.update(json.dumps([str(name), _kind(column)]).encode("ascii"))
        told.update(cell_digests(column).tobytes())
    return told.hexdigest()[:16]


def _kind(column: pd.Series) -> list[str]:
    """What a column holds; of one of categories which there are, in their order."""
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return [str(kind), str(kind.ordered), *map(str, kind.categories)]
    return [str(kind)]


def cell_digests(column: pd.Series) -> npt.NDArray[Any]:
    """A digest of each cell of a column, in order.

    >>> one, other, again = cell_digests(pd.Series(["x", "y", "x"])).tolist()
    >>> one == again, one == other
    (True, False)
    """
    try:
        return pd.util.hash_pandas_object(column, index=False).to_numpy()
    except TypeError:  # lists in cells
        return pd.util.hash_pandas_object(column.map(repr), index=False).to_numpy()


def by_wave(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, str]]:
    """A digest of the rows of each wave, for tables whose rows belong to waves.

    A column without a value in a wave does not count there, nor whether numbers are stored as
    whole ones: so a wave keeps its digest when the next one is added under it.

    >>> first = pd.DataFrame({"wave": ["W1"], "ease": [3]})
    >>> both = pd.DataFrame({"wave": ["W1", "W2"], "ease": [3.0, 4.5], "new": [None, "x"]})
    >>> by_wave({"r": first})["r"]["W1"] == by_wave({"r": both})["r"]["W1"]
    True
    """
    return {name: _waves(frame) for name, frame in sorted(tables.items()) if "wave" in frame}


def _waves(frame: pd.DataFrame) -> dict[str, str]:
    """Column by column: the digests of all cells would take as much room as the table."""
    waves = frame["wave"].astype("object").where(frame["wave"].notna(), NO_WAVE)
    rows = {wave: (waves == wave).to_numpy() for wave in sorted(waves.unique())}
    told = {wave: sha256() for wave in rows}
    for name in sorted(frame.columns, key=str):
        column = frame[name]
        number = pd.api.types.is_numeric_dtype(column)
        cells = cell_digests(column.astype("float64" if number else "str"))
        there = column.notna().to_numpy()
        for wave, mine in rows.items():
            if there[mine].any():
                told[wave].update(json.dumps(str(name)).encode("ascii"))
                told[wave].update(cells[mine].tobytes())
    return {str(wave): one.hexdigest()[:16] for wave, one in told.items()}
