"""Backfills assets of a project with Dagster's own daemon, each run on the multiprocess executor, and writes what
came of it to a file."""

import importlib
import json
import logging
import os
import sys
import tempfile
import time
from pathlib import Path

from key_statuses import statuses_of_keys

os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")

# Runs begin one after another, as soon as they are asked for; their steps are processes of their own.
AT_ONCE = {
    "run_coordinator": {
        "module": "dagster._core.run_coordinator",
        "class": "DefaultRunCoordinator",
    },
    "run_launcher": {
        "module": "dagster._core.launcher.sync_in_memory_run_launcher",
        "class": "SyncInMemoryRunLauncher",
    },
    "compute_logs": {
        "module": "dagster._core.storage.noop_compute_log_manager",
        "class": "NoOpComputeLogManager",
    },
}
MOST_LOOKS = 10_000
# What a step imports to reach its instance, besides the definitions.
STORAGES = [
    "dagster._core.launcher.sync_in_memory_run_launcher",
    "dagster._core.run_coordinator",
    "dagster._core.storage.event_log",
    "dagster._core.storage.noop_compute_log_manager",
    "dagster._core.storage.root",
    "dagster._core.storage.runs",
    "dagster._core.storage.schedules",
    "dagster._core.storage.sqlite_storage",
]


def executor(module):
    start = {"forkserver": {"preload_modules": [module, *STORAGES]}}
    return {"execution": {"config": {"multiprocess": {"max_concurrent": 1, "start_method": start}}}}


def values_below(folder):
    """The stored JSON of each key, by its path without the ending."""
    base = Path(folder)
    return {
        str(path.relative_to(base))[: -len(".json")]: path.read_text(encoding="utf-8")
        for path in base.rglob("*.json")
    }


def statuses(instance, node):
    """The keys of each status; of an asset without partitions, whether it is materialized."""
    if node.partitions_def is None:
        return {"materialized": [None] if instance.get_latest_materialization_event(node.key) else [], "failed": []}
    return statuses_of_keys(instance, node)


def process_ids(instance):
    """Of the processes that steps began in."""
    runs = instance.get_runs()
    return {
        entry.dagster_event.event_specific_data.metadata["pid"].value
        for run in runs[:20]
        for entry in instance.all_logs(run.run_id)
        if entry.dagster_event
        and entry.dagster_event.event_type_value == "STEP_WORKER_STARTED"
        and "pid" in (entry.dagster_event.event_specific_data.metadata or {})
    }


def main():
    # Not at the top: every step's process imports this file again.
    import dagster as dg
    from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill
    from dagster._core.remote_origin import InProcessCodeLocationOrigin
    from dagster._core.test_utils import create_test_daemon_workspace_context
    from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
    from dagster._core.workspace.load_target import WorkspaceLoadTarget
    from dagster._daemon.backfill import execute_backfill_iteration

    class ThisProject(WorkspaceLoadTarget):
        def create_origins(self):
            target = LoadableTargetOrigin(module_name=module, attribute="defs")
            return [InProcessCodeLocationOrigin(target, location_name="project")]

    module, asked_path, answered_path = sys.argv[1:]
    with open(asked_path, encoding="utf-8") as file:
        asked = json.load(file)
    defs = importlib.import_module(module).defs
    graph = defs.get_repository_def().asset_graph
    selection = [dg.AssetKey(path) for path in asked["assets"]]
    with tempfile.TemporaryDirectory() as home:
        os.environ["PARTITA_STORAGE"] = values = os.path.join(home, "values")
        with (
            dg.DagsterInstance.local_temp(home, overrides=AT_ONCE) as instance,
            create_test_daemon_workspace_context(ThisProject(), instance) as workspace,
        ):
            began = time.monotonic()
            backfill = PartitionBackfill.from_asset_partitions(
                backfill_id="backfill",
                asset_graph=workspace.create_request_context().asset_graph,
                partition_names=asked["keys"],
                asset_selection=selection,
                backfill_timestamp=time.time(),
                tags={},
                dynamic_partitions_store=instance,
                all_partitions=False,
                title=None,
                description=None,
                run_config=executor(module),
            )
            instance.add_backfill(backfill)
            for _ in range(MOST_LOOKS):
                if backfill.status not in (BulkActionStatus.REQUESTED, BulkActionStatus.FAILING):
                    break
                errors = [one for one in execute_backfill_iteration(workspace, logging.getLogger("backfill")) if one]
                if errors:
                    raise RuntimeError(str(errors))
                backfill = instance.get_backfill("backfill")
            answer = {
                "seconds": round(time.monotonic() - began),
                "status": backfill.status.value,
                "runs": instance.get_runs_count(),
                "processes": len(process_ids(instance)),
                "statuses": [statuses(instance, graph.get(key)) for key in selection],
                "values": values_below(values),
            }
    with open(answered_path, "w", encoding="utf-8") as file:
        json.dump(answer, file)


if __name__ == "__main__":
    main()
