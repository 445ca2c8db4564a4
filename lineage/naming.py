"""One name for what different tools call by different ones: pure rules, each with a reason that a person can read.

Only what is sure is rewritten: spelling of schemes and hosts, ports that go without saying, slashes that mean nothing,
and letter case where the store itself does not tell them apart. What only people know, e.g. which table an asset is,
they say in rules of their own. The name an event had stays known as an alias.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gateway.domain.name_patterns import NamePattern, filled

#: Other spellings of a store's scheme.
_SCHEMES = {
    "s3a": "s3",
    "s3n": "s3",
    "gcs": "gs",
    "postgresql": "postgres",
    "sqlserver": "mssql",
    "wasb": "wasbs",
    "abfs": "abfss",
}
#: Ports that go without saying.
_PORTS = {
    "postgres": 5432,
    "mysql": 3306,
    "redshift": 5439,
    "mssql": 1433,
    "oracle": 1521,
    "hive": 10000,
    "kafka": 9092,
    "cassandra": 9042,
    "clickhouse": 9000,
}
_OBJECT_STORES = frozenset({"s3", "gs", "wasbs", "abfss"})
#: Stores that fold names without quotes; a quoted name that only differs in case is rarer than two tools' spellings.
_FOLDED: dict[str, Callable[[str], str]] = {
    "snowflake": str.upper,
    "hive": str.lower,
    "awsathena": str.lower,
    "databricks": str.lower,
}


@dataclass(frozen=True, slots=True)
class Named:
    """A dataset's name, and why it is not the one that was given."""

    namespace: str
    name: str
    reasons: tuple[str, ...] = ()


class Naming:
    """The rules that hold. The first one that fits is applied; what it leads to may have a rule of its own."""

    def __init__(self, documents: Sequence[Any] = ()) -> None:
        self._rules = [(NamePattern(rule["from"]["namespace"], rule["from"]["name"]), rule) for rule in documents]
        self.normal = lru_cache(maxsize=65_536)(self._normal)

    def _normal(self, namespace: str, name: str) -> Named:
        """The name under which a dataset is known."""
        found = spelled(namespace, name)
        if not self._rules:
            return found
        seen = {(namespace, name), (found.namespace, found.name)}
        given = namespace, name
        while (ruled := self._ruled(*given) or self._ruled(found.namespace, found.name)) is not None:
            given = ruled.namespace, ruled.name
            other = spelled(*given)
            if (other.namespace, other.name) in seen:
                break  # rules that lead back
            seen.add((other.namespace, other.name))
            found = Named(other.namespace, other.name, (*found.reasons, *ruled.reasons, *other.reasons))
        return found

    def _ruled(self, namespace: str, name: str) -> Named | None:
        for number, (pattern, rule) in enumerate(self._rules, 1):
            values = pattern.match(namespace, name)
            if values is not None:
                wanted = rule["to"]
                reason = f"rule {number} of lineage.names"
                return Named(filled(wanted["namespace"], values), filled(wanted["name"], values), (reason,))
        return None


#: Where people have said nothing.
BUILT_IN = Naming()


@lru_cache(maxsize=65_536)
def spelled(namespace: str, name: str) -> Named:
    """The name as it is spelled by rules that hold for everybody."""
    scheme, separator, rest = namespace.partition("://")
    if not separator:
        return Named(namespace, name)
    reasons: list[str] = []
    wanted = scheme.lower()
    if wanted != scheme:
        reasons.append(f"schemes are lower case: {wanted}")
    if wanted in _SCHEMES:
        reasons.append(f"{wanted} is {_SCHEMES[wanted]}")
        wanted = _SCHEMES[wanted]
    authority = _authority(wanted, rest, reasons)
    table = _table(wanted, name, reasons)
    return Named(f"{wanted}://{authority}", table, tuple(reasons))


def _authority(scheme: str, given: str, reasons: list[str]) -> str:
    host = given.rstrip("/")
    if host != given:
        reasons.append("a slash at the end means nothing")
    if scheme not in _OBJECT_STORES and "/" not in host and host != host.lower() and scheme in _PORTS:
        host = host.lower()
        reasons.append("hosts have no case")
    port = _PORTS.get(scheme)
    if port is not None and host and ":" not in host and "," not in host and "/" not in host:
        reasons.append(f"{port} is the port of {scheme}")
        host = f"{host}:{port}"
    return host


def _table(scheme: str, given: str, reasons: list[str]) -> str:
    name = given
    if scheme in _OBJECT_STORES:
        name = given.strip("/") or given
        if name != given:
            reasons.append("slashes around a path mean nothing")
    fold = _FOLDED.get(scheme)
    if fold is not None and fold(name) != name:
        name = fold(name)
        reasons.append(f"{scheme} does not tell upper from lower case")
    return name
