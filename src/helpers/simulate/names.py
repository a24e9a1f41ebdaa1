"""Invented names: companies, people and products that look real and are not."""

from __future__ import annotations

import numpy as np

__all__ = ["INDUSTRIES", "PEOPLE", "PRODUCTS", "company_names"]

STEMS = (
    "Aldermoor", "Arcantis", "Ashgrove", "Balkwill", "Barrowdene", "Belvarra", "Birkenau",
    "Bracknor", "Brightwell", "Brynmoor", "Calderis", "Carrowick", "Castellane", "Cedarholt",
    "Corvanta", "Cranmere", "Dalgarno", "Darrowby", "Delvaux-Renard", "Dunmarrow", "Eastleigh Vale",
    "Eckersby", "Elmhurst Ridge", "Falkenrode", "Farrowgate", "Fennimore", "Fjelldal", "Galbreth",
    "Garrisford", "Glenharrow", "Granvik", "Greyfell", "Hadleigh Cross", "Halvorstad", "Harwick",
    "Hazelbourne", "Hollinger Bay", "Ironbridge Way", "Jarnvik", "Kestrelmoor", "Kingsferry",
    "Kirkhallow", "Königsfurt", "Lakemont", "Larkfield", "Lindqvara", "Lockhaven", "Lorimer",
    "Maplecrest", "Marchbank", "Mendoval", "Merrow", "Montclere", "Müllenbach", "Nakamori",
    "Northwold", "Oakhaven", "Orrington", "Ostrava Hill", "Pemberly", "Penhallow", "Pinecrest",
    "Quillmere", "Ravensworth", "Redmarsh", "Rosvalla", "Rothbury", "Saltmarsh", "São Bentinho",
    "Schönwalde", "Selkirk Bay", "Shinohara", "Silverbeck", "Stanmoor", "Stonebridge", "Strandvik",
    "Tamarind", "Tanglewood", "Thornbury", "Tidewell", "Trevanion", "Ullswick", "Valdoro",
    "Valemont", "Vandermere", "Verhagen", "Villarroya", "Wexcombe", "Whitlock", "Wintermoor",
    "Wolverley", "Yarrowdale", "Zellweger Tal", "Østmark",
)  # fmt: skip
INDUSTRIES = {
    "Food and beverage": ("Foods", "Dairy", "Brewing", "Bakeries", "Packing"),
    "Water treatment": ("Water", "Utilities", "Waterworks"),
    "Chemicals": ("Chemicals", "Coatings", "Resins", "Polymers"),
    "Mining": ("Minerals", "Quarries", "Mining"),
    "Pulp and paper": ("Paper", "Board Mills", "Pulp"),
    "Power": ("Power", "Energy", "Turbines"),
    "Automotive": ("Automotive", "Castings", "Components"),
    "Pharma": ("Pharma", "Laboratories", "Life Sciences"),
    "Steel and metals": ("Steel", "Forge", "Metals"),
    "Marine": ("Shipyards", "Marine", "Offshore"),
}
ENDINGS = {
    "North America": ("Inc.", "LLC", "Corp.", "Co."),
    "Europe": ("GmbH", "Ltd", "AB", "S.p.A.", "B.V.", "S.A."),
    "Asia Pacific": ("Pte Ltd", "K.K.", "Pty Ltd", "Co. Ltd"),
    "Latin America": ("S.A.", "Ltda.", "S.A. de C.V."),
}
PEOPLE = (
    "Ana Figueira", "Ben Okafor", "Carla Weiss", "Dmitri Hale", "Elena Marsh", "Farid Noor",
    "Grace Lindholm", "Hugo Brandt", "Ines Caldwell", "Jonas Meier", "Keiko Tan", "Liam Dorsey",
    "Maya Iyer", "Nils Aaberg", "Olivia Ferro", "Pedro Salas", "Quinn Abbott", "Rosa Delgado",
    "Sven Halder", "Tara Whitcombe", "Uma Rao", "Victor Lang", "Wendy Cho", "Yusuf Demir",
)  # fmt: skip
SPONSORS = ("Helen Ostrander, CEO", "Marc Villiers, CFO", "Priya Raman, COO", "Tom Eriksen, CSO")
PRODUCTS = (
    ("P01", "Centrifugal pumps", 18000, 0.31),
    ("P02", "Dosing pumps", 9500, 0.36),
    ("P03", "Control valves", 6200, 0.38),
    ("P04", "Actuators", 4100, 0.40),
    ("P05", "Heat exchangers", 27000, 0.28),
    ("P06", "Filtration skids", 42000, 0.27),
    ("P07", "Spare parts agreement", 12000, 0.45),
    ("P08", "Condition monitoring", 15000, 0.58),
    ("P09", "Retrofit programme", 33000, 0.34),
    ("P10", "Operator training", 5200, 0.52),
    ("P11", "Full service agreement", 38000, 0.41),
    ("P12", "Energy audit", 8800, 0.49),
)


def company_names(
    rng: np.random.Generator, industries: np.ndarray, regions: np.ndarray
) -> list[str]:
    """Invent one distinct company name for each industry and region.

    Examples
    --------
    >>> company_names(np.random.default_rng(1), np.array(["Power"]), np.array(["Europe"]))
    ['Larkfield Energy B.V.']
    """
    used: set[str] = set()
    names: list[str] = []
    for industry, region in zip(industries, regions, strict=True):
        name = _draw(rng, str(industry), str(region))
        while name.rsplit(" ", 1)[0] in used:
            name = _draw(rng, str(industry), str(region))
        used.add(name.rsplit(" ", 1)[0])
        names.append(name)
    return names


def _draw(rng: np.random.Generator, industry: str, region: str) -> str:
    nouns, endings = INDUSTRIES[industry], ENDINGS[region]
    stem, noun = STEMS[rng.integers(len(STEMS))], nouns[rng.integers(len(nouns))]
    return f"{stem} {noun} {endings[rng.integers(len(endings))]}"
