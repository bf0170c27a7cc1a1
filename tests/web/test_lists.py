"""Every list sorts, filters, searches, pages and exports by its address alone, and says what to do when it is empty."""

import csv
import io
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.web import LISTS, OpenApp, sign_in

ROW = re.compile(r'<th scope="row"')


def rows(page: str) -> int:
    return len(ROW.findall(page.partition('id="list"')[2]))


def column(admin: FlaskClient, address: str, heading: str) -> list[str]:
    """One column of a list, by way of its file."""
    lines = list(csv.DictReader(io.StringIO(admin.get(f"{address}&format=csv").text)))
    return [line[heading] for line in lines]


@pytest.mark.parametrize("page", LISTS)
def test_every_heading_that_offers_to_sort_does(admin: FlaskClient, page: str) -> None:
    links = re.findall(r'class="sort" href="([^"]+)"', admin.get(page).text)

    assert links
    for link in links:
        answer = admin.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert len(re.findall(r'aria-sort="(?:a|de)scending"', answer.text)) == 1


@pytest.mark.parametrize("page", LISTS)
def test_every_choice_of_every_filter_works(admin: FlaskClient, page: str) -> None:
    form = admin.get(page).text
    for name, options in re.findall(r'<select[^>]*name="([^"]+)">(.*?)</select>', form, re.DOTALL):
        for value in re.findall(r'<option value="([^"]*)"', options):
            assert admin.get(page, query_string={name: value}).status_code == 200


@pytest.mark.parametrize("page", LISTS)
def test_the_file_has_a_line_for_every_row(admin: FlaskClient, page: str) -> None:
    answer = admin.get(f"{page}?format=csv")
    total = re.search(r"of <b>([\d,]+)</b>", admin.get(page).text)

    assert total is not None
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert len(list(csv.reader(io.StringIO(answer.text)))) == int(total[1].replace(",", "")) + 1


@pytest.mark.parametrize("page", LISTS)
def test_nothing_found_says_so_and_leads_back(admin: FlaskClient, page: str) -> None:
    text = admin.get(f"{page}?q=zzzzzz").text

    assert "Nothing fits" in text
    assert f'href="{page}"' in text


@pytest.mark.parametrize("page", LISTS)
def test_an_empty_list_says_what_that_means(open_app: OpenApp, bare: Path, page: str) -> None:
    client = open_app(bare).test_client()
    sign_in(client)

    text = client.get(page).text

    assert 'class="nothing-heading"' in text
    assert "Nothing fits" not in text


def test_a_bare_installation_says_what_to_do_first(open_app: OpenApp, bare: Path) -> None:
    client = open_app(bare).test_client()
    sign_in(client)

    text = client.get("/").text

    assert "Never pulled" in text
    assert "Nothing waits for you" in text
    assert "No waste found" in text


def test_rows_are_sorted_as_the_address_says(admin: FlaskClient) -> None:
    up = column(admin, "/completions?sort=hours", "Hours")
    down = column(admin, "/completions?sort=-hours", "Hours")

    assert [float(each) for each in up] == sorted(float(each) for each in up)
    assert [float(each) for each in down] == sorted((float(each) for each in up), reverse=True)


def test_a_file_names_things_and_gives_their_identifiers_beside(admin: FlaskClient) -> None:
    assert "Lunch talk: new tools" in column(admin, "/unmatched?q=", "Activity")
    assert "https://lms.example.org/course/view.php?id=902" in column(admin, "/unmatched?q=", "Activity identifier")
    assert set(column(admin, "/sources/unknown-actors?q=", "Identifier")) == {
        "mbox:stranger@example.org",
        "mbox:visitor@example.org",
    }


def test_the_heading_in_force_offers_the_other_direction(admin: FlaskClient) -> None:
    assert 'href="/completions?sort=hours"' in admin.get("/completions?sort=-hours").text
    assert 'href="/completions?sort=-hours"' in admin.get("/completions?sort=hours").text


def test_a_filter_keeps_only_what_fits(admin: FlaskClient) -> None:
    assert set(column(admin, "/completions?standing=matched", "Standing")) == {"Matched"}


def test_a_search_takes_every_word_and_no_wildcards(admin: FlaskClient) -> None:
    assert set(column(admin, "/completions?q=ada+excel", "Activity")) == {"Excel basics"}
    assert column(admin, "/completions?q=%25", "Activity") == []
    assert column(admin, "/completions?q=_", "Activity") == []


def test_pages_together_are_the_list_with_no_row_twice(admin: FlaskClient) -> None:
    pages = [admin.get(f"/completions?page={number}").text for number in (1, 2, 3)]
    seen = [link for page in pages for link in re.findall(r'class="name" href="(/completions/[^"]+)"', page)]

    assert rows(pages[0]) == 25
    assert len(seen) == len(set(seen))
    assert len(seen) == len(column(admin, "/completions?q=", "Activity"))


def test_a_page_beyond_the_end_leads_back_to_the_beginning(admin: FlaskClient) -> None:
    assert "The list ends before this page" in admin.get("/completions?page=99").text


def test_a_filter_that_a_link_set_can_be_taken_off(admin: FlaskClient) -> None:
    text = admin.get("/completions?unit=finance&learner=ada").text

    assert "Learner: <b><bdi>Ada Abt</bdi></b>" in text
    assert 'href="/completions?unit=finance" aria-label="Take off the filter Learner"' in text


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/completions?sort=colour", "cannot be sorted by “colour”"),
        ("/completions?standing=nice", "“nice” is none of"),
        ("/completions?from=yesterday", "is no time such as"),
        ("/completions?from=2026-01-01", "lacks its distance from UTC"),
        ("/completions?from=0001-01-01T00:00:00%2B14:00", "lies outside the years"),
        ("/completions?to=9999-12-31T23:59:59%2B00:00", "lies outside the years"),
        ("/completions?page=0", "Pages count from 1"),
        ("/completions?page=two", "whole numbers"),
        ("/completions?page=99999999999999999999", "whole numbers"),
        ("/completions?size=7", "Pages hold 25, 50, 100 rows"),
        ("/completions?q=%00", "at most 500 characters"),
        ("/completions?sort=colour&format=csv", "cannot be sorted by “colour”"),
        ("/?period=forever", "is no period"),
    ],
)
def test_an_odd_address_is_refused_with_what_is_known(admin: FlaskClient, address: str, says: str) -> None:
    answer = admin.get(address)

    assert answer.status_code == 400
    assert says in answer.text


@given(
    page=st.sampled_from(LISTS),
    question=st.dictionaries(
        st.sampled_from(["q", "sort", "page", "size", "from", "to", "standing", "activity", "unit", "look", "format"]),
        st.one_of(
            st.text(max_size=40),
            st.sampled_from(["-hours", "csv", "2", "2026-01-01T00:00:00+00:00", "0001-01-01T00:00:00+14:00"]),
        ),
    ),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_address_breaks_a_list(admin: FlaskClient, page: str, question: dict[str, str]) -> None:
    assert admin.get(page, query_string=question).status_code in (200, 400)


def test_a_parameter_that_no_list_knows_changes_nothing(admin: FlaskClient) -> None:
    assert admin.get("/completions?utm_source=mail").status_code == 200
