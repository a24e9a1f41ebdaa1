"""Answers that somebody wrote to try the survey out, left in the export."""

from __future__ import annotations

import pytest

from helpers.study import check_client, open_study

HEAD = "response_id,wave,account_id,contact_id,nps,ease,trouble,why,email,mode,duration_s\n"
BOOK = (
    "variable,text,role,label,scale_min,scale_max,reverse,missing_codes\n"
    "nps,Recommend?,recommend,Recommendation,0,10,,\n"
    "ease,Easy?,driver,Ease,0,10,,99\n"
    "trouble,Trouble?,driver,Trouble,1,5,yes,\n"
    "why,Why?,comment,Why,,,,\n"
)
LINE = "`formats: {responses: {tests: drop}}` in client.yml"
CONTACTS = "contact_id,account_id,role,name\n" + "".join(
    f"C{n},00{7 + n % 3},user,{name}\n"
    for n, name in enumerate(("Ann Lee", "Testa Rossa", "Bo Ray", "Cy Demos", "Ed Xu", "Fay Oh"), 1)
)


def rows(odd: str = "", count: int = 12) -> str:
    told = "".join(
        f"r{n},{'2025H2' if n % 2 else '2026H1'},00{7 + n % 3},,{n % 11},{(n * 7) % 11},"
        f"{n % 5 + 1},Deliveries came late {n},p{n}@acme.com,web,{300 + n}\n"
        for n in range(1, count + 1)
    )
    return f"{HEAD}{told}{odd}"


def warned(client, odd: str, files=None, **keys) -> list[str]:
    folder = client({"codebook.csv": BOOK, "responses.csv": rows(odd), **(files or {})}, **keys)
    return [f"{f.severity} {f}" for f in check_client(folder)]


@pytest.mark.parametrize(
    ("odd", "found"),
    [
        ("TEST1,2026H1,007,,9,9,1,,,web,300\n", "column response_id: 'TEST1'"),
        ("R-test-02,2026H1,007,,9,9,1,,,web,300\n", "column response_id: 'R-test-02'"),
        ("r90,2026H1,007,,9,9,1,Testing,,web,300\n", "column why: 'Testing'"),
        ("r90,2026H1,007,,9,9,1,this is a test!,,web,300\n", "column why: 'this is a test!'"),
        ("r90,2026H1,007,,9,9,1,asdf,,web,300\n", "column why: 'asdf'"),
        ("r90,2026H1,007,,9,9,1,xxx,,web,300\n", "column why: 'xxx'"),
        ("r90,2026H1,007,dummy,9,9,1,,,web,300\n", "column contact_id: 'dummy'"),
        ("r90,2026H1,007,,9,9,1,,ann@example.com,web,300\n", "column email: 'ann@example.com'"),
        ("r90,2026H1,007,,9,9,1,,test@acme.com,web,300\n", "column email: 'test@acme.com'"),
        ("r90,2026H1,007,,9,9,1,,,preview,300\n", "column mode: 'preview'"),
    ],
)
def test_an_answer_that_is_a_test_is_told_with_the_line_that_leaves_it_out(client, odd, found):
    (said,) = warned(client, odd)
    assert said.startswith(f"warning responses.csv, row 13, {found} seems to be of a test")
    assert LINE in said
    files = {"codebook.csv": BOOK, "responses.csv": rows(odd)}
    study = open_study(client(files, formats="{responses: {tests: drop}}"))
    assert list(study.tables["responses"]["response_id"]) == [f"r{n}" for n in range(1, 13)]
    assert any("rows of tests dropped, as declared (1)" in str(note) for note in study.notes)


def test_several_are_one_warning_with_their_rows_and_genuine_ones_are_kept(client):
    odd = "TEST1,2026H1,007,,9,9,1,,,web,300\nr91,2026H1,007,,9,9,1,asdf,,web,300\n"
    (said,) = warned(client, odd)
    assert "seems to be of a test; so do row 14 (why asdf)." in said
    assert warned(client, odd, formats="{responses: {tests: keep}}") == []


@pytest.mark.parametrize(
    "odd",
    [
        "TESLA1,2026H1,007,,9,9,1,Test results came late,ann@testa.com,web,300\n",
        "r90,2026H1,007,Testa,9,9,1,We test a lot and it is fake,ann@latest.org,web,300\n",
        "r90,2026H1,007,C-12,9,9,1,Contest,attest@acme.com,phone,300\n",
    ],
)
def test_words_that_only_look_so_are_none(client, odd):
    assert warned(client, odd) == []


def test_ids_that_are_all_called_so_are_no_tests(client):
    text = rows().replace("\nr", "\nTEST")
    assert warned(client, "", {"responses.csv": text}) == []


def test_all_questions_answered_within_seconds_are_told(client):
    more = "".join(f"q{n},Q{n}?,driver,Q{n},0,10,,\n" for n in range(1, 4))
    head = HEAD.replace("\n", ",q1,q2,q3\n")
    body = "".join(
        f"r{n},2026H1,007,,{n % 11},{n * 7 % 11},{n % 5 + 1},,,web,{300 + n},{n * 3 % 11},"
        f"{n * 2 % 11},{n * 4 % 11}\n"
        for n in range(1, 13)
    )
    files = {"codebook.csv": BOOK + more}
    quick = head + body + "r90,2026H1,007,,9,9,1,,,web,{},8,8,9\n"
    old = "r0,2025H2,007,,9,8,2,Late,,web,250,7,8,9\n"
    (said,) = warned(client, "", {**files, "responses.csv": quick.format(4) + old})
    assert "row 13, column duration_s: '4' seems to be of a test" in said
    assert warned(client, "", {**files, "responses.csv": quick.format(40) + old}) == []
    one = quick.format(4).replace(",9,9,1,,,web,4,8,8,9", ",9,,,,,web,4,,,")  # one answer is quick
    assert warned(client, "", {**files, "responses.csv": one + old}) == []


def test_people_of_a_list_who_are_none_are_told_with_their_answers(client):
    contacts = CONTACTS + "C9,008,user,Test User\n"
    odd = "r90,2026H1,008,C9,9,9,1,,,web,300\n"
    said = warned(client, odd, {"contacts.csv": contacts})
    assert [text.split(" seems")[0] for text in said] == [
        "warning contacts.csv, row 7, column name: 'Test User'",
        "warning responses.csv, row 13, column contact_id: 'C9'",
    ]
    files = {"codebook.csv": BOOK, "responses.csv": rows(odd), "contacts.csv": contacts}
    both = "{responses: {tests: drop}, contacts: {tests: drop}}"
    study = open_study(client(files, formats=both))
    assert len(study.tables["contacts"]) == 6 and len(study.tables["responses"]) == 12
    assert warned(client, "", {"contacts.csv": CONTACTS}) == []


def test_a_tester_of_a_survey_tool_is_told_without_the_name(client):
    head = "ResponseId,StartDate,RecipientFirstName,RecipientLastName,RecipientEmail,IPAddress,"
    head += "RecordedDate,Status,nps,ease,trouble,why\n"
    line = "R_{},2026-05-0{} 09:00:00,{},{},{},1.1.1.1,2026-05-05 10:00:00,0,{},8,2,Late\n"
    sound = "".join(line.format(n, n, "Ann", "Lee", "a@acme.com", n) for n in range(1, 7))
    odd = line.format(8, 8, "Test", "User", "t@acme.com", 10)
    (said,) = warned(client, "", {"responses.csv": head + sound + odd})
    assert "row 7, column RecipientFirstName: says that the answer is of somebody who tried" in said
    assert LINE in said and "Test" not in said.replace("tests", "")
    files = {"codebook.csv": BOOK, "responses.csv": head + sound + odd}
    study = open_study(client(files, formats="{responses: {tests: drop}}"))
    assert len(study.tables["responses"]) == 6
    assert warned(client, "", {"responses.csv": head + sound}) == []
