/**
 * Python that answers what follows from runs: a part of the program that sets up. Backfills are looked at as the
 * daemon looks at them, with all runs taken for done; what goes stale is asked after real runs, of functions that do
 * nothing.
 */
export const historyProgram = String.raw`
import logging
from unittest import mock

from dagster._core.asset_graph_view.asset_graph_view import AssetGraphView, TemporalContext
from dagster._core.definitions.assets.graph.asset_graph_subset import AssetGraphSubset
from dagster._core.definitions.data_version import CachingStaleStatusResolver
from dagster._core.execution import asset_backfill
from dagster._core.loader import LoadingContext
from dagster._core.test_utils import mock_workspace_from_repos

logging.disable()
_made = {}


class _NoValues(dg.IOManager):
    def handle_output(self, context, obj):
        pass

    def load_input(self, context):
        return None


class _Loading(LoadingContext):
    def __init__(self, instance):
        self._instance, self._loaders = instance, {}

    @property
    def instance(self):
        return self._instance

    @property
    def loaders(self):
        return self._loaders


def _once(name, make):
    if name not in _made:
        _made[name] = make()
    return _made[name]


def _named(keys):
    return sorted("/".join(key.path) for key in keys)


def _run_of(request):
    tags = request.tags
    start = tags.get("dagster/asset_partition_range_start")
    over = None if start is None else f"{start} … {tags['dagster/asset_partition_range_end']}"
    run = [", ".join(_named(request.asset_selection)), over or request.partition_key]
    return json.dumps(run, ensure_ascii=False, separators=(",", ":"))


def _look(data, view):
    """One look of the daemon, with all that was asked for before taken for done."""
    done = lambda *_: data.requested_subset
    none = lambda *_: AssetGraphSubset()
    with (
        mock.patch.object(asset_backfill, "get_asset_backfill_iteration_materialized_subset", done),
        mock.patch.object(asset_backfill, "_get_failed_asset_graph_subset", none),
    ):
        found = asset_backfill.execute_asset_backfill_iteration_inner(
            "backfill", data, view, _now.timestamp(), logging.getLogger("backfill"), None
        )
    asked = asset_backfill._get_requested_asset_graph_subset_from_run_requests(
        found.run_requests, view
    )
    data = found.backfill_data
    return data.replace_requested_subset(data.requested_subset | asked), found.run_requests


def _backfill(question):
    graph = _once(
        "graph", lambda: mock_workspace_from_repos([_module["defs"].get_repository_def()]).asset_graph
    )
    view = AssetGraphView(
        temporal_context=TemporalContext(effective_dt=_now, last_event_id=None),
        instance=_instance,
        asset_graph=graph,
    )
    data = asset_backfill.AssetBackfillData.from_asset_partitions(
        asset_graph=graph,
        partition_names=question["keys"],
        asset_selection=[dg.AssetKey(path) for path in question["paths"]],
        dynamic_partitions_store=_instance,
        backfill_start_timestamp=_now.timestamp(),
        all_partitions=question["keys"] is None,
    )
    looks = []
    while True:
        data, requests = _look(data, view)
        if not requests:
            return looks
        looks.append(sorted(_run_of(request) for request in requests))


def _cause(cause):
    dependency = cause.dependency
    return {
        "category": cause.category.value,
        "reason": cause.reason,
        "dependency": None if dependency is None else "/".join(dependency.asset_key.path),
        "key": None if dependency is None else dependency.partition_key,
    }


def _stale(question):
    resources = dg.Definitions(resources={"io_manager": _NoValues()})
    repository = _once(
        "repository", lambda: dg.Definitions.merge(_module["defs"], resources).get_repository_def()
    )
    key = dg.AssetKey(question["path"])
    answers = []
    with dg.DagsterInstance.ephemeral() as instance:
        for name, keys in _asked["dynamicPartitions"].items():
            instance.add_dynamic_partitions(name, keys)
        with partition_loading_context(_now, instance):
            for run in [None, *question["runs"]]:
                if run is not None:
                    job = repository.get_implicit_global_asset_job_def().get_subset(
                        asset_selection={dg.AssetKey(run["path"])}
                    )
                    job.execute_in_process(
                        partition_key=run["key"], instance=instance, run_config=run["runConfig"]
                    )
                resolver = CachingStaleStatusResolver(
                    instance, repository.asset_graph, _Loading(instance)
                )
                answers.append(
                    {
                        "status": resolver.get_status(key, question["key"]).value,
                        "causes": [
                            _cause(cause) for cause in resolver.get_stale_causes(key, question["key"])
                        ],
                    }
                )
    return answers


def _run(question):
    job = _module["defs"].get_repository_def().get_job(question["jobName"])
    found = dg.RunRequest(partition_key=question["key"]).with_resolved_tags_and_config(
        target_definition=job,
        dynamic_partitions_requests=[],
        dynamic_partitions_store=_instance,
    )
    return {"tags": dict(found.tags), "runConfig": dict(found.run_config or {})}
`;
