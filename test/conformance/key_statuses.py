"""Which keys of an asset Dagster calls materialized, and which failed."""


def statuses_of_keys(instance, node):
    keys = node.partitions_def.get_partition_keys(dynamic_partitions_store=instance)
    found = instance.get_status_by_partition(node.key, keys, node.partitions_def) or {}
    by_status = {"materialized": [], "failed": []}
    for key, status in found.items():
        if status is not None and status.value.lower() in by_status:
            by_status[status.value.lower()].append(key)
    return {status: sorted(keys) for status, keys in by_status.items()}
