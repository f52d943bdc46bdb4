"""Addresses in free text are recognized however they are written, and ordinary sentences are not."""

import pytest

from directory.drafts.address_patterns import find_address

EMAILS = (
    *("Write to ana@example.org", "ANA@EXAMPLE.ORG.", "ana.perez+help@mail.example.org, or come by", "<ana@example.org>"),
    *("ana＠example.org", "ana @ example.org", "ana [at] example.org", "ana (at) example dot org", "ana at example dot org"),
    *("ana arroba example punto org", "a\u200bna@exa\u200bmple.org", "mailto:ana@example.org", "¡escríbenos:ana@ejemplo.mx!"),
    *("ana@ example.org", "ana @example.org", "ana@example (dot) org", "ana@example dot org", "ana en gmail punto com"),
    *("ana at gmail.com", "ana -at- riseup.net", "ana\ufe0f@example.org"),
)
PHONES = (
    *("Call (404) 555-0100", "404-555-0100", "404.555.0100", "404 555 0100", "4045550100", "+1 404 555 0100", "1-404-555-0100"),
    *("(404)555-0100 x12", "404–555–0100", "404\u2011555\u20110100", "404/555-0100", "Tel.404-555-0100", "tel:+14045550100"),
    *("+44 20 7946 0958", "+52 (55) 1234-5678", "011 52 55 1234 5678", "55 1234 5678", "555-0100", "call 555 0100"),
    *("teléfono: 555 01 00", "Llámenos al 5550100", "WhatsApp 555 0100", "1-800-ABOGADO", "800-HOUSING", "４０４-555-0100"),
    *("404 - 555 - 0100", "(404) 555 – 0100", "404·555·0100", "404_555_0100"),
    *("404•555•0100", "404 555 01 00", "404-555-HELP"),
)
CONTACT_LINKS = (
    "https://wa.me/14045550100",
    "t.me/harbor",
    "https://maps.example.org/?q=12+Broad",
    "google.com/maps/@36.40,-105.57",
)
STREETS = (
    *("12 Broad St", "12 Broad Street", "We meet at 12 broad street.", "12 broad st in town", "1200 N. Main St., Suite 4"),
    *("123 Martin Luther King Jr Blvd", "123-125 Main Street", "5th Street", "on 14th St", "1200 Avenue of the Americas"),
    *(
        "500 Highway 64",
        "12B Oak Lane",
        "12 OAK LANE",
        "1200 W 7th St",
        "120 Broadway",
        "77 E Street",
        "8 Elm Ct",
        "9 O'Neill Way",
    ),
    *("123 Dr. Martin Luther King Jr. Blvd.", "200 East Martin Luther King Jr Drive", "12 Wilson Cove", "400 Paseo de Peralta"),
    *("123 Calle Lopez", "1234 Avenida Cesar Chavez", "123 \u3164Calle Lopez"),
    *("come to 12 oak drive, second floor", "12 oak drive apt 4", "12 Oak Circle"),
    *("Calle 5 de Mayo 12", "calle 5 de mayo 12", "Calle Benito Juárez #12", "calle Juárez, 12", "Av. Insurgentes Sur 1234"),
    *("Avenida 27 de Febrero 40", "Carrera 7 # 45-10", "Calle Hidalgo s/n", "Camino Real 300", "Paseo de la Reforma 222"),
    *("CALLE REAL 40", "Blvd. Agua Caliente 9", "Carretera federal 57 km 12", "C\u0301alle Real 40".replace("C\u0301", "C")),
)
BOXES = (
    *("P.O. Box 12", "PO Box 12", "p.o.box 12", "P O Box #12", "Post Office Box 12", "POB 12", "PO Drawer 7", "P.O. Box No. 12"),
    *("Apartado 12", "apartado postal 12", "Apdo. Postal 12", "Apdo 12", "Casilla de correo 12", "casilla 12", "RR 2 Box 15"),
    *("HC 63 Box 20", "P. O. Box A12"),
)
COORDINATES = ("36.4072, -105.5731", "36.40720 -105.57310", "36.4072° N, 105.5731° W", "36°24'26\" N")
HARMLESS = (
    *("", "Space for meetings, up to 40 people.", "Training and translation (English, Spanish)", "Legal help for 1,500 families"),
    *("24/7 street outreach", "24 hour hotline staffing", "20 young street vendors", "10-15 street vendors", "3 court cases"),
    *("3 bilingual court interpreters", "50 seats, a stage and a kitchen", "We need 2 drivers and a van.", "2019-2024"),
    *("Partners since 2019; a grant of $10,000,000", "EIN 12-3456789", "2024-05-01", "10:30-12:45", "501(c)(3) sponsorship"),
    *("https://example.org/12-main-street/4045550100", "See www.example.org/?call=4045550100.", "@harbor on Instagram"),
    *("Learn more at example.org", "Follow us @housing. We need space", "a 3 step path to citizenship", "15 us citizens"),
    *("Nos reunimos en la iglesia punto de encuentro", "Traductores en español", "https://t.example.me/harbor"),
    *("https://social.example/@harbor.union", "one place to meet", "a place for 12", "Way to go: 5 steps", "Room 101"),
    *(
        "20 camas para personas en situación de calle",
        "apoyo a 30 jóvenes en situación de calle 20 noches",
        "en la calle desde 2019",
    ),
    *(
        "Camino 10 km cada día",
        "Busca una carrera 5 veces",
        "vía Zoom 2 veces",
        "2 avenidas de trabajo",
        "Un apartado del informe",
    ),
    *(
        "Partnership on Title 42, H-2A and DACA",
        "100% volunteer-run",
        "15 minutes to downtown",
        "1st place in 2020",
        "Section 8 housing",
    ),
    *(
        "权利 人权 100",
        "🏳️‍🌈 12 🏠",
        "30303-1234",
        "Article 25.1, paragraph 2",
        "4 x 4 trucks",
        "an e-mail list",
        "12 at the table",
    ),
)


@pytest.mark.parametrize(
    ("what", "text"),
    [
        *(("an e-mail address", text) for text in EMAILS),
        *(("a telephone number", text) for text in PHONES),
        *(("a street address", text) for text in STREETS),
        *(("a P.O. box", text) for text in BOXES),
        *(("coordinates", text) for text in COORDINATES),
        *(("a link to a telephone number, a chat or a map", text) for text in CONTACT_LINKS),
    ],
)
def test_an_address_is_found_at_any_place_in_a_text(what: str, text: str) -> None:
    for written in (text, f"We offer training. {text}", f"{text}\nand more", f"({text})", f"Ofrecemos: {text}"):
        found = find_address(written)
        assert found is not None, written
        assert found[0] == what, written
        assert found[1]


@pytest.mark.parametrize("text", HARMLESS)
def test_an_ordinary_text_is_accepted(text: str) -> None:
    assert find_address(text) is None
