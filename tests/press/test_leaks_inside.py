"""What may not leave the house is found however it is written, coded or packed."""

from __future__ import annotations

import base64
import io
import os
import zipfile

import pytest

from helpers.press.leaks import Guarded, leaks

GUARDED = Guarded((), ("Rosalind", "buildhost12"), {"ACME_TOKEN": "s3cr&t value 9"})
PATH, KEY, SIGNED = "a path of the machine", "a secret key", "an address with a password"


def in_base64(text: str, coding: str = "utf-8") -> str:
    return base64.b64encode(text.encode(coding)).decode()


def said_of(folder, name: str, content: str | bytes) -> str:
    data = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(data)
    return "; ".join(leaks(folder, GUARDED))


@pytest.mark.parametrize(
    "text",
    [
        r'x = "\/home\/ann"', r'x = "\u002fhome\u002Fann"', r'x = "\x2fhome\x2fann"',
        r'x = "\\u002fhome\\/ann"', '<a href="%2Fhome%2Fann">x</a>', "%252Fhome%252Fann",
        "&#47;home&#x2f;ann", "&amp;#47;home/ann", "file:///home/ann", "file://host/share/x",
        'src="//home/ann/x.js"', "host:/home/ann", "C:/Users/ann", r"D:\clients\acme\responses.csv",
        r"D:\\clients\\acme\\responses.csv", r"E:\responses.csv", r"\\fileserver\clients\acme",
        r"\\\\fileserver\\clients", "/opt/acme/x", "/srv/acme", "/data/acme", "/workspace/acme",
        "/Volumes/Acme", "/usr/local/share", "~/clients/acme", "~ann/clients", "/ho\u200bme/ann",
        "<p>/ho<b>me</b>/ann</p>", f"x='{in_base64('/home/ann/acme')}'",
        f"<iframe src='data:text/html;base64,{in_base64('<p>/home/ann/acme</p>')}'>",
        f"x='{in_base64('/home/ann/acme', 'utf-16-le')}'",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["page.html", "x.js", "leads.csv"])
def test_a_path_is_found_however_it_is_written(tmp_path, name, text):
    assert PATH in said_of(tmp_path, name, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("redis://:pw123456@host", SIGNED),
        ('<img alt="https%3A%2F%2Fann%3Apw123%40h">', SIGNED),
        ("postgresql://ann:hun/ter2@db.example/x", SIGNED),
        ("https://TOKEN@host/x", SIGNED),
        ("https://example.com/x?access_token=abcdef123", KEY),
        ("https://example.com/x?a=1&amp;sig=abcdefghij0123456", KEY),
        ("github_pat_11ABCDEFG0abcdefghijkl", KEY),
        ("sk-ant-api03-abcdefgh", KEY),
        ("xoxb-123456789012-abcdef", KEY),
        ("glpat-abcdefghij0123456789", KEY),
        ("sk_live_abcdefghij012345", KEY),
        ("AIza" + "b" * 35, KEY),
        ("https://hooks.slack.com/services/T000/B000/XXXX", KEY),
        ("AccountKey=abcdefghijklmnopqrstuvwxyz==", KEY),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc_def", KEY),
        ("aws_secret_access_key=wJalrXUtnFEMI/K7MDENG", KEY),
        ('{"password": "hunter22"}', KEY),
        ("Authorization: Bearer abcdefgh12345678", KEY),
        ("<b>github_pat_11ABC</b>DEFG0abcdefghijkl", KEY),
        (f"x = '{in_base64('key: sk-ant-api03-abcdefgh')}'", KEY),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", KEY),
        ("s3cr&amp;t <i>value</i> 9", "the value of ACME_TOKEN"),
        (in_base64("s3cr&t value 9"), "the value of ACME_TOKEN"),
        ("made by rosalind", "(Rosalind)"),
        ("on ROSALIND-laptop", "(Rosalind)"),
        ("rosalind_x", "(Rosalind)"),
        ("BUILDHOST12", "(buildhost12)"),
        ("<p>Rosa<em>lind</em></p><p>Next</p>", "(Rosalind)"),
    ],
)
def test_a_secret_and_a_name_are_found_however_they_are_written(tmp_path, text, said):
    found = said_of(tmp_path, "page.html", text)
    assert said in found
    assert "s3cr" not in found


def utf_16() -> bytes:
    return "from /home/ann".encode("utf-16")


def unmarked() -> bytes:
    return "from /home/ann".encode("utf-16-le")


def letter() -> bytes:
    """Its path is in two runs of one paragraph."""
    runs = "<w:p><w:r><w:t>from /ho</w:t></w:r><w:r><w:t>me/ann</w:t></w:r></w:p>"
    return packed({"word/document.xml": runs.encode()})


def embedding() -> bytes:
    inside = packed({"xl/sharedStrings.xml": b"<si><t>/home/ann</t></si>"})
    return packed({"word/embeddings/sheet.xlsx": inside})


def packed(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return made.getvalue()


def picture(note: str = "from /home/ann") -> bytes:
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    made, notes = io.BytesIO(), PngInfo()
    notes.add_text("Comment", note, zip=True)
    Image.new("L", (2, 2)).save(made, "PNG", pnginfo=notes)
    return made.getvalue()


def document() -> bytes:
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, NameObject

    made, writer = io.BytesIO(), PdfWriter()
    page, drawn = writer.add_blank_page(200, 200), DecodedStreamObject()
    drawn.set_data(b"BT /F1 12 Tf (from /home/ann) Tj ET")
    page[NameObject("/Contents")] = writer._add_object(drawn.flate_encode())
    writer.write(made)
    return made.getvalue()


def properties() -> bytes:
    from pypdf import PdfWriter

    made, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": "from /home/ann"})
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.txt", utf_16), ("a.txt", unmarked), ("a.docx", letter), ("a.docx", embedding),
        ("a.png", picture), ("a.pdf", document), ("a.pdf", properties),
    ],
)  # fmt: skip
def test_files_are_read_inside(tmp_path, name, make):
    data = make()
    assert name.endswith("txt") or b"/home/ann" not in data or make is properties
    assert PATH in said_of(tmp_path, name, data)


def test_notes_of_a_picture_in_a_page_are_read(tmp_path):
    code = base64.b64encode(picture()).decode()
    assert PATH in said_of(tmp_path, "page.html", f'<img src="data:image/png;base64,{code}">')


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pptx", "a.pdf", "a.png", "a.jpg"])
@pytest.mark.parametrize("data", [b"", b"PK\3\4 cut", b"%PDF-1.7 cut", b"\x89PNG cut", b"text"])
def test_a_file_that_cannot_be_read_is_a_fault(tmp_path, name, data):
    assert said_of(tmp_path, name, data) == f"{name} cannot be read: it may hold anything"


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com:8080/x@y, https://example.com/home/ann, and/or, 3://4, a~b, ~5%",
        "The password: ask whom you got this from. Token, key = what opens a door; secret: none",
        "rosalinda Rosalindas buildhost123 risk-adjusted-scores-of-accounts task-force-one",
        "[a](https://example.com/@ann) {color:red}/*x*/ a:/b/g http://example.com:80 ann@x.org",
        f'<img src="data:image/png;base64,{base64.b64encode(picture("Score by wave")).decode()}">',
        "25% of 30%, %zz \\u12 &notanentity; \\alpha \\\\ \\beta x\\/y T:\\",
    ],
)
def test_clean_texts_are_clean(tmp_path, text):
    assert said_of(tmp_path, "page.html", text) == ""


@pytest.mark.parametrize(
    "variable", ["SMTP_PASS", "MAILKEY", "ACME_KEY", "SLACK_WEBHOOK", "DB_PW", "GH_PAT"]
)
def test_variables_that_are_called_like_secrets_are_guarded(tmp_path, monkeypatch, variable):
    monkeypatch.setenv(variable, "first\nlonger-second-line")
    (tmp_path / "a.txt").write_text("x=longer-second-line", encoding="utf-8")
    assert leaks(tmp_path) == [f"a.txt holds the value of {variable}"]


@pytest.mark.parametrize("variable", ["COMPASS_DIR", "KEYBOARD", "PATH", "LANGUAGE"])
def test_other_variables_are_not(tmp_path, monkeypatch, variable):
    monkeypatch.setitem(os.environ, variable, "qwertz-layout")
    (tmp_path / "a.txt").write_text("x=qwertz-layout", encoding="utf-8")
    assert leaks(tmp_path) == []
