"""An asset that is checked: how many rows it has, and how many are negative, is told by the run that writes it."""

import json
import os
from pathlib import Path

import dagster as dg

#: What the last run has written.
WRITTEN = Path(os.environ["DAGSTER_HOME"]) / "payments.json"


class Rows(dg.Config):
    """What is written in this run."""

    rows: int = 3
    negative: int = 0
    #: Whether the check of rows breaks down before it has looked.
    breaks: bool = False


@dg.asset
def payments(config: Rows) -> None:
    """Payments of the day."""
    WRITTEN.write_text(json.dumps(config.model_dump()))


@dg.asset_check(asset=payments)
def has_rows() -> dg.AssetCheckResult:
    """An empty table is wrong."""
    written = json.loads(WRITTEN.read_text())
    if written["breaks"]:
        raise RuntimeError("has_rows was told to break")
    return dg.AssetCheckResult(passed=written["rows"] > 0, metadata={"rows": written["rows"]})


@dg.asset_check(asset=payments, description="Refunds are kept elsewhere.")
def not_negative() -> dg.AssetCheckResult:
    """Negative amounts are odd."""
    negative = json.loads(WRITTEN.read_text())["negative"]
    return dg.AssetCheckResult(
        passed=negative == 0, severity=dg.AssetCheckSeverity.WARN, description=f"{negative} rows are negative"
    )


write_and_check = dg.define_asset_job("write_and_check", selection=dg.AssetSelection.assets(payments))
only_write = dg.define_asset_job(
    "only_write", selection=dg.AssetSelection.assets(payments) - dg.AssetSelection.all_asset_checks()
)
only_check = dg.define_asset_job("only_check", selection=dg.AssetSelection.checks_for_assets(payments))

defs = dg.Definitions(
    assets=[payments],
    asset_checks=[has_rows, not_negative],
    jobs=[write_and_check, only_write, only_check],
    executor=dg.in_process_executor,
)
