"""Checks of assets that failed, as orchestrators tell of them."""

from collections.abc import Collection

from adapters.sdk.manifest import LineageNames
from gateway.alerts.detect.checks import Failed, fact_of
from gateway.domain.incidents import Fact, Subjects
from gateway.store.database import ReadSession
from gateway.store.repository import check_results, orchestrators
from gateway.store.repository.check_results import FailedCheck
from lineage.assets import Source
from lineage.openlineage.state import identity, name_id


async def failed(session: ReadSession, asset_ids: Collection[int] | None) -> dict[int, list[Fact]]:
    """By asset, each of its checks that did not pass when it was evaluated last; None: of all assets."""
    found: dict[int, list[Fact]] = {}
    checks = await check_results.failed(session, asset_ids)
    concerned = {one.orchestrator_id for one in checks}
    known = await orchestrators.by_ids(session, concerned) if concerned else {}
    for one in checks:
        definition = known[one.orchestrator_id].definition
        namespaces = definition.lineage_namespaces or [definition.name]
        source = Source(definition.name, definition.kind, namespaces[0], LineageNames())
        found.setdefault(one.asset_id, []).append(_fact(source, one))
    return found


def _fact(source: Source, one: FailedCheck) -> Fact:
    """It is about the dataset alone: what comes after other things that its pipeline makes is not hurt."""
    namespace, name = source.dataset(one.asset)
    labels = {
        "orchestrator": source.name,
        "orchestrator_kind": source.kind,
        "pipeline": one.pipeline,
        "owner": ",".join(one.owners),
        "dataset": name,
        "dataset_namespace": namespace,
    }
    about = Subjects(one.orchestrator_id, run_id=one.run_id, dataset_id=name_id(namespace, name))
    subject = identity("checks of asset", str(one.asset_id), one.name)
    return fact_of(subject, about, labels, Failed(one.name, one.severity, one.at, one.description))
