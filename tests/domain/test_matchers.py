"""Matchers, as Alertmanager writes and means them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.matchers import MatcherError, MatchOperator, matcher, parse_matcher


@pytest.mark.parametrize(
    ("written", "labels", "matches"),
    [
        ('severity="critical"', {"severity": "critical"}, True),
        ("severity=critical", {"severity": "critical"}, True),
        (' severity = "critical" ', {"severity": "warning"}, False),
        ('severity!="critical"', {}, True),
        ('owner=""', {}, True),
        ('owner=~"finance.*"', {"owner": "finance-eu"}, True),
        ('owner=~"finance"', {"owner": "finance-eu"}, False),
        ('owner!~"finance|sales"', {"owner": "sales"}, False),
        ('owner!~"finance|sales"', {}, True),
        ('pipeline="a \\"b\\" \\\\ c"', {"pipeline": 'a "b" \\ c'}, True),
    ],
)
def test_what_a_matcher_matches(written, labels, matches):
    assert parse_matcher(written).matches(labels) is matches


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("severity", "'severity' is no matcher; write it like severity=\"critical\""),
        ('1st="a"', "'1st=\"a\"' is no matcher"),
        ('a="b', "has a quote that is not closed"),
        ('a=b"c', "has a quote within its value"),
        ('a=~"("', "'(' is no regular expression"),
        ("a=" + "x" * 1001, "more than 1000 characters"),
    ],
)
def test_what_is_none_is_refused_with_the_remedy(written, message):
    with pytest.raises(MatcherError) as error:
        parse_matcher(written)
    assert message in str(error.value)


@given(
    st.from_regex(r"[a-z_][a-z0-9_]*", fullmatch=True), st.sampled_from(list(MatchOperator)[:2]), st.text(max_size=50)
)
def test_what_is_written_can_be_read_again(label, operator, value):
    made = matcher(label, operator, value)
    assert parse_matcher(str(made)) == made
