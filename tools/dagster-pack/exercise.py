"""Has Dagster do what the page asks of it, so that the pack can be pruned to what that imports and opens."""

import logging

import stand_ins  # noqa: F401  (first: Dagster imports what it stands in for)

import dagster as dg
import dagster._core.execution.backfill  # noqa: F401
import dagster._daemon.backfill  # noqa: F401
import dagster._daemon.sensor  # noqa: F401
import dagster._scheduler.scheduler  # noqa: F401
from dagster._core.execution.asset_backfill import AssetBackfillData  # noqa: F401
from dagster._core.test_utils import freeze_time  # noqa: F401

logging.disable()

days = dg.DailyPartitionsDefinition("2026-01-01", timezone="America/New_York", end_offset=1)
hours = dg.HourlyPartitionsDefinition("2026-01-01-00:00", timezone="America/New_York")
regions = dg.MultiPartitionsDefinition({"day": days, "region": dg.StaticPartitionsDefinition(["a", "b"])})


class Threshold(dg.Config):
    at: int = 3


@dg.asset(partitions_def=hours)
def by_hour() -> int:
    return 1


@dg.asset(partitions_def=days)
def by_day(context, config: Threshold, by_hour) -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"at": config.at})


@dg.asset(partitions_def=regions, deps=[by_day])
def by_region():
    pass


@dg.asset_check(asset=by_day)
def counted():
    return dg.AssetCheckResult(passed=True)


job = dg.define_asset_job("all_days", [by_day])
schedule = dg.build_schedule_from_partitioned_job(job)


@dg.sensor(job=job)
def watches(context):
    return dg.SkipReason("nothing")


@dg.op
def one(config: Threshold):
    return config.at


@dg.job(config=dg.PartitionedConfig(days, lambda key: {"ops": {"one": {"config": {"at": 2}}}}))
def of_ops():
    one()


defs = dg.Definitions(
    assets=[by_hour, by_day, by_region], jobs=[job, of_ops], schedules=[schedule], sensors=[watches]
)
dg.Definitions.validate_loadable(defs)
with dg.DagsterInstance.ephemeral() as instance:
    assert dg.materialize([by_hour], partition_key="2026-01-01-00:00", instance=instance).success
    repository = defs.get_repository_def()
    repository.get_job("of_ops").execute_in_process(partition_key="2026-01-02", instance=instance)
    repository.get_job("all_days").get_subset()
    dg.validate_run_config(repository.get_job("of_ops"), {"ops": {"one": {"config": {"at": 1}}}})
    with dg.build_schedule_context(instance=instance, repository_def=repository) as context:
        repository.get_schedule_def("all_days_schedule").evaluate_tick(context)
    with dg.build_sensor_context(instance=instance, repository_def=repository) as context:
        watches.evaluate_tick(context)
    for cron in ("0 0 * * *", "@monthly"):
        dg.TimeWindowPartitionsDefinition(
            "2026-01-01", fmt="%Y-%m-%d", cron_schedule=cron, timezone="Asia/Kathmandu"
        ).get_partition_keys()
    try:
        dg.StaticPartitionsDefinition(["a", "a"])
    except dg.DagsterInvalidDefinitionError:
        pass
