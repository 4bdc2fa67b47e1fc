import configErrorsText from '../export/project/config_errors.py?raw';
import { historyProgram } from './dagster-history-program.ts';

/**
 * Python that takes up a notebook; `argument` is JSON of {@link DagsterNotebook}. Answers `null`, or why the
 * definitions do not load.
 */
export const setUpProgram = String.raw`
import hashlib, itertools, json
from datetime import datetime, timezone

import dagster as dg
from dagster._config import process_config
from dagster._core.definitions.partitions.context import partition_loading_context
from dagster._core.definitions.partitions.utils import infer_partition_mapping
from dagster._core.test_utils import freeze_time
from dagster._utils.schedules import schedule_execution_time_iterator

_asked = json.loads(argument)
_now = datetime.fromtimestamp(_asked["now"] / 1000, timezone.utc)
_instance = dg.DagsterInstance.ephemeral()
for _name, _keys in _asked["dynamicPartitions"].items():
    _instance.add_dynamic_partitions(_name, _keys)
_scope = {"dg": dg, "datetime": datetime}
_definitions = {}
_module = {"__name__": "notebook"}
_load_fault = None


def _definition(place):
    if place is None:
        return None
    if place not in _definitions:
        _definitions[place] = eval(_asked["definitions"][place], _scope)
    return _definitions[place]


def _mapping(place):
    edge = _asked["edges"][place]
    given = None if edge["mapping"] is None else eval(edge["mapping"], _scope)
    upstream, downstream = _definition(edge["upstream"]), _definition(edge["downstream"])
    return infer_partition_mapping(given, downstream, upstream), upstream, downstream


def _keys(keys):
    keys = list(keys)
    if len(keys) <= _asked["mostListed"]:
        return {"listed": len(keys), "keys": keys}
    digest = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]
    found = {"listed": len(keys), "first": keys[0], "last": keys[-1], "digest": digest}
    parting = [key for key in keys if key.count("|") < 2]
    return found if len(parting) == len(keys) else {**found, "parting": _keys(parting)}


def _ms(at):
    return round(at.timestamp() * 1000)


def _fault(error):
    return {"error": type(error).__name__, "message": str(error)[:2000]}


def _graph():
    return _module["defs"].get_repository_def().asset_graph


def _load(question):
    if _load_fault is not None:
        return False
    dg.Definitions.validate_loadable(_module["defs"])
    return True


def _asset(question):
    node = _graph().get(dg.AssetKey(question["path"]))
    asked = _definition(question["definition"])
    same = node.partitions_def == asked
    return {
        "partitions": None if node.partitions_def is None else "as asked" if same else str(node.partitions_def),
        "upstream": sorted("/".join(key.path) for key in node.parent_keys),
    }


def _job(question):
    job = _module["defs"].get_repository_def().get_job(question["jobName"])
    if question["ofOps"]:
        return {"ops": sorted(node.name for node in job.nodes)}
    return {"assets": sorted("/".join(key.path) for key in job.asset_layer.selected_asset_keys)}


def _keys_of(question):
    definition = _definition(question["definition"])
    count = definition.get_num_partitions()
    if count > _asked["mostDigested"]:
        return {
            "count": count,
            "first": definition.get_first_partition_key(),
            "last": definition.get_last_partition_key(),
        }
    return {"count": count, **_keys(definition.get_partition_keys())}


def _window(question):
    window = _definition(question["definition"]).time_window_for_partition_key(question["key"])
    return {"start": _ms(window.start), "end": _ms(window.end)}


def _has(question):
    return _definition(question["definition"]).has_partition_key(question["key"])


def _tags(question):
    definition, key = _definition(question["definition"]), question["key"]
    if isinstance(definition, dg.MultiPartitionsDefinition):
        key = definition.get_partition_key_from_str(key)
    return dict(definition.get_tags_for_partition_key(key))


def _mapping_of(question):
    mapping, upstream, downstream = _mapping(question["edge"])
    fits = "yes"
    try:
        mapping.validate_partition_mapping(upstream, downstream)
    except Exception as error:
        fits = type(error).__name__
    return {"mapping": type(mapping).__name__, "fits": fits}


def _subset(definition, keys):
    if definition is None:
        return None
    if keys is None:
        return definition.subset_with_all_partitions()
    return definition.subset_with_partition_keys(keys)


def _upstream(question):
    mapping, upstream, downstream = _mapping(question["edge"])
    found = mapping.get_upstream_mapped_partitions_result_for_partitions(
        downstream_partitions_subset=_subset(downstream, question["keys"]),
        downstream_partitions_def=downstream,
        upstream_partitions_def=upstream,
    )
    missing = found.required_but_nonexistent_subset.get_partition_keys()
    return {
        **_keys(sorted(found.partitions_subset.get_partition_keys())),
        "missing": sorted(missing),
    }


def _downstream(question):
    mapping, upstream, downstream = _mapping(question["edge"])
    found = mapping.get_downstream_partitions_for_partitions(
        upstream_partitions_subset=_subset(upstream, question["keys"]),
        upstream_partitions_def=upstream,
        downstream_partitions_def=downstream,
    )
    return _keys(sorted(found.get_partition_keys()))


def _ticks(question):
    schedule = _module["defs"].get_repository_def().get_schedule_def(question["scheduleName"])
    zone = schedule.execution_timezone or "UTC"
    ticks = schedule_execution_time_iterator(_asked["now"] / 1000, schedule.cron_schedule, zone)
    later = (_ms(tick) for tick in ticks if _ms(tick) > _asked["now"])
    return list(itertools.islice(later, _asked["ticks"]))


def _launched(job, request):
    checked = process_config(job.run_config_schema.run_config_schema_type, request.run_config or {})
    if not checked.success:
        raise dg.DagsterInvalidConfigError("", checked.errors, request.run_config)
    return {
        "runKey": request.run_key or None,
        "partitionKey": request.tags.get("dagster/partition"),
        "tags": {**job.tags, **request.tags},
    }


def _launched_of(job, given, changes):
    tags = {name: tag for name, tag in given["tags"].items() if not name.startswith("dagster/partition")}
    selection = given["assets"] and [dg.AssetKey(path.split("/")) for path in given["assets"]]
    if selection:
        job = job.get_subset(asset_selection=set(selection))
    request = dg.RunRequest(
        run_key=given["runKey"],
        run_config=given["runConfig"],
        tags=tags,
        partition_key=given["partitionKey"],
        asset_selection=selection,
    )
    if given["partitionKey"] is not None:
        request = request.with_resolved_tags_and_config(
            target_definition=job, dynamic_partitions_requests=changes, dynamic_partitions_store=_instance
        )
    assets = selection and sorted(key.to_user_string() for key in job.asset_layer.selected_asset_keys)
    return {**_launched(job, request), "assets": assets}


def _change(change):
    make = dg.AddDynamicPartitionsRequest if change["action"] == "add" else dg.DeleteDynamicPartitionsRequest
    return make(change["name"], change["keys"])


def _tick(question):
    repository = _module["defs"].get_repository_def()
    if question["kind"] == "schedule":
        definition = repository.get_schedule_def(question["name"])
        job = repository.get_job(definition.job_name)
    else:
        definition = repository.get_sensor_def(question["name"])
        job = repository.get_job(definition.targets[0].job_name)
    at = datetime.fromtimestamp(question["at"] / 1000, timezone.utc)
    given = question["given"]
    with partition_loading_context(at, _instance):
        if given is None:
            context = dg.build_schedule_context(
                instance=_instance, repository_def=repository, scheduled_execution_time=at
            )
            return [_launched(job, request) for request in definition.evaluate_tick(context).run_requests or []]
        changes = [_change(change) for change in given["dynamicPartitions"]]
        return [_launched_of(job, run, changes) for run in given["runs"]]


${configErrorsText}

def _config(question):
    repository = _module["defs"].get_repository_def()
    if question["path"] is None:
        job = repository.get_job(question["jobName"])
    else:
        key = dg.AssetKey(question["path"])
        job = repository.get_implicit_global_asset_job_def().get_subset(asset_selection={key})
    found = process_config(job.run_config_schema.run_config_schema_type, question["runConfig"])
    if not found.success:
        errors = [f"{error.reason.value} {place_of(error)}".strip() for error in found.errors]
        return {"valid": False, "errors": sorted(errors)}
    ops = found.value.get("ops", {})
    given = [[step, (ops.get(step) or {}).get("config")] for step in question["steps"]]
    return {"valid": True, "ops": given}


${historyProgram}

_answers = {
    "load": _load,
    "asset": _asset,
    "job": _job,
    "keys": _keys_of,
    "window": _window,
    "has": _has,
    "tags": _tags,
    "mapping": _mapping_of,
    "upstream": _upstream,
    "downstream": _downstream,
    "ticks": _ticks,
    "tick": _tick,
    "config": _config,
    "backfill": _backfill,
    "stale": _stale,
    "run": _run,
}
_of_module = {"asset", "job", "ticks", "tick", "config", "backfill", "stale", "run"}


def _in_world(act):
    with freeze_time(_now), partition_loading_context(_now, _instance):
        return act()


def _answer(question):
    if _load_fault is not None and question["ask"] in _of_module:
        return {"unasked": _load_fault["message"]}
    try:
        return {"answer": _answers[question["ask"]](question)}
    except Exception as error:
        return {"answer": _fault(error)}


def _import():
    exec(compile(_asked["module"], "definitions.py", "exec"), _module)
    _module["defs"].get_repository_def()


try:
    _in_world(_import)
except Exception as _error:
    _load_fault = _fault(_error)
json.dumps(_load_fault)
`;

/** Python that answers a list of questions, which `argument` is as JSON; its answers are a list as long. */
export const answerProgram = String.raw`
_in_world(lambda: json.dumps([_answer(one) for one in json.loads(argument)], default=str))
`;
