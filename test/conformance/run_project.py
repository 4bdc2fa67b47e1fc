"""Materializes a few keys of every asset of a project with real Dagster, upstream first."""

import importlib
import os
import sys
import tempfile

os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
import dagster as dg  # noqa: E402

defs = importlib.import_module(sys.argv[1]).defs
graph = defs.get_repository_def().asset_graph

with tempfile.TemporaryDirectory() as home:
    os.environ["PARTITA_STORAGE"] = os.path.join(home, "values")
    done = 0
    with dg.DagsterInstance.local_temp(home) as instance:
        job = defs.get_implicit_global_asset_job_def()
        for key in graph.toposorted_asset_keys:
            node = graph.get(key)
            if not node.is_materializable:
                continue
            keys = [None]
            if node.partitions_def is not None:
                keys = node.partitions_def.get_partition_keys(dynamic_partitions_store=instance)[:2]
            for partition_key in keys:
                try:
                    result = job.execute_in_process(
                        instance=instance,
                        partition_key=partition_key,
                        asset_selection=[key],
                        raise_on_error=False,
                    )
                except dg.DagsterInvalidConfigError:
                    print(f"not run: {key.to_user_string()} needs config")
                    break
                if result.success:
                    done += 1
                    continue
                failures = [
                    event.step_failure_data.error
                    for event in result.all_events
                    if event.is_step_failure
                ]
                print(f"not run: {key.to_user_string()} {partition_key}: "
                      + " | ".join((error.cause or error).message.strip() for error in failures))
    print(f"{done} materialized")
