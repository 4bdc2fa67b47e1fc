"""Where in a run config an error is."""


def place_of(error):
    """The names and places from the top down, as in `ops.step.config.[0].key`; empty for the whole."""
    text = ""
    for level in error.stack.entries:
        if hasattr(level, "field_name"):
            text += "." + level.field_name
        elif hasattr(level, "list_index"):
            text += f".[{level.list_index}]"
        else:
            kind = "key" if "Key" in type(level).__name__ else "value"
            text += f".{level.map_key}:{kind}"
    return text[1:]
