"""A logo is the picture that its name says, and nothing in it can run or call out."""

from __future__ import annotations

import struct

import pytest

from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.logo import LARGEST, check_logo, clean_svg, logo_problem
from helpers.study.policy import Brand

PNG = (
    b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 20, 10) + b"\x08\x02\x00\x00\x00" * 2
)
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 10, 20) + b"\x01" * 9
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
ATTACKS = {
    "a script": "<script>x()</script>",
    "a script elsewhere": '<script href="//evil/x.js"/>',
    "a script of HTML": '<script xmlns="http://www.w3.org/1999/xhtml">x()</script>',
    "a handler": '<path onload="x()" onClick="x()"/>',
    "foreign markup": '<foreignObject><body onload="x()"/></foreignObject>',
    "a link that runs": '<a href="javascript:x()"><path d="M0 0"/></a>',
    "an old link that runs": '<a xlink:href=" java&#10;script:x()"><path d="M0 0"/></a>',
    "an animation": '<set attributeName="href" to="javascript:x()"/>',
    "an animated handler": '<animate attributeName="onload" values="x()"/>',
    "a use of another file": '<use href="//evil/x.svg#a"/>',
    "a use of data": '<use href="data:image/svg+xml;base64,AAAA#a"/>',
    "a picture elsewhere": '<image href="https://evil/x.png"/>',
    "a picture in SVG": '<image href="data:image/svg+xml,&lt;svg onload=x()&gt;"/>',
    "a style sheet": '<style>@import "//evil/x.css";</style>',
    "a style that calls": "<style>path { fill: url(//evil/x) }</style>",
    "a hidden call": "<style>path { fill: u\\72l(//evil/x) }</style>",
    "a style attribute": '<path style="fill: url(https://evil/x)"/>',
    "a presentation attribute": '<path fill="url(//evil/x)"/>',
    "a font": "<style>@font-face { font-family: a; src: url(//evil/f) }</style>",
    "an image set": "<path style=\"fill: image-set('//evil/x' 1x)\"/>",
    "a frame": '<iframe xmlns="http://www.w3.org/1999/xhtml" src="//evil"/>',
    "a base": '<path xml:base="//evil/"/>',
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_could_run_or_call_out_is_taken_away(attack):
    whole = f'{HEAD} onload="x()">{ATTACKS[attack]}<rect width="9"/></svg>'
    cleaned = clean_svg(whole.encode()).decode()
    assert "x()" not in cleaned
    assert "evil" not in cleaned
    assert not any(word in cleaned for word in ("script", "onload", "import", "svg+xml"))
    assert '<rect width="9" />' in cleaned


def test_what_draws_is_kept():
    inside = (
        '<defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient></defs>'
        '<style>.a{fill:url(#g)}</style><g class="a" transform="scale(2)"><path d="M0 0h9"/></g>'
        '<use xlink:href="#g"/><text x="1" font-size="9">Acme</text>'
        '<image href="data:image/png;base64,AAAA"/>'
    )
    cleaned = clean_svg(f'{HEAD} viewBox="0 0 9 9">{inside}</svg>'.encode()).decode()
    for part in (
        'viewBox="0 0 9 9"', 'id="g"', 'stop-color="#fff"', ".a{fill:url(#g)}", 'd="M0 0h9"',
        'transform="scale(2)"', 'xlink:href="#g"', ">Acme<", "data:image/png;base64,AAAA",
    ):  # fmt: skip
        assert part in cleaned, part


def test_a_picture_of_a_drawing_program_is_read():
    content = (
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        f'"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><!-- made by -->{HEAD} '
        'xmlns:s="http://sodipodi"><s:namedview s:a="1"/><path d="M0 0" s:b="2"/></svg>'
    )
    assert b"sodipodi" not in clean_svg(content.encode())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<html><body/></html>", "is not an SVG picture"),
        ("<svg><path/></svg>", "is not an SVG picture"),  # of no namespace: drawn by nobody
        ("no markup", "is not an SVG picture"),
        (f"{HEAD}><g>", "is not an SVG picture"),
        (f"{HEAD}><script>x()</script></svg>", "holds nothing that can be drawn"),
        (f"{HEAD}>" + "<g>" * 5000 + "</g>" * 5000 + "</svg>", "nested too deeply"),
        (
            '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">'
            + "".join(
                f'<!ENTITY {b} "{f"&{a};" * 10}">'
                for a, b in zip("abcdefgh", "bcdefghi", strict=True)
            )
            + f"]>{HEAD}><text>&i;</text></svg>",
            "is not an SVG picture",
        ),
        (
            f'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>{HEAD}><text>&a;</text></svg>',
            "is not an SVG picture",
        ),
    ],
)
def test_what_is_no_picture_is_said_in_words(content, said):
    problem, advice = logo_problem(content.encode(), ".svg")
    assert said in problem
    assert "plain SVG" in advice


def test_pictures_are_told_by_their_first_bytes_and_size():
    assert logo_problem(PNG, ".png") is None
    assert logo_problem(JPEG, ".jpg") is None
    assert logo_problem(JPEG, ".jpeg") is None
    assert "is not a PNG picture" in logo_problem(JPEG, ".png")[0]
    assert "is not a JPEG picture" in logo_problem(PNG, ".jpg")[0]
    assert "is not a JPEG picture" in logo_problem(b"\xff\xd8\xff", ".jpg")[0]
    assert "is not a PNG picture" in logo_problem(b"<svg onload=x()>", ".png")[0]
    huge = PNG[:16] + struct.pack(">II", 50_000, 50_000) + PNG[24:]
    assert "is 50,000 by 50,000 pixels" in logo_problem(huge, ".png")[0]


@pytest.mark.parametrize(
    ("logo", "content", "said"),
    [
        ("logo.png", b"GIF89a", "is not a PNG picture"),
        ("logo.svg", b"<svg", "is not an SVG picture"),
        ("logo.png", b"\0" * (LARGEST + 1), "is larger than 2 MB"),
        ("logo.jpg", None, "is not a file of the client folder"),
        ("../logo.svg", None, "is not a file of the client folder"),
    ],
)
def test_a_wrong_logo_is_a_fault_of_the_clients_file(logo, content, said, tmp_path):
    if content is not None:
        (tmp_path / logo).write_bytes(content)
    brand = Brand.model_construct(logo=logo)
    config = Config(name="a", as_of="2026-06-30", wave="1").model_copy(update={"brand": brand})
    findings = Findings()
    check_logo(tmp_path, config, findings)
    (fault,) = findings.errors
    assert (fault.file, fault.column, fault.found) == ("client.yml", "brand.logo", logo)
    assert said in fault.problem
