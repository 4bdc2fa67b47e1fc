"""The plans of backfills, and what is there after them, asked of Dagster's own daemon.

Its functions are not called here: they succeed, but for the one key that is said to fail.
"""

import logging

import dagster as dg
import pytest
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.storage.partition_status_cache import AssetPartitionStatus
from dagster._core.test_utils import (
    create_test_daemon_workspace_context,
    instance_for_test,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.load_target import WorkspaceLoadTarget
from dagster._core.definitions.partitions.context import partition_loading_context
from dagster._daemon.backfill import execute_backfill_iteration

from PACKAGE import partita
from conftest import fill
from predicted import NOW, PREDICTIONS, repository


class ThisProject(WorkspaceLoadTarget):
    def create_origins(self):
        target = LoadableTargetOrigin(module_name="PACKAGE.definitions", attribute="defs")
        return [InProcessCodeLocationOrigin(target, location_name="project")]


# Runs are executed here and now.
AT_ONCE = {
    "run_coordinator": {
        "module": "dagster._core.run_coordinator",
        "class": "DefaultRunCoordinator",
    },
    "run_launcher": {
        "module": "dagster._core.launcher.sync_in_memory_run_launcher",
        "class": "SyncInMemoryRunLauncher",
    }
}


# Where functions are replaced.
IN_THIS_PROCESS = {"execution": {"config": {"in_process": {}}}}


def play(monkeypatch, failing):
    """Has functions succeed without being called; the one of the failing key throws."""
    paths = {tuple(path): key for key, path in partita.ABOUT["assetPaths"].items()}
    lost = failing and (paths[tuple(failing["asset"])], failing["key"])

    def run_step(context, request):
        if lost and request["assetKey"] == lost[0] and lost[1] in request["partitionKeys"]:
            raise dg.Failure("It is said to fail.", allow_retries=False)
        return {"status": "success", "value": None, "handled": True, "hasValue": True}

    monkeypatch.setattr(partita, "_run_step", run_step)
    monkeypatch.setattr(partita.NotebookIOManager, "handle_output", lambda *_: None)
    monkeypatch.setattr(partita.NotebookIOManager, "load_input", lambda *_: None)


def run_of(run):
    tags = run.tags
    start = tags.get("dagster/asset_partition_range_start")
    return {
        "assets": sorted(key.to_user_string() for key in run.asset_selection),
        "key": tags.get("dagster/partition"),
        "range": start and [start, tags["dagster/asset_partition_range_end"]],
    }


def in_order(runs):
    return sorted(runs, key=str)


def keys_in(subset, asset):
    """The keys of an asset in a subset of a graph; None for an asset without partitions."""
    if asset.partitions_def is None:
        return [None] if asset.key in subset.non_partitioned_asset_keys else []
    return sorted(subset.get_partitions_subset(asset.key).get_partition_keys()) if (
        asset.key in subset.partitions_subsets_by_asset_key
    ) else []


def there(keys_by_asset):
    return {"/".join(path): sorted(keys, key=str) for path, keys in keys_by_asset if keys}


def statuses(instance, asset, wanted):
    if asset.partitions_def is None:
        return []
    found = instance.get_status_by_partition(
        asset.key, asset.partitions_def.get_partition_keys(), asset.partitions_def
    )
    return [key for key, status in (found or {}).items() if status == wanted]


def name_of(one):
    failing = one["failing"]
    names = ", ".join("/".join(path) for path in one["assets"])
    return f"{names} {one['keys'][0]}{' fails' if failing else ''}"


@pytest.mark.parametrize("one", PREDICTIONS["backfills"], ids=name_of)
def test_backfill(one, monkeypatch):
    play(monkeypatch, one["failing"])
    graph = repository.asset_graph
    selection = [dg.AssetKey(path) for path in one["assets"]]
    with instance_for_test(overrides=AT_ONCE) as instance:
        fill(instance)
        with (
            create_test_daemon_workspace_context(ThisProject(), instance) as workspace,
            partition_loading_context(NOW, instance),
        ):
            backfill = PartitionBackfill.from_asset_partitions(
                backfill_id="backfill",
                asset_graph=workspace.create_request_context().asset_graph,
                partition_names=one["keys"],
                asset_selection=selection,
                backfill_timestamp=NOW.timestamp(),
                tags={},
                dynamic_partitions_store=instance,
                all_partitions=False,
                title=None,
                description=None,
                run_config={**one["runConfig"], **IN_THIS_PROCESS},
            )
            instance.add_backfill(backfill)
            waves, known = [], set()
            for _ in range(3 * len(one["waves"]) + 6):
                if backfill.status not in (BulkActionStatus.REQUESTED, BulkActionStatus.FAILING):
                    break
                errors = list(execute_backfill_iteration(workspace, logging.getLogger("backfill")))
                assert [error for error in errors if error] == []
                backfill = instance.get_backfill("backfill")
                made = [run for run in instance.get_runs() if run.run_id not in known]
                known.update(run.run_id for run in made)
                if made:
                    waves.append([run_of(run) for run in made])
                assert len(waves) <= len(one["waves"]), waves
            assert [in_order(wave) for wave in waves] == [in_order(wave) for wave in one["waves"]]
            assert backfill.status.value == one["status"]
            data = backfill.asset_backfill_data
            assets = [graph.get(key) for key in selection]
            for subset, predicted in (
                (data.materialized_subset, one["materialized"]),
                (data.failed_and_downstream_subset, one["failedAndDownstream"]),
            ):
                expected = there((item["asset"], item["keys"]) for item in predicted)
                assert there((asset.key.path, keys_in(subset, asset)) for asset in assets) == expected
            for wanted, predicted in (
                (AssetPartitionStatus.MATERIALIZED, one["materialized"]),
                (AssetPartitionStatus.FAILED, one["failed"]),
            ):
                expected = there((item["asset"], item["keys"]) for item in predicted if item["keys"] != [None])
                assert there((asset.key.path, statuses(instance, asset, wanted)) for asset in assets) == expected
