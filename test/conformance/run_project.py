"""Runs a project with real Dagster: a few keys of every asset, upstream first, and of every job of ops."""

import importlib
import os
import sys
import tempfile

os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
import dagster as dg  # noqa: E402

SOME = 2

defs = importlib.import_module(sys.argv[1]).defs
repository = defs.get_repository_def()


def keys_of(partitions_def, instance):
    if partitions_def is None:
        return [None]
    return partitions_def.get_partition_keys(dynamic_partitions_store=instance)[:SOME]


def runs(instance):
    """What to run: a name, a job, a key, and the assets to compute."""
    for key in repository.asset_graph.toposorted_asset_keys:
        node = repository.asset_graph.get(key)
        if node.is_materializable:
            job = repository.get_implicit_global_asset_job_def()
            for partition_key in keys_of(node.partitions_def, instance):
                yield key.to_user_string(), job, partition_key, [key]
    for job in repository.get_all_jobs():
        if job.asset_layer.selected_asset_keys:
            continue
        for partition_key in keys_of(job.partitions_def, instance):
            yield job.name, job, partition_key, None


def causes_of(result):
    errors = [one.step_failure_data.error for one in result.all_events if one.is_step_failure]
    return " | ".join((error.cause or error).message.strip() for error in errors)


with tempfile.TemporaryDirectory() as home, dg.DagsterInstance.local_temp(home) as instance:
    os.environ["PARTITA_STORAGE"] = os.path.join(home, "values")
    counts = {"succeeded": 0, "failed": 0, "without its config": 0}
    for name, job, partition_key, assets in runs(instance):
        try:
            result = job.execute_in_process(
                instance=instance,
                partition_key=partition_key,
                asset_selection=assets,
                raise_on_error=False,
            )
        except dg.DagsterInvalidConfigError:
            counts["without its config"] += 1
            continue
        counts["succeeded" if result.success else "failed"] += 1
        if not result.success:
            # Some fail as in the notebook: what they read was not run here.
            print(f"{name} {partition_key}: {causes_of(result)}")
    print(", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing to run")
