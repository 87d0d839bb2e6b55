from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.importing.reading import read
from tjs_moderation.domain.vocabulary import ItemKind
from tjs_moderation.gateways.files import FileFault, RowFault, UnusableFileError

FULL = (
    "id,kind,post_id,parent_id,author_id,author_name,created_at,text,permalink,likes\n"
    "k1,comment,p1,k0,a1,Äijä Öhman,2026-03-01T12:00:00+02:00,Hyvää työtä!,https://example.org/k1,4\n"
)


def test_every_column_of_the_contract_lands_in_its_place(file: Path) -> None:
    (incoming,) = read(file, FULL).taken
    assert incoming.external_id == "k1"
    assert incoming.kind is ItemKind.COMMENT
    assert incoming.post_external_id == "p1"
    assert incoming.parent_external_id == "k0"
    assert incoming.author_external_id == "a1"
    assert incoming.author_name == "Äijä Öhman"
    assert incoming.created_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert incoming.text == "Hyvää työtä!"
    assert incoming.permalink == "https://example.org/k1"
    assert incoming.raw == {"likes": "4"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_usual_encoding_separator_and_line_end_gives_the_same_rows(
    file: Path, encoding: str, separator: str, end: str
) -> None:
    lines = [("id", "text"), ("1", "Järjestö, se on hyvä"), ("2", "Eikö? Kyllä; ehkä")]
    content = "".join(separator.join(f'"{cell}"' for cell in line) + end for line in lines)
    assert read(file, content.encode(encoding)).texts == ["Järjestö, se on hyvä", "Eikö? Kyllä; ehkä"]


def test_the_euro_sign_of_windows_is_read(file: Path) -> None:
    assert read(file, "id;text\n1;Maksaako jäsenyys 20 €?\n".encode("cp1252")).texts == ["Maksaako jäsenyys 20 €?"]


def test_one_spoilt_byte_does_not_turn_a_utf_8_file_into_another_encoding(file: Path) -> None:
    content = "id,text\n1,Hyvää päivää\n2,Rikki \xff\n3,Yötä myöten\n".encode()
    spoilt = content.replace("\xff".encode(), b"\xff")
    result = read(file, spoilt)
    assert result.texts == ["Hyvää päivää", "Yötä myöten"]
    assert result.rejected == [(3, RowFault.BAD_ENCODING)]


@pytest.mark.parametrize(
    "header", ["id,text", "ID , Text", '"Id","TEXT"', "\ufeffid,text", "  id,text  ", "sep=,\nid,text", "\n\nid,text"]
)
def test_the_header_may_be_written_in_many_ways(file: Path, header: str) -> None:
    assert read(file, f"{header}\n1,Moi\n").texts == ["Moi"]


def test_a_column_name_may_have_spaces_for_underscores(file: Path) -> None:
    (incoming,) = read(file, "id;Post ID;Author-Name;text\n1;p1;Maija;Moi\n").taken
    assert (incoming.post_external_id, incoming.author_name) == ("p1", "Maija")


def test_excels_own_separator_line_is_obeyed(file: Path) -> None:
    assert read(file, "sep=|\nid|text\n1|a, b; c\n").texts == ["a, b; c"]


def test_a_quoted_field_may_run_over_lines_and_hold_quotes(file: Path) -> None:
    result = read(file, 'id,text\n1,"Rivi yksi\nrivi ""kaksi""\n\nrivi neljä"\n2,Moi\n')
    assert result.texts == ['Rivi yksi\nrivi "kaksi"\n\nrivi neljä', "Moi"]
    assert [row.line for row in result.rows] == [2, 6]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",Moi,,,", RowFault.MISSING_ID),
        ("   ,Moi,,,", RowFault.MISSING_ID),
        ("1,Moi,,1.5.2026 klo 12,", RowFault.BAD_DATE),
        ("1,Moi,,0001-01-01T00:00:00+14:00,", RowFault.BAD_DATE),
        ("1,Moi,,2026-02-30,", RowFault.BAD_DATE),
        ("1,Moi,tykkäys,,", RowFault.UNKNOWN_KIND),
        ("1,Moi", RowFault.COLUMN_COUNT),
        ("1,Moi,,,,jotain,liikaa", RowFault.COLUMN_COUNT),
        ("1,Mo\x00i,,,", RowFault.BAD_CHARACTER),
        ('1,"Moi"moi,,,', RowFault.BAD_QUOTES),
        ("x" * 201 + ",Moi,,,", RowFault.FIELD_TOO_LONG),
        ("1," + "x" * 1_000_001 + ",,,", RowFault.FIELD_TOO_LONG),
        ("1," + "x" * 2_100_000 + ",,,", RowFault.ROW_TOO_LONG),
        ("1," + "x" * 4_200_000 + ",,,", RowFault.ROW_TOO_LONG),
        ("id,text,kind,created_at,permalink", RowFault.REPEATED_HEADER),
    ],
)
def test_a_bad_row_is_left_out_with_its_line_and_reason_and_the_rest_comes_in(
    file: Path, row: str, fault: RowFault
) -> None:
    header = "id,text,kind,created_at,permalink"
    result = read(file, f"{header}\na,Ensimmäinen,,,\n{row}\nb,Viimeinen,,,\n")
    assert result.ids == ["a", "b"]
    assert result.rejected == [(3, fault)]


def test_a_rejected_row_shows_how_it_began(file: Path) -> None:
    (row,) = read(file, "id,text\n,Tunnus puuttuu\n").rows
    assert row.raw == ",Tunnus puuttuu"


def test_a_long_rejected_row_is_shown_cut(file: Path) -> None:
    (row,) = read(file, "id,text\n," + "x" * 50_000 + "\n").rows
    assert len(row.raw) < 11_000
    assert row.raw.endswith("…")


def test_a_quote_that_is_never_closed_costs_one_row_and_not_the_rest(file: Path) -> None:
    result = read(file, 'id,kind,text\n1,comment,Moi\n2,comment,"Unohtui\n3,comment,Hei\n4,comment,Terve\n')
    assert result.ids == ["1", "3", "4"]
    assert result.rejected == [(3, RowFault.BAD_QUOTES)]


def test_a_quote_closed_by_a_later_rows_quote_costs_one_row(file: Path) -> None:
    result = read(file, 'id,text\n1,"Unohtui\n2,Hei\n3,"Hyvä, hyvä"\n4,Terve\n')
    assert result.ids == ["2", "3", "4"]
    assert result.rejected == [(2, RowFault.BAD_QUOTES)]


def test_an_open_quote_does_not_swallow_a_big_file(file: Path) -> None:
    rows = "".join(f"{number},comment,{'sana ' * 20}\n" for number in range(50_000))
    result = read(file, f'id,kind,text\nx,comment,"auki\n{rows}')
    assert len(result.taken) == 50_000
    assert result.rejected == [(2, RowFault.BAD_QUOTES)]


def test_a_file_cut_in_the_middle_of_a_quoted_field_loses_that_row_only(file: Path) -> None:
    whole = 'id,kind,text\n1,comment,Moi\n2,comment,"Ensin tämä\nsitten tuo\nja lopuksi viela'
    result = read(file, whole)
    assert result.ids == ["1"]
    assert result.rejected == [(3, RowFault.BAD_QUOTES)]


def test_a_last_line_without_an_end_is_a_row(file: Path) -> None:
    assert read(file, "id,text\n1,Moi").texts == ["Moi"]


@pytest.mark.parametrize("content", ["", "\ufeff", "\n\n  \n", "id,text", "id,text\r\n\r\n", "id,text\n,\n,\n"])
def test_a_file_with_nothing_in_it_has_no_rows(file: Path, content: str) -> None:
    assert read(file, content).rows == []


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        ("tunnus,viesti\n1,Moi\n", "id, text"),
        ("id,viesti\n1,Moi\n", "text"),
        ("nimi;text\n1;Moi\n", "id"),
        ("1,Moi\n2,Hei\n", "id, text"),
    ],
)
def test_a_header_without_id_or_text_is_one_clear_error(file: Path, content: str, columns: str) -> None:
    with pytest.raises(UnusableFileError) as caught:
        read(file, content)
    assert caught.value.code == FileFault.NO_COLUMNS
    assert caught.value.facts["columns"] == columns


def test_a_column_that_stands_twice_is_one_clear_error(file: Path) -> None:
    with pytest.raises(UnusableFileError) as caught:
        read(file, "id,text,Text\n1,Moi,Hei\n")
    assert caught.value.code == FileFault.SAME_COLUMN_TWICE


def test_a_time_without_an_offset_is_in_the_zone_of_the_install(file: Path) -> None:
    content = "id,text,created_at\n1,Talvi,2026-01-15 12:00\n2,Kesä,2026-07-15T12:00:00\n3,Zulu,2026-07-15T12:00:00Z\n"
    times = [incoming.created_at for incoming in read(file, content).taken]
    assert times == [
        datetime(2026, 1, 15, 10, tzinfo=UTC),
        datetime(2026, 7, 15, 9, tzinfo=UTC),
        datetime(2026, 7, 15, 12, tzinfo=UTC),
    ]


def test_a_message_belongs_to_a_conversation_and_not_to_a_post(file: Path) -> None:
    content = "id,kind,post_id,author_id,text\n1,message,t_1,a1,Moi\n2,Message,,a1,Moi taas\n"
    named, unnamed = read(file, content).taken
    assert (named.kind, named.conversation_external_id, named.post_external_id) == (ItemKind.MESSAGE, "t_1", None)
    assert unnamed.conversation_external_id == "a1"


def test_a_writer_known_by_name_only_is_one_person_in_every_row(file: Path) -> None:
    first, second = read(file, "id,author_name,text\n1,Maija  Meri,Moi\n2,Maija Meri,Hei\n").taken
    assert first.author_external_id == second.author_external_id == "name:Maija Meri"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "//example.org", "ei linkki"])
def test_a_link_that_is_no_web_address_never_becomes_one(file: Path, link: str) -> None:
    (incoming,) = read(file, f'id,text,permalink\n1,Moi,"{link}"\n').taken
    assert incoming.permalink is None
    assert incoming.raw == {"permalink": link}
