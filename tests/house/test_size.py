"""Small by law: a file that can be held in the head, a function that does one thing."""

from tests.house.source import length, percentile, sources


def test_no_file_is_longer_than_the_hard_stop_and_few_come_near():
    too_long = {source.path: source.lines for source in sources() if source.lines > 600}
    assert too_long == {}
    assert percentile([source.lines for source in sources()], 0.95) <= 350


def test_no_function_is_longer_than_the_hard_stop_and_few_come_near():
    functions = [(source.path, function) for source in sources() for function in source.functions()]
    too_long = {
        f"{path}:{function.lineno} {function.name}": length(function)
        for path, function in functions
        if length(function) > 80
    }
    assert too_long == {}
    assert percentile([length(function) for _, function in functions], 0.95) <= 40
