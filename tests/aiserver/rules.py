"""What OpenAI's API takes and what it refuses, as far as the desktop could run into it."""

import functools
from pathlib import Path

SPEC = Path(__file__).parents[3] / "shared" / "contracts" / "openai-openapi.yml"
KNOWN = {
    "model", "messages", "temperature", "top_p", "max_tokens", "max_completion_tokens", "store",
    "reasoning_effort", "response_format", "stream", "stream_options", "tools", "tool_choice",
    "parallel_tool_calls", "seed", "stop", "n", "user", "metadata", "service_tier",
}  # fmt: skip
TYPES = {"object", "array", "string", "number", "integer", "boolean", "null"}


class RefusedError(Exception):
    def __init__(self, message, *, param=None, code=None, status=400):
        super().__init__(message)
        self.message, self.param, self.code, self.status = message, param, code, status


@functools.cache
def spec_validator(name):
    """A validator of one schema of OpenAI's published description; None where it is not here."""
    if not SPEC.exists():
        return None
    import jsonschema
    import yaml

    document = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    wanted = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return jsonschema.Draft202012Validator(wanted)


def check(asked, models):
    """Refuse what the real server would."""
    if not isinstance(asked, dict):
        raise RefusedError("We could not parse the JSON body of your request.")
    if unknown := sorted(set(asked) - KNOWN):
        raise RefusedError(f"Unrecognized request argument: {unknown[0]}", param=unknown[0])
    validator = spec_validator("CreateChatCompletionRequest")
    if validator is not None:
        errors = sorted(validator.iter_errors(asked), key=lambda e: list(map(str, e.path)))
        if errors:
            path = ".".join(map(str, errors[0].path))
            raise RefusedError(errors[0].message[:200], param=path)
    if asked.get("model") not in models:
        message = f"The model `{asked.get('model')}` does not exist"
        raise RefusedError(message, param="model", code="model_not_found", status=404)
    check_messages(asked.get("messages"))
    if asked["model"].startswith("gpt-"):
        check_gpt(asked)
    if "tools" in asked:
        check_tools(asked["tools"])
    if "stream_options" in asked and not asked.get("stream"):
        raise RefusedError("Only with stream", param="stream_options")
    if "response_format" in asked:
        check_format(asked["response_format"], asked["messages"])


def check_messages(messages):
    if not isinstance(messages, list) or not messages:
        raise RefusedError("messages: too short", param="messages")
    for place, one in enumerate(messages):
        if one.get("role") not in ("system", "developer", "user", "assistant", "tool"):
            raise RefusedError("Invalid role", param=f"messages[{place}].role")
        if one["role"] != "assistant" and not isinstance(one.get("content"), str | list):
            raise RefusedError("Invalid content", param=f"messages[{place}].content")
    check_calls(messages)


def check_calls(messages):
    """Each call is answered by the messages right after it, and nothing else is answered."""
    open_ids = set()
    for place, one in enumerate(messages):
        if one["role"] == "tool":
            if one.get("tool_call_id") not in open_ids:
                raise RefusedError("'tool' must follow its 'tool_calls'",
                                   param=f"messages[{place}].role")  # fmt: skip
            open_ids.discard(one["tool_call_id"])
            continue
        if open_ids:
            raise RefusedError(f"tool_call_ids did not have response messages: {open_ids}",
                               param=f"messages[{place}].role")  # fmt: skip
        calls = one.get("tool_calls") or ()
        open_ids = {call["id"] for call in calls}
        if len(open_ids) != len(calls):
            raise RefusedError("Duplicate tool_call ids", param=f"messages[{place}].tool_calls")
        if one["role"] == "assistant" and not calls and not one.get("content"):
            raise RefusedError("Content is empty", param=f"messages[{place}].content")
    if open_ids:
        raise RefusedError(f"tool_call_ids did not have response messages: {open_ids}",
                           param="messages")  # fmt: skip


def check_tools(tools):
    if not 1 <= len(tools) <= 128:
        raise RefusedError("Invalid tools", param="tools")
    for place, one in enumerate(tools):
        function, param = one.get("function", {}), f"tools[{place}].function"
        name = function.get("name", "")
        if one.get("type") != "function" or not name.replace("_", "").isalnum() or len(name) > 64:
            raise RefusedError("Invalid name", param=f"{param}.name")
        if len(function.get("description", "")) > 1024:
            raise RefusedError("Invalid description", param=f"{param}.description")
        if function.get("strict") is not True:
            raise RefusedError("Hive asks strictly", param=f"{param}.strict")
        check_schema(function["parameters"], f"{param}.parameters")


def check_gpt(asked):
    effort = asked.get("reasoning_effort", "medium")
    if "max_tokens" in asked:
        raise RefusedError("Use 'max_completion_tokens' instead.", param="max_tokens",
                           code="unsupported_parameter")  # fmt: skip
    if effort != "none" and ("temperature" in asked or "top_p" in asked):
        raise RefusedError("Unsupported value", param="temperature", code="unsupported_value")
    if effort != "none" and asked.get("tools"):
        raise RefusedError("Function tools with reasoning_effort are not supported",
                           param="reasoning_effort")  # fmt: skip
    bound = asked.get("max_completion_tokens", 1)
    if type(bound) is not int or not 1 <= bound <= 128_000:
        raise RefusedError("Invalid bound", param="max_completion_tokens")


def check_format(shape, messages):
    param = "response_format"
    if shape.get("type") == "json_object":
        if not any("json" in str(one.get("content")).lower() for one in messages):
            raise RefusedError("'messages' must contain the word 'json'", param="messages")
        return
    if shape.get("type") != "json_schema":
        raise RefusedError("Invalid type", param=f"{param}.type")
    named = shape.get("json_schema", {})
    name = named.get("name", "")
    if not name or len(name) > 64 or not name.replace("_", "").replace("-", "").isalnum():
        raise RefusedError("Invalid name", param=f"{param}.json_schema.name")
    if named.get("strict") is not True:
        raise RefusedError("Hive asks strictly", param=f"{param}.json_schema.strict")
    if named["schema"].get("type") != "object":
        raise RefusedError("The root must be an object", param=param)
    check_schema(named["schema"], param)


def check_schema(schema, param):
    kinds = schema.get("type")
    if not set([kinds] if isinstance(kinds, str) else kinds or ()) <= TYPES or not kinds:
        raise RefusedError("Invalid schema: a type is missing", param=param)
    if allowed := set(schema) - {"type", "properties", "required", "additionalProperties", "items",
                                 "enum", "description"}:  # fmt: skip
        raise RefusedError(f"Invalid schema: {allowed} is not permitted", param=param)
    if "enum" in schema and (len(set(schema["enum"])) != len(schema["enum"]) or not schema["enum"]):
        raise RefusedError("Invalid schema: enum", param=param)
    if kinds == "object":
        properties = schema.get("properties", {})
        if schema.get("additionalProperties") is not False:
            raise RefusedError("Invalid schema: additionalProperties must be false", param=param)
        if set(schema.get("required", ())) != set(properties):
            raise RefusedError("Invalid schema: required must name every property", param=param)
        for inner in properties.values():
            check_schema(inner, param)
    elif kinds == "array":
        check_schema(schema["items"], param)
