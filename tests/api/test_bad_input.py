"""Whatever a caller sends, the answer names what was wrong; it is never a 500 and never a guess."""

import json

import pytest
from graphql import get_introspection_query
from sqlalchemy import text

from gateway.api.graphql import ids
from gateway.api.limits import Limits

RUN = ids.global_id(ids.Kind.RUN, 1)
PIPELINE = ids.global_id(ids.Kind.PIPELINE, 1)


@pytest.fixture
def database(on_sqlite):
    return on_sqlite


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ runs(first: 501) { totalCount } }", "first: 501 is not a size of a page."),
        ("{ runs(first: -1) { totalCount } }", "first: -1 is not a size of a page."),
        ('{ runs(after: "nonsense") { totalCount } }', "after: 'nonsense' is not a cursor of this list."),
        ('{ runs(after: "") { totalCount } }', "after: '' is not a cursor of this list."),
        (f'{{ runs(after: "{ids._wrap("p:1:x")}") {{ totalCount }} }}', "is not a cursor of this list."),
        (f'{{ runs(after: "{ids._wrap("r:" + "9" * 19 + ":1")}") {{ totalCount }} }}', "is not a cursor of this list."),
        (f'{{ pipelines(after: "{ids._wrap("p:1:a" + chr(0))}") {{ totalCount }} }}', "is not a cursor of this list."),
        ('{ node(id: "x") { id } }', "id: 'x' is not an id."),
        ('{ node(id: "ünïcode") { id } }', "id: 'ünïcode' is not an id."),
        (f'{{ node(id: "{ids._wrap("Nothing:1")}") {{ id }} }}', "is not an id."),
        (f'{{ node(id: "{ids._wrap("Run:-1")}") {{ id }} }}', "is not an id."),
        (f'{{ node(id: "{ids._wrap("Run:" + "9" * 19)}") {{ id }} }}', "is not an id."),
        (f'{{ node(id: "{RUN}=") {{ id }} }}', "is not an id."),
        (f'{{ runs(filter: {{pipelines: ["{RUN}"]}}) {{ totalCount }} }}', "is the id of a Run."),
        (f'mutation {{ cancelRun(id: "{PIPELINE}") {{ id }} }}', "is the id of a Pipeline."),
        (
            '{ runs(filter: {startedAfter: "2026-05-01T07:00:00"}) { totalCount } }',
            "DateTime: '2026-05-01T07:00:00' has no offset from UTC.",
        ),
        ('{ runs(filter: {startedAfter: "yesterday"}) { totalCount } }', "DateTime: 'yesterday' is no instant."),
        ('{ runs(filter: {startedAfter: "0001-01-01T00:00:00+14:00"}) { totalCount } }', "is out of range."),
        ("{ runs(filter: {startedAfter: 5}) { totalCount } }", "DateTime: 5 is not a string."),
        ('{ runs(filter: {search: "a\\u0000b"}) { totalCount } }', "filter.search: 'a\\x00b' is no valid text."),
        ('{ orchestrator(name: "\\u0000") { id } }', "name: '\\x00' is no valid text."),
        (f'{{ search(text: "{"x" * 1001}") {{ __typename }} }}', "text: 1001 characters."),
        ('{ search(text: "x", first: 501) { __typename } }', "first: 501 is not a size of a page."),
        ("{ runs(first: 5.5) { totalCount } }", "Int cannot represent non-integer value: 5.5"),
        ("{ runs(first: 99999999999) { totalCount } }", "Int cannot represent non 32-bit signed integer value"),
        ("{ nothing }", "Cannot query field 'nothing' on type 'Query'."),
        ("{ runs { edges } }", "must have a selection of subfields"),
        ("{", "Syntax Error: Expected Name, found <EOF>."),
        ('mutation { setPipelinePaused(id: "x", paused: true) { id } }', "id: 'x' is not an id."),
        (
            f'mutation {{ triggerPipeline(input: {{pipeline: "{PIPELINE}", parameters: [1]}}) {{ id }} }}',
            "input.parameters: is not an object.",
        ),
        (
            f'mutation {{ triggerPipeline(input: {{pipeline: "{PIPELINE}", parameters: {{a: "\\u0000"}}}}) {{ id }} }}',
            "JSON: a text holds a NUL character.",
        ),
        (
            f'mutation {{ triggerPipeline(input: {{pipeline: "{PIPELINE}", partition: "\\u0000"}}) {{ id }} }}',
            "input.partition: '\\x00' is no valid text.",
        ),
    ],
)
async def test_a_bad_value_is_named_with_its_remedy(api, query, message):
    response = await api.send(query)
    assert response.status_code in {200, 400}
    (error,) = response.json()["errors"]
    assert message in error["message"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_the_field_and_the_remedy_are_there_for_programs(api):
    error = await api.error("{ runs(first: 501) { totalCount } }")
    assert error["extensions"] == {
        "code": "BAD_USER_INPUT",
        "field": "first",
        "remedy": "Ask for 0 to 500 and go on with after: endCursor.",
    }


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"filter": {"startedAfter": "2026-05-01"}}, "has no offset from UTC"),
        ({"filter": {"states": ["NOPE"]}}, "'NOPE'"),
        ({"filter": {"unknown": 1}}, "'unknown'"),
        ({"filter": {"search": "\ud800"}}, "The body is not JSON"),
        ({"filter": {"orchestrators": ["x"] * 501}}, "filter.orchestrators: 501 elements."),
        ({"first": "ten"}, "Int cannot represent non-integer value: 'ten'"),
    ],
)
async def test_bad_variables_too(http, variables, message):
    body = {"query": "query ($first: Int, $filter: RunFilter) { runs(first: $first, filter: $filter) { totalCount } }"}
    response = await http.post(
        "/graphql",
        content=json.dumps(body | {"variables": variables}),
        headers={"content-type": "application/json"},
    )
    assert response.status_code in {200, 400}
    assert message in response.text
    assert "INTERNAL" not in response.text


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[" * 5000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"null", "application/json", 400),
        (b'"query"', "application/json", 400),
        (b"[{}]", "application/json", 400),
        (b"{}", "application/json", 400),
        (b'{"query": 5}', "application/json", 400),
        (b'{"query": ""}', "application/json", 400),
        (b'{"query": "{me{name}}", "variables": []}', "application/json", 400),
        (b'{"query": "{me{name}}", "operationName": 1}', "application/json", 400),
        (b'{"query": "{me{name}}", "operationName": "nobody"}', "application/json", 400),
        (b'{"query": "subscription { runChanged { id } }"}', "application/json", 400),
        (b'{"query": "{me{name}}"}', "text/plain", 415),
        (b'{"query": "{me{name}}"}', "", 415),
    ],
)
async def test_a_request_that_is_no_graphql_is_refused(http, body, content_type, status):
    response = await http.post("/graphql", content=body, headers={"content-type": content_type})
    assert response.status_code == status
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "operations",
    [
        "query A { me { name } } query B { me { role } }",
        'query A { me { name } } mutation B { cancelRun(id: "x") { id } }',
        # Which one would be weighed?
        "query A { runs(first: 500) { edges { node { taskRuns { task } } } } } query B { me { name } }",
    ],
)
async def test_of_several_operations_one_must_be_named(http, operations):
    asked = {"query": operations}
    (refused,) = (await http.post("/graphql", json=asked)).json()["errors"]
    assert refused["message"] == "operationName: is missing, and the query has several operations: A, B."
    assert refused["extensions"]["field"] == "operationName"
    named = {"query": "query A { me { name } } query B { me { role } }", "operationName": "B"}
    assert set((await http.post("/graphql", json=named)).json()["data"]["me"]) == {"role"}


async def test_only_get_and_post(http):
    for method in ("PUT", "DELETE", "PATCH"):
        response = await http.request(method, "/graphql")
        assert response.status_code == 405
    assert (await http.get("/graphql?query={me{name}}")).status_code == 405


class TestLimits:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(complexity=1_000, depth=6, aliases=10, tokens=300, body=20_000)

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            (
                "{ runs(first: 500) { edges { node { pipeline { id } } } } }",
                "The query has 1506 points of complexity; the limit is 1000.",
            ),
            (
                "query Q($n: Int = 500) { runs(first: $n) { edges { node { pipeline { id } } } } }",
                "The query has 1506 points of complexity; the limit is 1000.",
            ),
            (
                "{ pipelines(first: 100) { edges { node { runs(first: 100) { edges { cursor } } } } } }",
                "points of complexity; the limit is 1000.",
            ),
            (
                "{ slas(first: 500) { edges { node { id } } } }",
                "The query has 1001 points of complexity; the limit is 1000.",
            ),
            (
                """{ slas(first: 50) { ...S } } fragment S on SlaConnection { edges { node {
                evaluations(first: 50) { ... on SlaEvaluationConnection { edges { cursor } } } } } }""",
                "points of complexity; the limit is 1000.",
            ),
            (
                "{ pipelines(first: 400) { edges { node { slas { id } } } } }",
                "points of complexity; the limit is 1000.",
            ),
            (
                "{ runs(first: 1) { edges { node { pipeline { latestRun { pipeline { latestRun { id } } } } } } } }",
                "The query has 8 levels of nesting; the limit is 6.",
            ),
            (
                """fragment P on Pipeline { latestRun { ...R } } fragment R on Run { pipeline { id } }
                { runs(first: 1) { edges { node { pipeline { ...P } } } } }""",
                "The query has 7 levels of nesting; the limit is 6.",
            ),
            ("{" + " ".join(f"a{n}: me {{ name }}" for n in range(11)) + "}", "The query has 11 aliases"),
            ("{" + " me { name }" * 11 + "}", "The query has 11 fields named"),
        ],
    )
    async def test_too_much_is_refused_with_figure_and_limit(self, api, query, message):
        error = await api.error(query)
        assert message in error["message"]
        assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"
        assert error["extensions"]["remedy"]

    async def test_a_variable_counts_each_time_anew(self, api):
        query = "query Q($n: Int) { runs(first: $n) { edges { node { pipeline { id } } } } }"
        assert (await api.ask(query, n=10))["runs"] == {"edges": []}
        assert "1506 points" in (await api.error(query, n=500))["message"]
        assert (await api.ask(query, n=10))["runs"] == {"edges": []}

    async def test_fragments_that_spread_fragments_cost_no_time_to_weigh(self, api):
        fragments = "".join(
            f"fragment F{n} on Run {{ parent {{ ...F{n + 1} }} other: parent {{ ...F{n + 1} }} }} " for n in range(9)
        )
        error = await api.error(fragments + "fragment F9 on Run { id } { runs { edges { node { ...F0 } } } }")
        assert "levels of nesting" in error["message"]

    async def test_words(self, api):
        error = await api.error("{" + " me { name }" * 100 + "}")
        assert "tokens" in error["message"]

    async def test_bytes(self, http):
        response = await http.post("/graphql", json={"query": "{ me { name } }" + " " * 20_000})
        assert response.status_code == 413
        assert "longer than 20000 bytes" in response.text

    async def test_bytes_that_are_not_announced(self, http):
        async def endless():
            for _ in range(100):
                yield b" " * 1000

        response = await http.post("/graphql", content=endless(), headers={"content-type": "application/json"})
        assert response.status_code == 413


async def test_nesting_that_no_parser_can_take(api):
    error = await api.error("{ a" * 900 + " }" * 900)
    assert error["extensions"]["code"] in {"QUERY_TOO_COMPLEX", "BAD_USER_INPUT"}


async def test_fields_that_would_have_to_be_compared_in_pairs(api):
    error = await api.error("{ runs { " + "totalCount " * 3000 + "} }")
    assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"


async def test_introspection_is_allowed_and_bounded(api):
    data = await api.ask(get_introspection_query(input_value_deprecation=True))
    assert "Run" in {kind["name"] for kind in data["__schema"]["types"]}
    deep = "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }"
    assert "introspection" in (await api.error(deep))["message"].lower()


async def test_an_unexpected_error_shows_its_id_and_nothing_else(api, database, capsys):
    async with database.write() as session:
        await session.execute(text("DROP TABLE runs"))
    error = await api.error("{ runs { totalCount } }")
    assert error["extensions"]["code"] == "INTERNAL"
    identity = error["extensions"]["errorId"]
    assert identity in error["message"]
    assert "no such table" not in json.dumps(error)
    assert identity in capsys.readouterr().out
