"""Values in the client's own words, and rows that lack a needed one."""

from __future__ import annotations

from helpers.study import check_client, open_study

CONTACTS = (
    "contact_id,account_id,role,opt_out\nc1,007,Decision Maker, Ja \nc2,008,decision-maker,NEIN\n"
    "c3,009, user ,nein\n"
)
FINANCIALS = "account_id,period,revenue\n007,2026-01,5\n008,2026-01,-\n009,2026-02,-\n"


def messages(folder):
    return [str(fault) for fault in check_client(folder)]


def noted(study, words):
    return [note.count for note in study.notes if words in note.what]


def test_words_of_the_client_are_read_as_declared_and_counted(client):
    (found,) = messages(client({"contacts.csv": CONTACTS}))
    assert "`formats: {contacts: {values: {opt_out: {yes: Ja, no: NEIN}}}}` in client.yml" in found
    assert "In the file: NEIN (2), Ja (1)." in found
    folder = client(
        {"contacts.csv": CONTACTS},
        formats="{contacts: {values: {opt_out: {yes: [Ja, J], no: Nein}}}}",
    )
    study = open_study(folder)
    assert study.table("contacts")["opt_out"].to_list() == [True, False, False]
    assert noted(study, "opt_out: values read as declared") == [3]


def test_known_values_may_differ_in_case_spaces_and_hyphens(client):
    text = CONTACTS.replace("Ja", "Yes").replace("NEIN", "NO").replace("nein", "no")
    study = open_study(client({"contacts.csv": text}))
    assert study.table("contacts")["role"].to_list() == ["decision_maker", "decision_maker", "user"]
    assert study.table("contacts")["opt_out"].to_list() == [True, False, False]
    assert noted(study, "role: values respelled, as decision_maker") == [3]


def test_labels_of_answers_can_be_declared_as_numbers(client):
    head = "response_id,wave,account_id,nps,ease,trouble\n"
    rows = "r1,2026H1,007,9,8,never\nr2,2026H1,007,9,8,Often\n"
    folder = client(
        {"responses.csv": head + rows},
        formats='{responses: {values: {trouble: {"1": never, "5": often}}}}',
    )
    assert open_study(folder).as_given()["trouble"].to_list() == [1.0, 5.0]


def test_values_for_a_column_that_is_not_there_are_a_fault(client):
    folder = client(formats="{responses: {values: {troubel: {yes: Ja}}}}")
    assert "'troubel' is not a column of responses.csv. Did you mean 'trouble'?" in str(
        check_client(folder)[0]
    )


def test_an_unknown_value_shows_how_to_declare_it(client):
    text = "contact_id,account_id,role\nc1,007,Entscheider\n"
    (found,) = messages(client({"contacts.csv": text}))
    assert "{contacts: {values: {role: {decision_maker: Entscheider}}}}" in found
    assert "In the file: Entscheider (1)." in found


def test_a_no_is_never_offered_as_a_yes(client):
    text = "contact_id,account_id,consent_named\nc1,007,Nein\nc2,008,Nein\nc3,009,vielleicht\n"
    (found,) = messages(client({"contacts.csv": text}))
    assert "{contacts: {values: {consent_named: {yes: ?, no: Nein}}}}" in found
    assert "In the file: Nein (2), vielleicht (1)." in found
    cured = client(
        {"contacts.csv": text},
        formats="{contacts: {values: {consent_named: {no: [Nein, vielleicht]}}}}",
    )
    assert not open_study(cured).table("contacts")["consent_named"].any()


def test_only_plain_words_are_placed_and_the_rest_is_asked(client):
    rows = ["keine Antwort"] * 3 + ["ausgefüllt"] * 2 + ["unzustellbar", "Sperrliste Vertrieb"]
    text = "wave,contact_id,account_id,disposition\n" + "".join(
        f"2026H1,c{place},007,{word}\n" for place, word in enumerate(rows)
    )
    (found,) = messages(client({"invitations.csv": text}))
    assert "{disposition: {complete: ausgefüllt, partial: ?, breakoff: ?, refusal: ?" in found
    assert "bounce: unzustellbar" in found
    assert "noncontact: ?" in found
    assert "keine Antwort (3), ausgefüllt (2), unzustellbar (1), Sperrliste Vertrieb (1)." in found


def test_a_line_with_words_of_many_kinds_can_be_typed_as_it_stands(client):
    text = "contact_id,account_id,opt_out\nc1,007,ja\nc2,008,oui\nc3,009,nein\n"
    (found,) = messages(client({"contacts.csv": text}))
    line = found.split("`formats: ")[1].split("`")[0]
    study = open_study(client({"contacts.csv": text}, formats=line))
    assert study.table("contacts")["opt_out"].to_list() == [True, True, False]


def test_many_words_are_listed_in_part(client):
    rows = "".join(f"c{place},007,word {place}\n" for place in range(20))
    (found,) = messages(client({"contacts.csv": "contact_id,account_id,role\n" + rows}))
    assert found.endswith("and 8 others.")


def test_rows_without_a_needed_value_are_dropped_only_as_declared(client):
    missing = '{financials: {missing: ["-"]}}'
    (found,) = [
        text
        for text in messages(client({"financials.csv": FINANCIALS}, formats=missing))
        if "not filled in" in text
    ]
    assert "in 2 rows" in found
    assert "`formats: {financials: {drop_missing: true}}` in client.yml" in found
    declared = '{financials: {missing: ["-"], drop_missing: true}}'
    study = open_study(client({"financials.csv": FINANCIALS}, formats=declared))
    assert study.table("financials")["account_id"].to_list() == ["007"]
    assert noted(study, "rows without revenue dropped, as declared") == [2]
    counts = study.counts.set_index("table").loc["financials"]
    assert (counts["rows_in"], counts["rows_out"]) == (3, 1)
