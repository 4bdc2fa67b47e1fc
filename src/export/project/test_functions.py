"""What the notebook's functions gave for ticks and keys, asked of Dagster."""

from datetime import datetime, timezone

import dagster as dg
import pytest
from dagster._config import process_config
from dagster._core.definitions.partitions.context import partition_loading_context

from conftest import fill
from dagster._core.test_utils import instance_for_test
from predicted import PREDICTIONS, name_of, repository


@pytest.fixture
def instance():
    """One that schedules and sensors can find again."""
    with instance_for_test() as found:
        fill(found)
        yield found


def evaluated(one, instance):
    if one["kind"] == "sensor":
        context = dg.build_sensor_context(instance=instance, repository_def=repository)
        return repository.get_sensor_def(one["name"]).evaluate_tick(context)
    context = dg.build_schedule_context(
        instance=instance,
        repository_def=repository,
        scheduled_execution_time=datetime.fromtimestamp(one["at"] / 1000, timezone.utc),
    )
    schedule = repository.get_schedule_def(one["name"])
    return schedule.evaluate_tick(context)


def job_of(one, request):
    definition = (
        repository.get_sensor_def(one["name"])
        if one["kind"] == "sensor"
        else repository.get_schedule_def(one["name"])
    )
    own = [target.job_name for target in definition.targets] if one["kind"] == "sensor" else [
        definition.job_name
    ]
    job = repository.get_job(request.job_name or own[0])
    if request.asset_selection:
        job = job.get_subset(asset_selection=set(request.asset_selection))
    return job


def launched(one, request):
    """The run that Dagster makes of a request."""
    job = job_of(one, request)
    run_config = request.run_config or job.run_config or {}
    checked = process_config(job.run_config_schema.run_config_schema_type, run_config)
    if not checked.success:
        raise dg.DagsterInvalidConfigError("", checked.errors, run_config)
    selection = request.asset_selection
    return {
        "runKey": request.run_key or None,
        "partitionKey": request.tags.get("dagster/partition"),
        "tags": {**job.tags, **request.tags},
        "runConfig": run_config,
        "assets": selection and sorted(key.to_user_string() for key in selection),
    }


@pytest.mark.parametrize(
    "one", PREDICTIONS["evaluations"], ids=lambda one: f"{one['kind']} {one['name']} {one['at']}"
)
def test_what_a_tick_asks_for(one, instance):
    at = datetime.fromtimestamp(one["at"] / 1000, timezone.utc)
    with partition_loading_context(at, instance):
        if one["status"] == "FAILURE":
            with pytest.raises(Exception):
                found = evaluated(one, instance)
                [launched(one, request) for request in found.run_requests]
            return
        found = evaluated(one, instance)
        runs = [launched(one, request) for request in found.run_requests]
    assert runs == one["runs"]
    if one["status"] == "SKIPPED" and one["skipMessage"] is not None:
        assert found.skip_message == one["skipMessage"]
    if one["kind"] == "sensor":
        assert (found.cursor or None) == (one["cursor"] or None)
        assert [asked(request) for request in found.dynamic_partitions_requests or []] == one[
            "dynamicPartitions"
        ]


def asked(request):
    add = isinstance(request, dg.AddDynamicPartitionsRequest)
    return {
        "action": "add" if add else "delete",
        "name": request.partitions_def_name,
        "keys": list(request.partition_keys),
    }


@pytest.mark.parametrize("one", PREDICTIONS["keyConfigs"], ids=name_of)
def test_what_a_job_fills_in_for_a_key(one, instance):
    job = repository.get_job(one["job"])
    request = dg.RunRequest(partition_key=one["key"])

    def resolved():
        return request.with_resolved_tags_and_config(
            target_definition=job,
            dynamic_partitions_requests=[],
            dynamic_partitions_store=instance,
        )

    if one["fails"]:
        with pytest.raises(Exception):
            resolved()
        return
    found = resolved()
    assert dict(found.run_config or {}) == one["runConfig"]
    assert dict(found.tags) == one["tags"]
