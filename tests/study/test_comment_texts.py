"""Texts that say nothing are counted out with their number; texts that were cut are told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from checking import typed

from helpers.study import check_client, open_study
from helpers.study.codebook import Codebook, Question
from helpers.study.comment_texts import check_texts
from helpers.study.findings import Findings

BOOK = Codebook((Question("why", "comment", "Why?", "Why"),))
LONG = [f"Delivery {n} was {'very ' * (n % 9)}late, and nobody of yours called" for n in range(40)]


def found(texts: list[object], **columns: object) -> Findings:
    findings = Findings()
    frame = pd.DataFrame({"why": texts, **columns})
    check_texts({"responses": typed("responses", frame)}, BOOK, findings)
    return findings


def test_texts_as_people_write_them_are_left_alone():
    assert found(LONG) == Findings()
    assert found(["Good", "Poor", None] * 20) == Findings()
    assert found([f"Choice number {n}" for n in range(10, 19)]) == Findings()
    shouted = ["The very same words, word by word"] * 9
    assert found([*LONG[:3], *shouted]) == Findings()


@pytest.mark.parametrize("word", ["n/a", "none", "-", "N/A.", "k.A.", "-99", " . ", "<br>"])
def test_replies_that_say_nothing_are_told_with_their_number(word):
    (note,) = found([*LONG, word, word, None]).notes
    assert str(note) == (
        f"responses: why: replies that say nothing, as {word.strip()!r}, left out (2)"
    )


@pytest.mark.parametrize("length", [30, 34, 44])
def test_texts_that_were_cut_at_one_length_are_told(length):
    texts = [text[:length] for text in LONG]
    (said,) = map(str, found(texts).warnings)
    whole = sum(len(text) == length for text in texts)
    assert f"column why: holds {whole} of 40 texts of why with exactly {length} letters" in said


def test_one_wave_that_was_cut_is_told_and_so_are_words_that_end_in_dots():
    waves = ["W1"] * 40 + ["W2"] * 40
    (said,) = map(str, found([*LONG, *(t[:44] for t in LONG)], wave=waves).warnings)
    assert "row 41, column why" in said and "texts of why in W2 with exactly 44" in said
    short = [f"Fine, {n}" for n in range(9)]
    cut = [text[: 40 - n % 6].rstrip() + "…" for n, text in enumerate(LONG[10:20])]
    (said,) = map(str, found([*short, *cut]).warnings)
    assert "none longer: they were cut" in said
    assert not found([*short, *(text.replace("…", ".") for text in cut)]).warnings


def test_one_file_that_was_cut_is_told_by_its_name():
    whole, findings = (
        typed("responses", pd.DataFrame({"why": [*LONG, *(t[:44] for t in LONG)]})),
        Findings(),
    )
    both = replace(whole.raw, files=("a.csv", "b.csv"), file_of=np.repeat([0, 1], 40))
    check_texts({"responses": replace(whole, raw=both)}, BOOK, findings)
    (said,) = map(str, findings.warnings)
    assert "b.csv, row 41" in said and "texts of why in b.csv with exactly 44" in said


def test_the_table_of_comments_is_read_for_each_of_its_questions(client):
    rows = "".join(f'r{n % 4 + 1},{"a" if n < 20 else "b"},"{t}"\n' for n, t in enumerate(LONG))
    text = f"response_id,question,text\n{rows}r1,b,none\n"
    files = {"comments.csv": text}
    assert not [f for f in check_client(client(files)) if f.file == "comments.csv"]
    assert "comments: b: replies that say nothing, as 'none', left out (1)" in [
        str(note) for note in open_study(client(files)).notes
    ]
    cut = "\n".join(row[:38] + '"' if ",b," in row else row for row in rows.splitlines())
    (said,) = [str(f) for f in check_client(client({"comments.csv": text[:26] + cut + "\n"}))]
    assert "texts of b with exactly" in said
