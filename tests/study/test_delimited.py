"""CSV files as clients send them: whole, cut off, in other alphabets and other hands."""

from __future__ import annotations

import codecs
import gzip

import pytest

from helpers.study import check_client, open_study

HEAD = "response_id,wave,account_id,nps,ease,trouble\n"


def messages(folder):
    return [str(fault) for fault in check_client(folder)]


def test_a_sound_client_has_no_faults(client):
    assert messages(client()) == []


def test_ids_stay_exactly_as_they_were_typed(client):
    rows = (
        'NA,2026H1,NA,1,1,1\n1e5,2026H1,1e5,2,2,2\n007,2026H1, 7 ,3,3,3\n"a,b",2026H1,None,4,4,4\n'
    )
    study = open_study(client({"responses.csv": HEAD + rows}))
    assert study.responses.index.to_list() == ["NA", "1e5", "007", "a,b"]
    assert study.responses["account_id"].to_list() == ["NA", "1e5", " 7 ", "None"]


def test_every_malformed_record_is_listed_with_its_row_and_text(client):
    rows = 'r1,2026H1,1,5,5\nr2,2026H1,1,5,5,5\nr3,2026H1,1,5,5,5,9\nr4,2026H1,1,"5"x,5,5\n'
    found = messages(client({"responses.csv": HEAD + rows}))
    assert found == [
        "responses.csv, row 1: 'r1,2026H1,1,5,5' has too few columns for the 6 of the header. "
        "Mend the record in the export.",
        "responses.csv, row 3: 'r3,2026H1,1,5,5,5,9' has too many columns for the 6 of the "
        "header. Mend the record in the export.",
        "responses.csv, row 4: 'r4,2026H1,1,\"5\"x,5,5' has a quotation mark that is not closed "
        "or not doubled. Mend the record in the export.",
    ]


def test_a_record_number_counts_records_not_lines(client):
    book = (
        "variable,text,role,label,scale_min,scale_max\n"
        "nps,Recommend?,recommend,NPS,0,10\nwhy,Why?,comment,Why,,\n"
    )
    rows = 'response_id,wave,nps,why\nr1,2026H1,5,"one\ntwo\nthree"\nr2,2026H1,50,short\n'
    (found,) = messages(client({"codebook.csv": book, "responses.csv": rows}))
    assert found.startswith("responses.csv, row 2, column nps: '50'")


def test_more_than_twenty_malformed_records_are_summed_up(client):
    rows = "r0,2026H1,1,5,5,5\n" + "short\n" * 50
    found = messages(client({"responses.csv": HEAD + rows}))
    assert len(found) == 21
    assert "30 more malformed records, the last in row 51" in found[-1]


def test_a_missing_last_newline_is_a_warning(client):
    folder = client({"responses.csv": HEAD + "r1,2026H1,1,5,5,5"})
    assert open_study(folder).warnings[0].problem == "does not end with a new line"


def test_the_mark_of_utf8_before_text_in_a_code_page_is_no_part_of_a_name(client):
    text = codecs.BOM_UTF8 + "response_id,nps,ease,trouble\nMüller,7,8,2\n".encode("cp1252")
    form = "{responses: {encoding: cp1252}}"
    study = open_study(client({"responses.csv": text}, formats=form))
    assert list(study.all_responses.index) == ["Müller"]


def test_a_byte_order_mark_is_fine(client):
    text = "\ufeff" + HEAD + "r1,2026H1,1,5,5,5\n"
    assert open_study(client({"responses.csv": text})).responses.index.to_list() == ["r1"]


def test_a_foreign_byte_is_named_by_place_and_cured_by_a_declared_encoding(client):
    data = (HEAD + "r1,2026H1,Müller,5,5,5\nr2,2026H1,b,5,5,5\n").encode("cp1252")
    (found,) = messages(client({"responses.csv": data}))
    place = data.index(b"\xfc") + 1
    assert f"byte {place} of the file, on line 2" in found
    assert "formats: {responses: {encoding: cp1252}}" in found
    cured = client({"responses.csv": data}, formats="{responses: {encoding: cp1252}}")
    assert open_study(cured).responses["account_id"].to_list() == ["Müller", "b"]


def test_utf16_is_recognised_and_read_when_declared(client):
    data = (HEAD + "r1,2026H1,a,5,5,5\n").encode("utf-16")
    (found,) = messages(client({"responses.csv": data}))
    assert "encoding: utf-16" in found
    cured = client({"responses.csv": data}, formats="{responses: {encoding: utf-16}}")
    assert len(open_study(cured).responses) == 1


def test_a_fault_in_a_later_piece_of_a_large_file_is_placed_right(client):
    rows = "".join(f"r{i},2026H1,a,5,5,5\n" for i in range(60_000)).encode()
    data = HEAD.encode() + rows + b"x\xff,2026H1,a,5,5,5\n"
    found = messages(client({"responses.csv": data}))[0]
    place = data.index(b"\xff") + 1
    assert f"byte {place} of the file, on line 60002" in found


def test_a_semicolon_file_asks_for_its_delimiter(client):
    text = (HEAD + "r1,2026H1,a,5,5,5\n").replace(",", ";")
    (found,) = messages(client({"responses.csv": text}))
    assert 'formats: {responses: {delimiter: ";"}}' in found
    cured = client({"responses.csv": text}, formats='{responses: {delimiter: ";"}}')
    assert len(open_study(cured).responses) == 1


def test_two_columns_of_one_name_are_a_fault(client):
    text = "response_id,wave,nps,ease,trouble,nps\nr1,2026H1,5,5,5,6\n"
    (found,) = messages(client({"responses.csv": text}))
    assert "column nps: names columns 3 and 6" in found


def test_an_empty_file_a_zip_and_a_folder_are_named_for_what_they_are(client):
    assert "is empty" in messages(client({"responses.csv": b""}))[0]
    assert "is a zip or Excel file" in messages(client({"responses.csv": b"PK\x03\x04..."}))[0]
    folder = client({"responses.csv": None, "financials.csv/x.csv": "a\n"})
    (folder / "responses.csv").write_text(HEAD + "r1,2026H1,1,5,5,5\n")
    assert "financials.csv: is a folder, not a file" in messages(folder)[0]


def test_a_gzip_file_is_read_and_a_cut_one_reported(client):
    data = gzip.compress((HEAD + "r1,2026H1,1,5,5,5\n").encode())
    folder = client({"responses.csv": None, "responses.csv.gz": data})
    assert len(open_study(folder).responses) == 1
    (found,) = messages(client({"responses.csv": None, "responses.csv.gz": data[:30]}))
    assert "cannot be unpacked" in found


def test_text_of_any_kind_is_kept_as_it_is(client):
    book = (
        "variable,text,role,label,scale_min,scale_max\n"
        "nps,Recommend?,recommend,NPS $_<,0,10\nwhy,Why?,comment,Why,,\n"
    )
    odd = "=1+1 😀 שלום 漢字 $x_y$ <b> \\n " + "x" * 10_000
    text = f'response_id,wave,nps,why\nr1,2026H1,5,"{odd}"\n'
    study = open_study(client({"codebook.csv": book, "responses.csv": text}))
    assert study.responses["why"].to_list() == [odd]
    assert study.label("nps") == "NPS $_<"


def test_qualtrics_three_header_rows_are_recognised(client):
    text = (
        "StartDate,EndDate,Status,IPAddress,ResponseId,RecipientEmail,nps,ease,trouble\n"
        'Start Date,End Date,Response Type,IP,Response ID,Email,"How likely,\nin words?",E,T\n'
        '"{""ImportId"":""startDate""}","{""ImportId"":""endDate""}","{""ImportId"":""s""}",'
        '"{""ImportId"":""ip""}","{""ImportId"":""_recordId""}","{""ImportId"":""e""}",'
        '"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}","{""ImportId"":""QID3""}"\n'
        "2026-05-01 10:00:00,2026-05-01 10:05:00,IP Address,1.2.3.4,R_1,a@b.c,9,8,2\n"
        "2026-05-01 10:00:00,2026-05-01 10:05:00,Survey Preview,1.2.3.4,R_2,a@b.c,9,8,2\n"
        "2026-05-02 10:00:00,2026-05-02 10:05:00,IP Address,1.2.3.4,R_3,a@b.c,40,8,2\n"
    )
    (found,) = messages(client({"responses.csv": text}))
    assert found.startswith("responses.csv, row 3, column nps: '40'")
    study = open_study(client({"responses.csv": text.replace(",40,", ",4,")}))
    assert study.responses.index.to_list() == ["R_1", "R_3"]
    assert not {"IPAddress", "RecipientEmail"} & set(study.responses)
    assert study.wave_dates["2026H1"].isoformat() == "2026-05-01T00:00:00"
    assert any("previews" in note.what and note.count == 1 for note in study.notes)


def test_qualtrics_answers_that_were_not_finished_are_kept_and_counted(client):
    text = (
        "StartDate,Finished,ResponseId,nps,ease,trouble\nS,F,R,N,E,T\n"
        '"{""ImportId"":""s""}","{""ImportId"":""f""}","{""ImportId"":""r""}",'
        '"{""ImportId"":""1""}","{""ImportId"":""2""}","{""ImportId"":""3""}"\n'
        "2026-05-01,True,R_1,9,8,2\n2026-05-01,False,R_2,9,,\n2026-05-01,0,R_3,9,8,\n"
    )
    study = open_study(client({"responses.csv": text}))
    assert len(study.responses) == 3
    assert [note.count for note in study.notes if "not finished" in note.what] == [2]


@pytest.mark.parametrize("mark", ['"\ufeffaccount_id"', '\ufeff"account_id"', "\ufeff account_id"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(client, mark):
    text = f'{mark},"name"\n"007","A"\n"008","B"\n"009","C"\n'
    folder = client({"accounts.csv": text})
    assert open_study(folder).accounts["account_id"].to_list() == ["007", "008", "009"]
